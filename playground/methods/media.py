"""Photos and documents in calls: uploads, attach:// parts and file ids."""

from typing import Any

from playground.methods.table import Call, Upload, only
from playground.refusals import bad
from playground.richtext import caption_text
from playground.things import Json, StoredFile

_MEDIA = (
    "type media caption parse_mode caption_entities show_caption_above_media has_spoiler "
    "thumbnail disable_content_type_detection"
)


def _upload(call: Call, given: str | None, field: str) -> Upload | None:
    if given is None:
        return call.files.get(field)
    if given.startswith("attach://"):
        found = call.files.get(given.removeprefix("attach://"))
        if found is None:
            raise bad(f'can\'t parse media: file "{given}" was not sent')
        return found
    return None


def photo_from(call: Call, given: str | None, field: str) -> StoredFile:
    upload = _upload(call, given, field)
    if upload is not None:
        return call.world.files.keep_photo(upload.content, upload.name)
    stored = _by_id(call, given)
    if not stored.width:
        raise bad("can't use file of type Document as Photo")
    return stored


def document_from(call: Call, given: str | None, field: str) -> StoredFile:
    upload = _upload(call, given, field)
    if upload is not None:
        return call.world.files.keep_document(upload.content, upload.name, upload.mime)
    return _by_id(call, given)


def _by_id(call: Call, given: str | None) -> StoredFile:
    if not given or "://" in given:
        raise bad("wrong file identifier/HTTP URL specified")
    return call.world.files.by_id(call.bot.id, given)


def media_item(call: Call, given: Any) -> Json:
    """InputMediaPhoto or InputMediaDocument as the content of a message."""
    item = only("InputMedia", given, _MEDIA)
    caption, entities = caption_text(
        item.get("caption"), item.get("parse_mode"), item.get("caption_entities")
    )
    media = item.get("media")
    if not isinstance(media, str):
        raise bad('can\'t parse InputMedia: field "media" must be a string')
    content: Json = {
        "caption": caption,
        "entities": entities,
        "caption_above": bool(item.get("show_caption_above_media")),
    }
    if item.get("type") == "photo":
        return content | {"photo": photo_from(call, media, "")}
    if item.get("type") == "document":
        return content | {"document": document_from(call, media, "")}
    raise bad("can't parse InputMedia: type must be photo or document")
