"""Joining, leaving, leading, upgrading: what chats are told and what bots are told."""

from playground.post import post
from playground.refusals import NotPossible
from playground.render import chat_json, member_json, user_json
from playground.things import ADMIN_RIGHTS, BotAccount, Chat, Json, Member, Person, Status
from playground.world import World

BOT_RIGHTS = frozenset(ADMIN_RIGHTS) - {"can_promote_members", "can_be_edited"}


def bot_status(
    world: World, chat: Chat, bot: BotAccount, by: Person, old: Status, new: Status
) -> None:
    """A my_chat_member update."""
    _changed(world, "my_chat_member", chat, bot, bot.id, by, Member(old), Member(new, BOT_RIGHTS))


def set_blocked(world: World, user: Person, bot: BotAccount, *, on: bool) -> None:
    if on == (bot.id in user.blocked):
        return
    if on:
        user.blocked.add(bot.id)
    else:
        user.blocked.discard(bot.id)
    old: Status = "member" if on else "kicked"
    new: Status = "kicked" if on else "member"
    bot_status(world, world.private(user, bot), bot, user, old, new)
    world.tell_person(user)


def _changed(
    world: World,
    kind: str,
    chat: Chat,
    bot: BotAccount,
    who: int,
    by: Person,
    old: Member,
    new: Member,
) -> None:
    payload: Json = {
        "chat": chat_json(world, chat),
        "from": user_json(by),
        "date": int(world.clock.now()),
        "old_chat_member": member_json(world, chat, who, old),
        "new_chat_member": member_json(world, chat, who, new),
    }
    world.update(bot, kind, payload, f"chat:{chat.api_id}")


def _tell_admins(world: World, chat: Chat, who: int, by: Person, old: Member, new: Member) -> None:
    """chat_member updates reach bots that are administrators (and asked for them)."""
    for bot in world.bots.values():
        member = chat.members.get(bot.id)
        if member and member.leads:
            _changed(world, "chat_member", chat, bot, who, by, old, new)


def add_member(
    world: World, chat: Chat, by: Person, who: Person | BotAccount, *, admin: bool = False
) -> None:
    if chat.type == "private":
        raise NotPossible("A private chat has no room for more.")
    if chat.type == "channel" and isinstance(who, BotAccount):
        admin = True
    if admin and not chat.members[by.id].leads:
        raise NotPossible("Only admins make admins.")
    old = chat.members.get(who.id, Member("left"))
    if old.inside:
        raise NotPossible(f"{who.first_name} is already here.")
    new = Member("administrator", BOT_RIGHTS) if admin else Member("member")
    chat.members[who.id] = new
    world.tell_chat(chat)
    if isinstance(who, BotAccount):
        bot_status(world, chat, who, by, old.status, new.status)
    _tell_admins(world, chat, who.id, by, old, new)
    if chat.type != "channel":
        verb = "joined" if by.id == who.id else f"added {who.first_name}"
        fields: Json = {"new_chat_members": [user_json(who)]}
        post(world, chat, by.id, service=f"{by.first_name} {verb}", fields=fields)


def remove_member(world: World, chat: Chat, by: Person, who: Person | BotAccount) -> None:
    old = chat.members.get(who.id)
    if old is None or not old.inside:
        raise NotPossible(f"{who.first_name} is not in this chat.")
    if by.id != who.id:
        _leading(chat, by)
    left: Status = "left" if by.id == who.id else "kicked"
    chat.members[who.id] = Member(left)
    world.tell_chat(chat)
    if isinstance(who, BotAccount):
        bot_status(world, chat, who, by, old.status, left)
    _tell_admins(world, chat, who.id, by, old, Member(left))
    if chat.type != "channel":
        verb = "left" if by.id == who.id else f"removed {who.first_name}"
        fields: Json = {"left_chat_member": user_json(who)}
        post(world, chat, by.id, service=f"{by.first_name} {verb}", fields=fields)


def mute(world: World, chat: Chat, by: Person, bot: BotAccount, on: bool) -> None:
    """A muted bot stays in the group and may send nothing."""
    old = chat.members.get(bot.id)
    if old is None or not old.inside or chat.type not in ("group", "supergroup"):
        raise NotPossible(f"{bot.first_name} is not in this group.")
    _leading(chat, by)
    new = Member("restricted" if on else "member")
    chat.members[bot.id] = new
    world.tell_chat(chat)
    bot_status(world, chat, bot, by, old.status, new.status)


def _leading(chat: Chat, by: Person) -> None:
    if not chat.members[by.id].leads:
        raise NotPossible("Only admins do this.")


def bot_leaves(world: World, chat: Chat, bot: BotAccount) -> None:
    chat.members[bot.id] = Member("left")
    world.tell_chat(chat)
    if chat.type != "channel":
        fields: Json = {"left_chat_member": user_json(bot)}
        post(world, chat, bot.id, service=f"{bot.first_name} left", fields=fields)


def promote(world: World, chat: Chat, by: Person, who: Person | BotAccount, on: bool) -> None:
    member = chat.members.get(who.id)
    if member is None or not member.inside:
        raise NotPossible(f"{who.first_name} is not in this chat.")
    _leading(chat, by)
    if member.status == "creator":
        raise NotPossible("The owner stays the owner.")
    new = Member("administrator", BOT_RIGHTS) if on else Member("member")
    chat.members[who.id] = new
    world.tell_chat(chat)
    if isinstance(who, BotAccount):
        bot_status(world, chat, who, by, member.status, new.status)
    _tell_admins(world, chat, who.id, by, member, new)


def upgrade(world: World, chat: Chat, by: Person) -> Chat:
    """A group becomes a supergroup: a new id, and a service message on both sides."""
    if chat.type != "group" or chat.migrated_to is not None:
        raise NotPossible("Only a group can become a supergroup.")
    fresh = world.new_group(chat.title, [], type="supergroup")
    fresh.members = dict(chat.members)
    words = f"{by.first_name} upgraded the group to a supergroup"
    to: Json = {"migrate_to_chat_id": fresh.id}
    message = post(world, chat, by.id, service=words, fields=to)
    chat.migrated_to = fresh.id
    back: Json = {"migrate_from_chat_id": chat.id}
    post(world, fresh, by.id, service=words, fields=back)
    world.tell_chat(chat)
    world.tell_chat(fresh)
    world.tell_message(message)
    return fresh
