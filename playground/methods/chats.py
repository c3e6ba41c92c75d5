"""The methods about chats and their members."""

from playground.membership import bot_leaves
from playground.methods.table import Call, method
from playground.methods.targets import member_chat
from playground.refusals import bad, missed
from playground.render import chat_json, member_json, message_json
from playground.things import Json, Member


@method("getChat", "chat_id:chat")
def get_chat(call: Call) -> Json:
    chat = member_chat(call)
    shape = chat_json(call.world, chat) | {
        "accent_color_id": chat.api_id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if chat.username:
        shape["active_usernames"] = [chat.username]
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    if pinned:
        shape["pinned_message"] = message_json(call.world, pinned, call.bot, deep=False)
    return shape


@method("getChatMember", "chat_id:chat user_id:int")
def get_member(call: Call) -> Json:
    chat, user_id = member_chat(call), call.number("user_id")
    if user_id not in call.world.people and user_id not in call.world.bots:
        raise missed("PARTICIPANT_ID_INVALID")
    return member_json(call.world, chat, user_id, chat.members.get(user_id, Member("left")))


@method("getChatAdministrators", "chat_id:chat return_bots?bool")
def get_administrators(call: Call) -> list[Json]:
    chat = member_chat(call)
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    return [
        member_json(call.world, chat, user_id, member)
        for user_id, member in chat.members.items()
        if member.leads and (user_id in call.world.people or call.flag("return_bots"))
    ]


@method("getChatMemberCount", "chat_id:chat")
def get_member_count(call: Call) -> int:
    return len(member_chat(call).people)


@method("leaveChat", "chat_id:chat")
def leave_chat(call: Call) -> bool:
    chat = member_chat(call)
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    bot_leaves(call.world, chat, call.bot)
    return True
