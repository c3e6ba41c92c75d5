"""The demo shop for tests, with small pictures: drawing the real ones takes seconds."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache

from PIL import Image

from storage.database import Database
from storage.demo.seed import Drawing, seed

OWNER = 900_001  # the Telegram user who owns its brands, and operates the house


@cache
def small_picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def draw_small(drawing: Drawing) -> bytes:
    return small_picture(sum(drawing.key.encode()) % 250)


async def stock(database: Database) -> None:
    await seed(database, now=datetime.now(UTC), owner_telegram_id=OWNER, draw_one=draw_small)
