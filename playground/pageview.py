"""The page's shapes: the snapshot, and what its events carry."""

from typing import TYPE_CHECKING

from playground.things import BotAccount, Chat, Invoice, Json, Message, Person

if TYPE_CHECKING:
    from playground.world import World

MESSAGES_SHOWN = 200
"""Per chat, the newest."""


def snapshot(world: "World") -> Json:
    messages = [
        message_view(world, message)
        for chat in world.chats.values()
        for message in list(chat.messages.values())[-MESSAGES_SHOWN:]
    ]
    return {
        "seq": world.log.seq,
        "now": world.clock.now(),
        "clock_offset": world.clock.offset,
        "storm": world.storm,
        "offline": world.offline,
        "bot": bot_view(world, world.bot),
        "users": [user_view(world, person) for person in world.people.values()],
        "chats": [chat_view(world, chat) for chat in world.chats.values()],
        "messages": messages,
        "read": {f"{user}:{chat}": last for (user, chat), last in world.read.items()},
        "reply_keyboards": {
            f"{user}:{chat}": markup for (user, chat), markup in world.reply_keyboards.items()
        },
        "pending_callbacks": [
            {
                "id": press.id,
                "user": press.user,
                "chat": press.chat,
                "message_id": press.message_id,
                "since": press.since,
            }
            for press in world.presses.values()
            if press.state == "waiting"
        ],
        "phones": world.phones,
        "hints": world.hints,
    }


def bot_view(world: "World", bot: BotAccount) -> Json:
    return {
        "id": bot.id,
        "username": bot.username,
        "first_name": bot.first_name,
        "commands": bot.commands.get(("default", ""), []),
        "menu_button": bot.menu_buttons.get(0, {"type": "commands"}),
    }


def user_view(world: "World", person: Person) -> Json:
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
        "color": person.color,
        "role": person.role,
        "blocked": world.bot.id in person.blocked,
    }


def chat_view(world: "World", chat: Chat) -> Json:
    people = [who for who in chat.people if who in world.people]
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "members": people,
        "admins": [who for who in people if chat.members[who].leads],
        "bot_member": world.bot.id in chat.people,
        "migrated_to": chat.migrated_to,
        "pinned": chat.pinned,
    }


def message_view(world: "World", message: Message) -> Json:
    return {
        "chat": message.chat_id,
        "id": message.id,
        "from": _sender(world, message),
        "sender_chat": message.sender_chat,
        "date": message.date,
        "edited": message.edited_at is not None,
        "text": message.text,
        "caption": message.caption,
        "entities": message.entities,
        "photo": message.photo.unique_id if message.photo else None,
        "document": message.document.name if message.document else None,
        "album": message.album,
        "keyboard": keyboard_view(message.markup),
        "via_bot": message.via_bot is not None,
        "inline_message_id": message.inline_id,
        "reply_to": message.reply_to,
        "service": message.service,
        "invoice": invoice_view(message.invoice) if message.invoice else None,
        "payment": message.payment,
        "reactions": _reactions(message),
        "contact": message.contact,
        "location": message.location,
    }


def _sender(world: "World", message: Message) -> Json | None:
    if message.sender is None:
        return None
    who = world.someone(message.sender)
    if isinstance(who, BotAccount):
        return {"id": who.id, "name": who.first_name, "is_bot": True, "color": "#2f7d6b"}
    name = f"{who.first_name} {who.last_name}".strip()
    return {"id": who.id, "name": name, "is_bot": False, "color": who.color}


def _reactions(message: Message) -> list[Json]:
    counts: dict[str, int] = {}
    for emojis in message.reactions.values():
        for emoji in emojis:
            counts[emoji] = counts.get(emoji, 0) + 1
    return [{"emoji": emoji, "count": count} for emoji, count in counts.items()]


def invoice_view(invoice: Invoice) -> Json:
    return {
        "title": invoice.title,
        "description": invoice.description,
        "currency": invoice.currency,
        "total": invoice.total,
        "prices": invoice.prices,
        "photo": invoice.photo_url,
        "paid_by": invoice.paid_by,
        "max_tip": invoice.max_tip,
        "state": "open",
    }


def keyboard_view(markup: Json | None) -> list[list[Json]] | None:
    if not markup or "inline_keyboard" not in markup:
        return None
    return [[_button(button) for button in row] for row in markup["inline_keyboard"]]


def _button(button: Json) -> Json:
    view: Json = {"text": button["text"]}
    if "style" in button:
        view["style"] = button["style"]
    if "callback_data" in button:
        return view | {"kind": "callback", "data": button["callback_data"]}
    if "url" in button:
        return view | {"kind": "url", "url": button["url"]}
    if "switch_inline_query" in button:
        return view | {"kind": "switch_inline", "query": button["switch_inline_query"]}
    if "switch_inline_query_current_chat" in button:
        query = button["switch_inline_query_current_chat"]
        return view | {"kind": "switch_inline_current", "query": query}
    if "switch_inline_query_chosen_chat" in button:
        chosen = dict(button["switch_inline_query_chosen_chat"])
        query = chosen.pop("query", "")
        return view | {"kind": "switch_inline_chosen", "query": query, "chosen": chosen}
    if "copy_text" in button:
        return view | {"kind": "copy", "copy": button["copy_text"]["text"]}
    if "web_app" in button:
        return view | {"kind": "web_app", "url": button["web_app"]["url"]}
    return view | {"kind": "pay"}
