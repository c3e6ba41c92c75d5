"""The demo: a stocked shop, the program itself, and several phones in a browser.

The program runs as `kaituan run` in a process of its own, exactly as it would against Telegram.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from commerce.actions.checkout import NewAddress, set_address
from commerce.actions.groups import join_group, open_group
from commerce.actions.payments import Charge, record_payment
from commerce.actions.people import House, Sender, recognise
from commerce.actor import Actor
from playground import acts
from playground.records import Charge as Taken
from playground.server import Running, running
from playground.things import Person
from playground.world import DEFAULT_PROVIDER_TOKEN, DEFAULT_TOKEN, World
from storage import schema
from storage.columns import id_of
from storage.database import Database, open_database
from storage.demo.seed import seed
from storage.tables import Checkout, Deal, DealKind

PORT = 8765
READY_SECONDS = 60
HINTS = [
    "On Alice's phone, open “Three pouches, three friends”: open a group, pay, and share it to "
    "the group chat.",
    "Let Bob and 晨晨 tap Join in the group chat and pay in their private chats: the price falls "
    "for all three, and the difference comes back.",
    "Two mugs need only one friend: join Ravi's group, and it is complete.",
    "Join Wen's group on the tasting cups: each more buyer lowers the price for everyone, and "
    "the difference comes back.",
    "In the group chat, let 晨晨 (the admin) tap “📣 选择优惠” (choose deals), then turn the "
    "clock: the chat hears of each ending deal once a stage.",
    "On Mei's phone, open /brand: make a deal, look at orders, send a broadcast to followers.",
    "Type “tea under 20” or “茶杯” to search. Change the language in Settings.",
    "Turn the clock by a day to see groups that were not filled send all money back.",
]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: four have phones; Wen and Ravi wait in groups for a last friend."""

    alice: Person
    bob: Person
    mei: Person
    chen: Person
    wen: Person
    ravi: Person


def new_cast(world: World) -> Cast:
    return Cast(
        alice=world.new_person("Alice", color="#e0709a"),
        bob=world.new_person("Bob", color="#4f8ff0"),
        mei=world.new_person("Mei", role="owner", color="#d98a2b"),
        chen=world.new_person("晨晨", language_code="zh-hans", color="#2fa87a"),
        wen=world.new_person("Wen", color="#8a6fd1"),
        ravi=world.new_person("Ravi", color="#c2574d"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="kaituan demo")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--headless", action="store_true")
    args = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(demo(args.port, headless=args.headless))


async def demo(port: int, *, headless: bool) -> None:
    """Until Ctrl+C. Everything lives in a folder that is thrown away afterwards."""
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)  # until it is open
    world = World()
    cast = new_cast(world)
    with tempfile.TemporaryDirectory(prefix="kaituan-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'demo.db'}"
        print("Drawing the shop's pictures and filling its shelves ...", flush=True)
        database = open_database(url)
        await stock(database, world, cast)
        await database.close()
        async with serving(world, port) as server, program(server, url, cast):
            await set_the_scene(world, cast)
            print(f"Kaituan is open: {server.base_url}  (Ctrl+C closes it)", flush=True)
            if not headless:
                webbrowser.open(server.base_url)
            await closed()


async def closed() -> None:
    """Returns at the first SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


@asynccontextmanager
async def serving(world: World, port: int) -> AsyncIterator[Running]:
    """On the wanted port, or on a free one where that is taken."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            server = await stack.enter_async_context(running(world, port))
        except OSError:
            server = await stack.enter_async_context(running(world, 0))
        yield server


@asynccontextmanager
async def program(server: Running, url: str, cast: Cast) -> AsyncIterator[None]:
    """`kaituan run` against the stand-in, until the block ends."""
    environment = os.environ | {
        "BOT_TOKEN": DEFAULT_TOKEN,
        "HEALTH_PORT": "0",  # that of a shop which runs beside it stays free
        "TELEGRAM_API_BASE": server.base_url,
        "CLOCK_URL": f"{server.base_url}/clock",
        "PAYMENT_PROVIDER_TOKEN": DEFAULT_PROVIDER_TOKEN,
        "DATABASE_URL": url,
        "REDIS_URL": "",
        "MODE": "polling",
        "OPERATOR_IDS": str(cast.mei.id),
        "SENTRY_DSN": "",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, start_new_session=True
    )
    try:
        await ready(server.world, process)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def ready(world: World, process: asyncio.subprocess.Process) -> None:
    """When the program asks for updates for the first time."""
    asked = asyncio.create_task(world.wait_for(lambda: polled(world), READY_SECONDS))
    ended = asyncio.create_task(process.wait())
    done, _ = await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if asked not in done:
        asked.cancel()
        raise SystemExit("The program did not start; its words are above.")


def polled(world: World) -> bool:
    return world.queues[world.bot.id].waiting


async def set_the_scene(world: World, cast: Cast) -> None:
    """A group chat with the bot in it, everybody's private chat, and what to try first."""
    friends = world.new_group("Tea & Things 茶友群", [cast.chen, cast.alice, cast.bob])
    await acts.add_bot(world, cast.chen, friends)
    for person in (cast.alice, cast.bob, cast.mei, cast.chen):
        await acts.start(world, person)
    world.set_phones(
        [
            (cast.alice, world.private(cast.alice)),
            (cast.bob, world.private(cast.bob)),
            (cast.mei, world.private(cast.mei)),
            (cast.chen, friends),
        ]
    )
    world.set_hints(HINTS)


async def stock(database: Database, world: World, cast: Cast) -> None:
    """The demo shop, and groups of Wen's and Ravi's that wait for friends."""
    now = datetime.fromtimestamp(world.clock.now(), UTC)
    await schema.upgrade(database)
    await seed(database, now=now, owner_telegram_id=cast.mei.id)
    wen = await known(database, world, cast.wen, now)
    ravi = await known(database, world, cast.ravi, now)
    early = now - timedelta(minutes=20)
    async with database.read() as session:
        rows = await session.execute(select(Deal).where(col(Deal.starts_at) < early))
        deals = [d for d in rows.scalars() if d.kind != DealKind.FLASH]
    by_name = {d.title.in_("en"): d.code for d in deals}
    cups = await paid_group(world, wen, by_name["Tasting cups, fill the table"], early)
    await paid_seat(world, ravi, cups, early + timedelta(minutes=5))
    await paid_group(world, ravi, by_name["Two mugs, two mornings"], early)


async def known(database: Database, world: World, person: Person, now: datetime) -> Actor:
    world.private(person).started = True
    house = House(bot_id=world.bot.id, locale="en", timezone="UTC", operators=frozenset())
    sender = Sender(person.id, person.first_name, None, person.language_code)
    row = await recognise(database, sender, house, now=now)
    return Actor(
        database=database,
        bot_id=world.bot.id,
        person_id=id_of(row),
        telegram_id=person.id,
        first_name=person.first_name,
        locale="en",
        timezone="UTC",
    )


async def paid_group(world: World, host: Actor, deal: str, now: datetime) -> str:
    opened = await open_group(host, deal, now=now)
    await pay(world, host, opened.checkout_code, now)
    return opened.group_code


async def paid_seat(world: World, friend: Actor, group: str, now: datetime) -> None:
    joined = await join_group(friend, group, now=now)
    await pay(world, friend, joined.checkout_code, now)


async def pay(world: World, actor: Actor, checkout: str, now: datetime) -> None:
    """With the pretend card, whose company must know the charge to give it back."""
    home = NewAddress(actor.first_name, "", "8 Lantern Street", "Harbour Town", "", "Teland")
    await set_address(actor, checkout, home, now=now)
    async with actor.database.read() as session:
        rows = await session.execute(select(Checkout).where(col(Checkout.code) == checkout))
        total = rows.scalar_one().total_minor
    number = f"demo_{checkout}"
    world.charges[number] = Taken(
        number,
        f"ch_{number}",
        world.bot.id,
        actor.telegram_id,
        actor.telegram_id,
        "USD",
        total,
        checkout,
        now.timestamp(),
        DEFAULT_PROVIDER_TOKEN,
    )
    charge = Charge("pretend", number, f"ch_{number}", checkout, "USD", total)
    await record_payment(actor, charge, now=now)


if __name__ == "__main__":
    main()
