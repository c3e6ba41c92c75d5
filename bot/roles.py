"""What each role of `kaituan run` consists of. A part is imported only where it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.run import CARDS, INBOX, OUTBOX, House, Maker, Part, door
from bot.worker import Worker
from storage.inbox import Claimed

if TYPE_CHECKING:
    from bot.settings import Settings
    from scheduler.providers import RefundProvider
    from scheduler.providers.stars import Stars


class Together:
    """Parts that share something, which is let go of after all of them stopped."""

    def __init__(self, *parts: Part, after: Callable[[], Awaitable[None]]) -> None:
        self.parts = parts
        self._after = after

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for part in self.parts:
                group.create_task(part.run())

    async def stop(self) -> None:
        await asyncio.gather(*(part.stop() for part in self.parts))
        await self._after()


async def listener(house: House) -> Part:
    """Answers people: the only part that loads aiogram."""
    from bot.app import build
    from bot.introduction import introduce
    from storage.demo.seed import furnish

    app = await build(house.settings, house.database, house.clock, house.gate, house.redis)
    await introduce(app.bot)
    await furnish(house.database)

    async def handle(claimed: Claimed) -> None:
        try:
            await app.handle(claimed)
        finally:
            house.wake(OUTBOX)
            house.wake(CARDS)

    worker = Worker(house.database, handle, house.bell(INBOX), alert=app.apologise)
    return Together(worker, after=app.close)


async def courier(house: House) -> Part:
    """Delivers the outbox and keeps posted cards true."""
    from cards.links import Links
    from scheduler.announcer import Announcer
    from scheduler.courier import Courier
    from scheduler.living import LivingCards
    from scheduler.wording import Wording

    settings = house.settings
    me = await house.api.call("getMe")
    announcer = Announcer.of(
        settings.bot_token.get_secret_value(), house.gate, settings.telegram_api_base
    )
    wording = Wording(house.database, Links(me["username"]), house.clock.now)

    return Together(
        Courier(
            house.database,
            [announcer],
            house.gate,
            wording.render,
            now=house.clock.now,
            bell=house.bell(OUTBOX),
        ),
        LivingCards(house.database, [announcer], house.gate, wording.draw, bell=house.bell(CARDS)),
        after=announcer.close_line,
    )


async def clock(house: House) -> Part:
    """Sweeps what is due."""
    from scheduler.clock import SWEEPS, ClockWork, refund_alerts

    settings = house.settings
    return ClockWork(
        house.database,
        settings.bot_id,
        now=house.clock.now,
        bell=house.bell(OUTBOX),
        sweeps=(*SWEEPS, refund_alerts(settings.operator_ids)),
    )


def telegram_refunds(stripe_key: str, stripe_base: str) -> RefundProvider:
    """How cards go back that Telegram charged: through Stripe where its key is set."""
    if not stripe_key:
        from scheduler.providers.by_hand import ByHand

        return ByHand()
    from scheduler.providers.stripe import StripeCards

    return StripeCards(stripe_key, base=stripe_base)


async def cashier(house: House) -> Part:
    """Carries refunds out."""
    from commerce.payment import CREDIT, STARS
    from scheduler.cashier import Cashier
    from scheduler.providers.credit import StoreCredit
    from scheduler.providers.pretend import PretendCard

    settings = house.settings
    token = settings.payment_provider_token.get_secret_value()
    providers: dict[str, RefundProvider] = {
        CREDIT: StoreCredit(),
        "pretend": PretendCard(settings.telegram_api_base, token),
        "telegram": telegram_refunds(
            settings.stripe_api_key.get_secret_value(), settings.stripe_api_base
        ),
        STARS: open_stars(settings),
    }
    return Cashier(house.database, providers, now=house.clock.now, bell=house.bell(OUTBOX))


def open_stars(settings: Settings) -> Stars:
    from scheduler.providers.stars import Stars

    return Stars(settings.telegram_api_base, settings.bot_token.get_secret_value())


async def stars(house: House) -> Part:
    """Reads Telegram's list of Stars."""
    from scheduler.stars import StarReader

    settings = house.settings
    return StarReader(
        house.database,
        settings.bot_id,
        open_stars(settings),
        now=house.clock.now,
        bell=house.bell(OUTBOX),
    )


async def watch(house: House) -> Part:
    """Raises an alert for what stands still."""
    from scheduler.watch import Watch

    settings = house.settings
    return Watch(
        house.database,
        settings.bot_id,
        settings.operator_ids,
        now=house.clock.now,
        bell=house.bell(OUTBOX),
    )


ROLES: Mapping[str, Sequence[Maker]] = {
    "all": (door, listener, clock, cashier, stars, watch, courier),
    "web": (door,),
    "worker": (listener,),
    "clock": (clock, cashier, stars, watch),
    "courier": (courier,),
}
