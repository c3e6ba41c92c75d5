"""The ordered list of routers: commands, forms, presses, plain words."""

from __future__ import annotations

from aiogram import Dispatcher
from aiogram.fsm.scene import SceneRegistry

from conversations.address import AddressForm
from conversations.aftersale import CallOffForm, GiveBackForm, ReturnForm, ShipForm, TakeBackForm
from conversations.brand import BrandForm
from conversations.broadcast import BroadcastForm, DealBroadcastForm
from conversations.by_hand import ByHandForm
from conversations.deal import DealForm
from conversations.product import PriceForm, ProductForm, StockForm
from handlers import (
    aftersale,
    brands,
    catalog,
    chats,
    checkout,
    desk,
    explaining,
    groups,
    late,
    memberships,
    orders,
    own_groups,
    paying,
    sharing,
    subscribing,
    talking,
)
from handlers.pressing import OutsideForms, PressTable, Shelf, pressed

FORMS = (
    AddressForm,
    BrandForm,
    ProductForm,
    PriceForm,
    StockForm,
    DealForm,
    BroadcastForm,
    ByHandForm,
    DealBroadcastForm,
    ShipForm,
    ReturnForm,
    TakeBackForm,
    GiveBackForm,
    CallOffForm,
)


def shelves() -> list[Shelf]:
    """Every topic, in the order in which messages are offered to them."""
    return [
        talking.commands(),
        catalog.router(),
        groups.router(),
        checkout.router(),
        paying.router(),
        late.router(),
        orders.router(),
        aftersale.router(),
        explaining.router(),
        sharing.router(),
        brands.router(),
        desk.router(),
        own_groups.router(),
        memberships.router(),
        chats.router(),
        subscribing.router(),
    ]


def include_all(dispatcher: Dispatcher) -> PressTable:
    """Presses outside forms first, for they are most of all and need one look-up; then commands,
    so that they work in every state; then forms; words last."""
    presses = Shelf("presses")
    presses.callback_query.register(pressed, OutsideForms())
    dispatcher.include_router(presses)
    known = shelves()
    last = talking.router()
    dispatcher.include_routers(*known)
    registry = SceneRegistry(dispatcher)
    registry.add(*FORMS)
    last.callback_query.register(pressed)
    dispatcher.include_router(last)
    return PressTable([*known, last])
