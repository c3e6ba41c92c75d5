"""From "buy" to the invoice: what is held, which variant, where it goes, what it costs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit, seat_line, stock
from commerce.actions.drafting import parcel_label
from commerce.actions.groups import change_seats, most_seats
from commerce.actions.holding import (
    held_already,
    hold,
    lock_group_behind,
    one_at_a_time,
    release,
    require_under_limit,
)
from commerce.actions.lookup import (
    checkout_of,
    currency_of,
    deal_by_code,
    first_in_stock,
    open_checkout,
    promise_minutes,
    require_held,
    require_live,
    require_no_promise,
    require_still_live,
    variant_by_code,
    variants_of,
)
from commerce.actions.ways import ways_of
from commerce.actor import Actor, begin
from commerce.payment import STAR, Provider, needs_address
from commerce.refusals import CardsClosed, Expired, HoldOver, NeedsAddress, NotFound
from commerce.rules.windows import hold_ends_at
from commerce.views import CheckoutLineView, CheckoutView, VariantLine
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import (
    Address,
    Checkout,
    CheckoutLine,
    CheckoutState,
    DealKind,
    GroupBuy,
    Photo,
    Product,
    Seat,
    Variant,
)

MOST_PIECES = 9


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address as typed, each field trimmed and not empty but for `phone`."""

    name: str
    phone: str
    street: str
    city: str
    postcode: str
    country: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """What the payment provider shall charge. Amounts are minor units of `currency`."""

    code: str
    title: str
    description: str
    currency: str
    items_minor: int
    shipping_minor: int
    credit_minor: int = 0


async def buy_variant(actor: Actor, variant_code: str, *, now: datetime) -> str:
    """Holds one piece at its list price. The checkout's code; a second tap gets the same one.

    Raises NotFound, SoldOut, TooManyHolds.
    """
    async with actor.database.read() as session:
        variant, product, brand = await variant_by_code(session, variant_code)
        held = await held_already(session, actor.person_id, now, variant_id=variant.id)
    if held:
        return held[0]
    code = new_code()
    async with begin(actor, f"checkout {code}") as session:
        await one_at_a_time(session, actor)
        await hold(
            session,
            actor,
            code=code,
            variant=variant,
            brand_id=product.brand_id,
            deal=None,
            seat=None,
            quantity=1,
            unit_minor=variant.price_minor,
            currency=brand.currency,
            shipping_minor=brand.shipping_minor,
            expires_at=hold_ends_at(now),
            now=now,
        )
    return code


async def buy_flash(actor: Actor, deal_code: str, *, now: datetime) -> str:
    """Holds one piece at the flash price. Raises DealNotOpen, OverLimit, SoldOut, TooManyHolds."""
    async with actor.database.read() as session:
        deal = await deal_by_code(session, deal_code)
        held = await held_already(session, actor.person_id, now, deal_id=id_of(deal))
    if deal.kind != DealKind.FLASH:
        raise NotFound
    if held:
        return held[0]
    code = new_code()
    async with begin(actor, f"checkout {code}") as session:
        await one_at_a_time(session, actor)
        require_live(deal, now)
        await require_under_limit(session, deal, actor.person_id, 1)
        variant = await first_in_stock(session, deal.product_id, 1)
        currency, shipping = await currency_of(session, deal.brand_id)
        await hold(
            session,
            actor,
            code=code,
            variant=variant,
            brand_id=deal.brand_id,
            deal=deal,
            seat=None,
            quantity=1,
            unit_minor=deal.price_minor,
            currency=currency,
            shipping_minor=shipping,
            expires_at=hold_ends_at(now),
            now=now,
        )
        await require_still_live(session, deal, now)
    return code


async def show_checkout(actor: Actor, code: str) -> CheckoutView:
    """Raises NotFound, also for another person's."""
    async with actor.database.read() as session:
        checkout = await checkout_of(session, actor.person_id, code)
        line = await _line(session, checkout)
        found = await session.execute(
            select(Variant, Product, col(Photo.picture_key))
            .join(Product, col(Product.id) == col(Variant.product_id))
            .join(
                Photo,
                (col(Photo.product_id) == col(Product.id)) & (col(Photo.position) == 0),
                isouter=True,
            )
            .where(col(Variant.id) == line.variant_id)
        )
        variant, product, photo = found.one()
        choices = await variants_of(session, id_of(product))
        group_code = await _group_code(session, checkout)
        seats = await most_seats(session, checkout, line.quantity)
        ways = await ways_of(session, checkout)
        minutes = await promise_minutes(session, checkout)
    fixed_price = line.deal_id is not None
    return CheckoutView(
        code=checkout.code,
        open=checkout.state == CheckoutState.OPEN,
        paid=checkout.state == CheckoutState.PAID,
        by_hand=checkout.state == CheckoutState.BY_HAND,
        lines=(
            CheckoutLineView(product.title, variant.name, line.quantity, line.unit_minor, photo),
        ),
        currency=checkout.currency,
        shipping_minor=checkout.shipping_minor,
        total_minor=checkout.total_minor,
        address=checkout.address,
        expires_at=checkout.expires_at,
        group_code=group_code,
        choices=tuple(
            VariantLine(
                v.code, v.name, line.unit_minor if fixed_price else v.price_minor, v.stock_left
            )
            for v in choices
        ),
        chosen=variant.code,
        most=min(seats, MOST_PIECES) if fixed_price else MOST_PIECES,
        ways=ways,
        promise_minutes=minutes,
        promised=checkout.state == CheckoutState.PROMISED,
        invoiced=checkout.invoiced,
    )


async def choose_variant(actor: Actor, code: str, variant_code: str, *, now: datetime) -> None:
    """Swaps what is held for another variant of the same product. Raises SoldOut, HoldOver."""
    async with begin(actor, f"checkout {code}") as session:
        checkout = await open_checkout(session, actor, code, now)
        line = await _line(session, checkout)
        new, _, _ = await variant_by_code(session, variant_code)
        old = await session.get_one(Variant, line.variant_id)
        if new.product_id != old.product_id:
            raise NotFound
        if new.id == old.id:
            return
        unit = line.unit_minor if line.deal_id is not None else new.price_minor
        total = unit * line.quantity + checkout.shipping_minor
        await credit.fit(session, checkout, total, now=now)
        await stock.swap(session, id_of(old), id_of(new), line.quantity)
        await _rewrite(session, checkout, line, id_of(new), line.quantity, unit)


async def choose_quantity(actor: Actor, code: str, quantity: int, *, now: datetime) -> None:
    """Holds more or fewer pieces at list price, or seats of a group: a second for a friend.

    Raises SoldOut, HoldOver, Expired, OverLimit, GroupFull, GroupOver.
    """
    async with begin(actor, f"checkout {code}") as session:
        await one_at_a_time(session, actor)
        group = await lock_group_behind(session, actor, code)
        checkout = await open_checkout(session, actor, code, now)
        line = await _line(session, checkout)
        flash = line.deal_id is not None and group is None
        if flash or not 1 <= quantity <= MOST_PIECES:
            raise Expired
        total = line.unit_minor * quantity + checkout.shipping_minor
        await credit.fit(session, checkout, total, now=now)
        more = quantity - line.quantity
        if group is not None and more:
            await change_seats(session, actor, group, quantity, more, now)
        if more > 0:
            await stock.take(session, line.variant_id, line.deal_id, more)
        elif more < 0:
            goods = Counter({line.variant_id: -more})
            if group is not None:
                await seat_line.offer_seats(session, group, goods, now)
            await stock.give_back(session, line.deal_id, goods)
        await _rewrite(session, checkout, line, line.variant_id, quantity, line.unit_minor)


async def _rewrite(
    session: AsyncSession,
    checkout: Checkout,
    line: CheckoutLine,
    variant_id: int,
    quantity: int,
    unit: int,
) -> None:
    line.variant_id, line.quantity, line.unit_minor = variant_id, quantity, unit
    checkout.total_minor = unit * quantity + checkout.shipping_minor
    if checkout.seat_id is not None:
        await session.execute(
            update(Seat).where(col(Seat.id) == checkout.seat_id).values(variant_id=variant_id)
        )


async def set_address(actor: Actor, code: str, typed: NewAddress, *, now: datetime) -> None:
    """Where this parcel goes; remembered for the next one, also when this hold is over.

    Raises NotFound, Expired, HoldOver.
    """
    address = Address(
        person_id=actor.person_id,
        name=typed.name,
        phone=typed.phone,
        street=typed.street,
        city=typed.city,
        postcode=typed.postcode,
        country=typed.country,
        created_at=now,
    )
    over: HoldOver | None = None
    async with begin(actor, f"checkout {code}") as session:
        try:
            checkout = await open_checkout(session, actor, code, now)
            checkout.address = parcel_label(address)
        except HoldOver as refusal:
            over = refusal
        session.add(address)
    if over is not None:
        raise over


async def cancel_checkout(actor: Actor, code: str, *, now: datetime) -> str | None:
    """Lets go of what is held. The group's code where a seat was. Cancelling twice is fine."""
    async with begin(actor, f"checkout {code}") as session:
        checkout = await checkout_of(session, actor.person_id, code)
        if checkout.state == CheckoutState.PAID:
            raise Expired
        await release(session, checkout, now=now)
        return await _group_code(session, checkout)


async def prepare_invoice(actor: Actor, code: str, provider: Provider, *, now: datetime) -> Invoice:
    """What to charge. Raises CardsClosed, NeedsAddress, HoldOver."""
    async with actor.database.read() as session:
        checkout = await checkout_of(session, actor.person_id, code)
        require_held(checkout, now)
        if not provider.token and checkout.currency != STAR:
            raise CardsClosed
        if needs_address(checkout.currency) and not checkout.address:
            raise NeedsAddress
        if checkout.credit_minor == checkout.total_minor:
            raise Expired
        await require_no_promise(session, checkout)
        line = await _line(session, checkout)
        found = await session.execute(
            select(col(Product.title), col(Variant.name))
            .join(Variant, col(Variant.product_id) == col(Product.id))
            .where(col(Variant.id) == line.variant_id)
        )
        title, variant = found.one()
    option = variant.in_(actor.locale)
    description = " · ".join(part for part in (title.in_(actor.locale), option) if part)
    return Invoice(
        code=checkout.code,
        title=title.in_(actor.locale)[:32],
        description=f"{description} × {line.quantity}"[:255],
        currency=checkout.currency,
        items_minor=checkout.total_minor - checkout.shipping_minor,
        shipping_minor=checkout.shipping_minor,
        credit_minor=checkout.credit_minor,
    )


async def _line(session: AsyncSession, checkout: Checkout) -> CheckoutLine:
    found = await session.execute(
        select(CheckoutLine).where(col(CheckoutLine.checkout_id) == checkout.id)
    )
    return found.scalar_one()


async def _group_code(session: AsyncSession, checkout: Checkout) -> str | None:
    if checkout.seat_id is None:
        return None
    found = await session.execute(
        select(col(GroupBuy.code))
        .join(Seat, col(Seat.group_id) == col(GroupBuy.id))
        .where(col(Seat.id) == checkout.seat_id)
    )
    return found.scalar_one()
