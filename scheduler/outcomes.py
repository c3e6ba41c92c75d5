"""What an answer, or its absence, says about a message: not sent, sent, or unknown."""

from __future__ import annotations

from telegram.error import NetworkError, TelegramError

from storage.outbox import Claimed
from storage.settled import Again, Dead, Gone, Moved, Outcome, Unknown

RETRY_SECONDS = 1.0
GONE_CODES = (403,)
# 400s that concern the chat, not the message: nothing else would arrive there either.
GONE_WORDS = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "group chat was deactivated",
    "bot was kicked",
    "bot is not a member",
    "have no rights to send",
    "not enough rights",
    "need administrator rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_",
    "peer_id_invalid",
    "topic_closed",
    "topic closed",
    "topic_deleted",
    "message thread not found",
)
LOST_COPY_WORDS = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message is too old",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "group chat was upgraded",
)


class NotSent(NetworkError):
    """The request never left: no connection was made."""


class MaybeSent(NetworkError):
    """The request left, and what became of it is not known."""


class Flooded(TelegramError):
    """429: nothing was done, and nothing should be asked again before `retry_after` seconds."""

    def __init__(self, description: str, retry_after: float) -> None:
        super().__init__(description)
        self.retry_after = retry_after


class Refused(TelegramError):
    """Telegram said no, in its words; nothing was done."""

    def __init__(self, code: int, description: str, migrate_to: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.migrate_to = migrate_to

    def says(self, *words: str) -> bool:
        description = self.description.lower()
        return any(word in description for word in words)

    @property
    def chat_gone(self) -> bool:
        return self.code in GONE_CODES or (self.code == 400 and self.says(*GONE_WORDS))

    @property
    def token_refused(self) -> bool:
        """The token was revoked (401), or was never one (404)."""
        return self.code in (401, 404)

    @property
    def unchanged(self) -> bool:
        """An edit that changes nothing has been made already."""
        return self.says("message is not modified")

    @property
    def copy_lost(self) -> bool:
        return self.chat_gone or self.migrate_to is not None or self.says(*LOST_COPY_WORDS)

    @property
    def picture_unknown(self) -> bool:
        return self.says("wrong file identifier", "wrong remote file", "file_reference")


def outcome_of(row: Claimed, error: Exception) -> Outcome:
    """How the message ends, or goes on, after `error`."""
    match error:
        case Flooded(retry_after=seconds):
            return Again(row, seconds, "429")
        case NotSent():
            return Again(row, RETRY_SECONDS, error.message)
        case Refused(migrate_to=int(moved)):
            return Moved(row, moved)
        case Refused(token_refused=True):
            return Again(row, RETRY_SECONDS, error.description)
        case Refused(chat_gone=True):
            return Gone(row, error.description)
        case Refused():
            return Dead(row, error.description)
        case TelegramError():
            return Unknown(row, error.message)
    return Unknown(row, type(error).__name__)
