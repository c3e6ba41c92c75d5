"""Pictures: their bytes, and under which file id a bot has sent them before."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from storage.database import Database
from storage.quick import QuickStatement
from storage.tables import Picture, PictureFile

CACHED = 4_096
FILE_ID = QuickStatement(
    select(col(PictureFile.file_id)).where(
        col(PictureFile.bot_id) == bindparam("bot_id"), col(PictureFile.key) == bindparam("key")
    )
)


@dataclass(frozen=True, slots=True)
class PictureRef:
    """Stands where a Bot API call has a photo, until the sender knows its file id."""

    key: str


@dataclass(slots=True)
class _FileIds:
    """The file ids used last, of all bots; each is valid for its bot only."""

    known: OrderedDict[tuple[str, int, str], str] = field(default_factory=OrderedDict)

    def get(self, key: tuple[str, int, str]) -> str | None:
        if key in self.known:
            self.known.move_to_end(key)
        return self.known.get(key)

    def put(self, key: tuple[str, int, str], file_id: str) -> None:
        self.known[key] = file_id
        self.known.move_to_end(key)
        if len(self.known) > CACHED:
            self.known.popitem(last=False)


_file_ids = _FileIds()


def _cache_key(database: Database, bot_id: int, key: str) -> tuple[str, int, str]:
    return (str(database.engine.url), bot_id, key)


async def file_id(database: Database, bot_id: int, key: str) -> str | None:
    """Under which id this bot can send the picture without uploading it."""
    cached = _file_ids.get(_cache_key(database, bot_id, key))
    if cached is not None:
        return cached
    found = await FILE_ID.first(database, bot_id=bot_id, key=key)
    if found is None:
        return None
    _file_ids.put(_cache_key(database, bot_id, key), found.file_id)
    return str(found.file_id)


async def content(database: Database, key: str) -> bytes | None:
    """The bytes to upload, or None for a picture that only has file ids."""
    statement = select(col(Picture.data)).where(col(Picture.key) == key)
    async with database.read() as session:
        return (await session.execute(statement)).scalar_one_or_none()


async def remember(database: Database, bot_id: int, key: str, file_id: str) -> None:
    """Keeps the id that Telegram gave the picture when this bot uploaded it."""
    if _file_ids.get(_cache_key(database, bot_id, key)) == file_id:
        return
    dialect = postgresql if database.dialect == "postgresql" else sqlite
    statement = (
        dialect.insert(PictureFile)
        .values(bot_id=bot_id, key=key, file_id=file_id)
        .on_conflict_do_update(index_elements=["bot_id", "key"], set_={"file_id": file_id})
    )
    async with database.begin() as session:
        await session.execute(statement)
    _file_ids.put(_cache_key(database, bot_id, key), file_id)


async def forget(database: Database, bot_id: int, key: str) -> None:
    """Telegram does not know the id any more: the picture is uploaded afresh."""
    statement = delete(PictureFile).where(
        col(PictureFile.bot_id) == bot_id, col(PictureFile.key) == key
    )
    async with database.begin() as session:
        await session.execute(statement)
    _file_ids.known.pop(_cache_key(database, bot_id, key), None)
