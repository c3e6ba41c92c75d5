"""Parameters in every form a client may send; uploads checked by their bytes."""

import io
import json

import aiohttp
import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile, InputMediaPhoto
from telegram import InputMediaPhoto as PhotoMedia
from telegram.ext import ExtBot

from playground import acts
from playground.server import Running
from playground.things import Json, Person
from playground.world import World
from tests.playground.shared import BUY, Api, picture


async def _form(api: Api, method: str, fields: aiohttp.FormData) -> Json:
    url = f"{api.table.base_url}/bot{api.table.world.bot.token}/{method}"
    async with api.session.post(url, data=fields) as answer:
        body: Json = await answer.json()
        return body


async def test_all_four_encodings_mean_the_same(
    table: Running, world: World, alice: Person, api: Api
) -> None:
    world.flood.on = False
    await acts.start(world, alice)
    url = f"{table.base_url}/bot{world.bot.token}/sendMessage"
    plain = {"chat_id": "501", "text": "hi", "reply_markup": json.dumps(BUY)}
    multipart = aiohttp.MultipartWriter("form-data")
    for name, value in plain.items():
        part = multipart.append(value)
        part.set_content_disposition("form-data", name=name)
    asked = [
        api.session.get(url, params=plain),
        api.session.post(url, data=plain),
        api.session.post(url, data=multipart),
        api.session.post(url, json={"chat_id": 501, "text": "hi", "reply_markup": BUY}),
        api.session.post(f"{url}?chat_id=501", json={"text": "hi", "reply_markup": BUY}),
    ]
    shown = []
    for one in asked:
        async with one as answer:
            result = (await answer.json())["result"]
            shown.append((result["text"], result["reply_markup"]))
    assert shown == [("hi", BUY)] * 5
    assert world.violations == []


async def test_unreadable_body_is_refused(world: World, api: Api) -> None:
    url = f"{api.table.base_url}/bot{world.bot.token}/getMe"
    headers = {"Content-Type": "application/json"}
    async with api.session.post(url, data=b'{"a":', headers=headers) as answer:
        assert answer.status == 400
    assert len(world.violations) == 1


async def test_albums_by_both_clients(
    world: World, alice: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    world.flood.on = False
    await acts.start(world, alice)
    files = [BufferedInputFile(picture(color), f"{color}.png") for color in ("red", "blue")]
    sent = await bot.send_media_group(alice.id, [InputMediaPhoto(media=one) for one in files])
    assert len({message.media_group_id for message in sent}) == 1
    again = await ext.send_media_group(
        alice.id, [PhotoMedia(picture("green")), PhotoMedia(picture("black"), caption="last")]
    )
    assert [message.caption for message in again] == [None, "last"]


BAD_UPLOADS = [
    (b"", "file must be non-empty"),
    (b"GIF89a" + b"\0" * 50, "IMAGE_PROCESS_FAILED"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 4, "IMAGE_PROCESS_FAILED"),
    (picture(size=(10, 1000)), "PHOTO_INVALID_DIMENSIONS"),
    (picture(size=(9000, 1001)), "PHOTO_INVALID_DIMENSIONS"),
    (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "file is too big"),
]


@pytest.mark.parametrize(("content", "reason"), BAD_UPLOADS, ids=range(len(BAD_UPLOADS)))
async def test_bad_photo_is_refused(
    world: World, alice: Person, api: Api, content: bytes, reason: str
) -> None:
    await acts.start(world, alice)
    fields = aiohttp.FormData({"chat_id": "501"})
    fields.add_field("photo", io.BytesIO(content), filename="a.png")
    body = await _form(api, "sendPhoto", fields)
    assert reason in body["description"]
    assert len(world.deliveries) == 0


async def test_jpeg_is_a_photo(world: World, alice: Person, ext: "ExtBot[None]") -> None:
    await acts.start(world, alice)
    sent = await ext.send_photo(alice.id, picture(form="JPEG", size=(640, 480)))
    assert (sent.photo[-1].width, sent.photo[-1].height) == (640, 480)


async def test_document_goes_round(
    world: World, alice: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    await acts.start(world, alice)
    sent = await ext.send_document(alice.id, b"a,b\n1,2\n", filename="rows.csv", caption="CSV")
    assert sent.document is not None
    assert sent.document.file_name == "rows.csv"
    await acts.document(world, alice, None, b"x" * 10, "notes.txt", "text/plain")
    told = (await bot.get_updates(-1))[0].message
    assert told is not None
    assert told.document is not None
    kept = await bot.download(told.document)
    assert kept is not None
    assert kept.read() == b"x" * 10


async def test_file_ids_belong_to_one_bot(world: World, alice: Person, api: Api) -> None:
    other = world.new_bot("7000000002:second", "other_bot", "Other")
    await acts.start(world, alice)
    await acts.start(world, alice, bot=other)
    sent = await acts.photo(world, alice, None, picture())
    assert sent.photo is not None
    file_id = world.files.id_for(world.bot.id, sent.photo)
    asked = {"chat_id": 501, "photo": file_id}
    await api.ok("sendPhoto", asked)
    assert "wrong file identifier" in await api.error("sendPhoto", asked, other.token)


async def test_profile_methods_by_both_clients(world: World, bot: Bot, ext: "ExtBot[None]") -> None:
    assert await ext.set_my_commands([("shop", "Open the shop")])
    assert [one.command for one in await bot.get_my_commands()] == ["shop"]
    assert await bot.set_my_description("A shop", language_code="en")
    assert (await ext.get_my_description("en")).description == "A shop"
    assert await bot.delete_my_commands()
    assert await ext.get_my_commands() == ()
    assert (await ext.get_chat_menu_button()).type == "commands"
    me = await bot.get_me()
    assert (me.username, me.supports_inline_queries) == ("kaituan_bot", True)
    assert world.violations == []
