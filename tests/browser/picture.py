"""The README's picture of the phones: the page as it stands, without the finest shades."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

LARGEST = 600_000


async def take_picture(page: Page, path: Path) -> None:
    """Waits until every picture is there and nothing moves any more."""
    await page.mouse.move(2, 2)
    await page.evaluate("document.activeElement?.blur()")
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    await page.wait_for_function(
        "document.getAnimations().every(one => one.playState !== 'running' "
        "|| one.effect.getTiming().iterations === Infinity)"
    )
    taken = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    out = io.BytesIO()
    taken.point(lambda shade: shade // 2 * 2).save(out, "PNG", optimize=True)
    assert len(out.getvalue()) <= LARGEST
    await asyncio.to_thread(path.write_bytes, out.getvalue())
