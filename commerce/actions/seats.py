"""What one person has in a group, as the card of their seat shows it."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from commerce.actions.lining_up import place_in_line
from commerce.actions.lookup import group_by_code
from commerce.actions.pricing import first_photo
from commerce.actor import Actor
from commerce.views import SeatView
from storage.columns import id_of
from storage.tables import Checkout, Deal, Product, Seat, SeatState


async def own_seat(actor: Actor, group_code: str) -> SeatView:
    """Raises NotFound for a group that is not there."""
    async with actor.database.read() as session:
        group = await group_by_code(session, group_code)
        found = await session.execute(
            select(Deal, first_photo())
            .join(Product, col(Product.id) == col(Deal.product_id))
            .where(col(Deal.id) == group.deal_id)
        )
        deal, photo = found.one()
        rows = await session.execute(
            select(Seat, Checkout)
            .join(Checkout, col(Checkout.seat_id) == col(Seat.id))
            .where(
                col(Seat.group_id) == group.id,
                col(Seat.person_id) == actor.person_id,
                col(Seat.state) != SeatState.RELEASED,
            )
        )
        row = rows.one_or_none()
        if row is None:
            place = await place_in_line(session, id_of(group), actor.person_id)
            return SeatView(group.code, group.state, deal.title, photo, place=place)
    seat, checkout = row
    return SeatView(
        group_code=group.code,
        group_state=group.state,
        title=deal.title,
        photo=photo,
        state=seat.state,
        checkout_code=checkout.code,
        amount_minor=checkout.total_minor,
        currency=checkout.currency,
        until=checkout.expires_at,
    )
