"""What lies on the table: people, bots, chats, messages, pictures, invoices."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
ADMIN_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_post_messages",
    "can_edit_messages",
)


@dataclass(slots=True)
class Person:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    color: str = "#4a90d9"
    role: str = "shopper"
    blocked: set[int] = field(default_factory=set)
    """Bots this person has blocked."""
    deactivated: bool = False


@dataclass(slots=True)
class BotAccount:
    id: int
    token: str
    username: str
    first_name: str
    reads_groups: bool = False
    inline_feedback: bool = True
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    default_rights: dict[bool, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Member:
    status: Status
    rights: frozenset[str] = frozenset()

    @property
    def inside(self) -> bool:
        return self.status in ("creator", "administrator", "member", "restricted")

    @property
    def leads(self) -> bool:
        return self.status in ("creator", "administrator")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`unique_id` is the hash of the bytes; each bot knows the file under its own file_id."""

    unique_id: str
    content: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0
    url: str = ""


@dataclass(slots=True)
class Invoice:
    bot_id: int
    title: str
    description: str
    payload: str
    currency: str
    prices: list[Json]
    start_parameter: str = ""
    provider_token: str = ""
    photo_url: str | None = None
    max_tip: int = 0
    flexible: bool = False
    needs: frozenset[str] = frozenset()
    paid_by: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(int(price["amount"]) for price in self.prices)


@dataclass(slots=True)
class Message:
    chat_id: int
    id: int
    date: float
    sender: int | None = None
    sender_chat: int | None = None
    author: int | None = None
    """Who wrote it, also where the chat itself is shown as the sender."""
    text: str | None = None
    caption: str | None = None
    entities: list[Json] = field(default_factory=list)
    photo: StoredFile | None = None
    document: StoredFile | None = None
    caption_above: bool = False
    album: str | None = None
    markup: Json | None = None
    via_bot: int | None = None
    inline_id: str | None = None
    reply_to: int | None = None
    service: str | None = None
    """What the page shows for a service message; `fields` is what the Bot API shows."""
    fields: Json = field(default_factory=dict)
    invoice: Invoice | None = None
    payment: Json | None = None
    contact: Json | None = None
    location: Json | None = None
    reactions: dict[int, list[str]] = field(default_factory=dict)
    forward_origin: Json | None = None
    edited_at: float | None = None

    @property
    def body(self) -> str:
        return self.text or self.caption or ""


@dataclass(slots=True)
class Chat:
    """`api_id` is what bots call it; it differs from `id` only for a second bot's private chat."""

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    api_id: int = 0
    bot_id: int | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    started: bool = False
    migrated_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    instance: str = ""
    """The chat_instance that callback queries carry."""

    @property
    def people(self) -> list[int]:
        return [who for who, member in self.members.items() if member.inside]
