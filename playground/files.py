"""Pictures and documents kept in memory, each known to every bot under another file_id."""

import hashlib
import struct

from playground.refusals import bad
from playground.things import Json, StoredFile

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"


def image_size(content: bytes) -> tuple[str, int, int] | None:
    """(mime, width, height) of a PNG or JPEG, read from its header; None for anything else."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return "image/png", width, height
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[str, int, int] | None:
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "image/jpeg", width, height
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None


class FileRoom:
    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._ids: dict[str, tuple[int, str]] = {}

    def keep_photo(self, content: bytes, name: str = "photo") -> StoredFile:
        """Raises Refused for bytes that Telegram would not take as a photo."""
        if not content:
            raise bad("file must be non-empty")
        if len(content) > PHOTO_BYTES:
            raise bad("file is too big")
        found = image_size(content)
        if not found:
            raise bad("IMAGE_PROCESS_FAILED")
        mime, width, height = found
        if not width or not height or width + height > 10_000 or _too_long(width, height):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return self._keep(content, name, mime, width, height)

    def keep_document(self, content: bytes, name: str, mime: str) -> StoredFile:
        if not content:
            raise bad("file must be non-empty")
        if len(content) > UPLOAD_BYTES:
            raise bad("file is too big")
        return self._keep(content, name, mime, 0, 0)

    def keep_link(self, url: str) -> StoredFile:
        """A picture that only phones would fetch; the playground never does."""
        unique = hashlib.sha256(url.encode()).hexdigest()[:16]
        stored = StoredFile(unique, b"", "link", "image/jpeg", 800, 800, url)
        return self._files.setdefault(unique, stored)

    def _keep(self, content: bytes, name: str, mime: str, width: int, height: int) -> StoredFile:
        unique = hashlib.sha256(content).hexdigest()[:16]
        stored = StoredFile(unique, content, name, mime, width, height)
        return self._files.setdefault(unique, stored)

    def id_for(self, bot_id: int, stored: StoredFile, size: str = "y") -> str:
        tag = hashlib.sha256(f"{bot_id}:{stored.unique_id}:{size}".encode()).hexdigest()[:24]
        file_id = f"AgAC{tag}{size}AAD"
        self._ids[file_id] = (bot_id, stored.unique_id)
        return file_id

    def by_id(self, bot_id: int, file_id: str) -> StoredFile:
        owner, unique = self._ids.get(file_id, (0, ""))
        if owner != bot_id:
            raise bad("wrong file identifier/HTTP URL specified")
        return self._files[unique]

    def any(self, name: str) -> StoredFile | None:
        """For the page: by unique id or by any bot's file_id."""
        _, unique = self._ids.get(name, (0, name))
        return self._files.get(unique)

    def photo_sizes(self, bot_id: int, stored: StoredFile) -> list[Json]:
        longest = max(stored.width, stored.height, 1)
        scale = min(1.0, 90 / longest)
        small = (max(1, round(stored.width * scale)), max(1, round(stored.height * scale)))
        return [
            self._size(bot_id, stored, "s", *small),
            self._size(bot_id, stored, "y", stored.width, stored.height),
        ]

    def _size(self, bot_id: int, stored: StoredFile, size: str, width: int, height: int) -> Json:
        return {
            "file_id": self.id_for(bot_id, stored, size),
            "file_unique_id": f"AQAD{stored.unique_id}{size}",
            "width": width,
            "height": height,
            "file_size": len(stored.content) if size == "y" else min(len(stored.content), 1_500),
        }

    def document_json(self, bot_id: int, stored: StoredFile) -> Json:
        return {
            "file_id": self.id_for(bot_id, stored, "d"),
            "file_unique_id": f"AgAD{stored.unique_id}",
            "file_name": stored.name,
            "mime_type": stored.mime,
            "file_size": len(stored.content),
        }


def _too_long(width: int, height: int) -> bool:
    return max(width, height) > 20 * min(width, height)
