"""Blocking, groups, channels, upgrades, privacy: what bots may do and what they are told."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner, ChatMemberRestricted
from telegram.ext import ExtBot

from playground import acts
from playground.refusals import NotPossible
from playground.things import Json, Person
from playground.world import World
from tests.playground.shared import Api, picture


async def _kinds(api: Api) -> list[str]:
    return [list(update)[1] for update in await api.ok("getUpdates")]


async def _statuses(api: Api) -> list[tuple[str, str]]:
    found = [u["my_chat_member"] for u in await api.ok("getUpdates") if "my_chat_member" in u]
    return [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in found]


async def test_bot_cannot_write_first(world: World, alice: Person, api: Api) -> None:
    said = await api("sendMessage", {"chat_id": alice.id, "text": "hi"})
    assert said["error_code"] == 403
    assert "bot can't initiate conversation with a user" in said["description"]
    assert "chat not found" in await api.error("sendMessage", {"chat_id": 404, "text": "hi"})
    assert world.violations == []


async def test_blocked_bot_is_forbidden_until_unblocked(
    world: World, alice: Person, api: Api
) -> None:
    await acts.start(world, alice)
    await acts.block(world, alice)
    said = await api("sendMessage", {"chat_id": alice.id, "text": "hi"})
    assert (said["error_code"], said["description"]) == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    await acts.start(world, alice)
    await api.ok("sendMessage", {"chat_id": alice.id, "text": "hi"})
    assert await _statuses(api) == [("member", "kicked"), ("kicked", "member")]
    assert world.violations == []


async def test_joining_leaving_and_kicking(world: World, alice: Person, bot: Bot, api: Api) -> None:
    group = world.new_group("Tea", [alice])
    assert "chat not found" in await api.error("sendMessage", {"chat_id": group.id, "text": "hi"})
    await acts.add_bot(world, alice, group)
    assert await _kinds(api) == ["my_chat_member", "message"]
    await bot.send_message(group.id, "hi")
    await acts.remove_bot(world, alice, group)
    said = await api.error("sendMessage", {"chat_id": group.id, "text": "hi"})
    assert said == "Forbidden: bot was kicked from the group chat"
    await acts.add_bot(world, alice, group, admin=True)
    assert await bot.leave_chat(group.id)
    said = await api.error("sendMessage", {"chat_id": group.id, "text": "hi"})
    assert said == "Forbidden: bot is not a member of the group chat"
    assert await _statuses(api) == [
        ("left", "member"),
        ("member", "kicked"),
        ("kicked", "administrator"),
    ]


async def test_members_as_both_clients_read_them(
    world: World, alice: Person, bob: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    group = world.new_group("Tea", [alice, bob], type="supergroup", username="teahouse")
    await acts.add_bot(world, alice, group, admin=True)
    owner = await bot.get_chat_member(group.id, alice.id)
    assert isinstance(owner, ChatMemberOwner)
    assert (await ext.get_chat_member(group.id, bob.id)).status == "member"
    me = await bot.get_chat_member("@teahouse", world.bot.id)
    assert isinstance(me, ChatMemberAdministrator)
    assert me.can_pin_messages
    assert [one.user.id for one in await ext.get_chat_administrators(group.id)] == [alice.id]
    assert await bot.get_chat_member_count(group.id) == 3
    chat = await ext.get_chat(group.id)
    assert (chat.type, chat.title, chat.username) == ("supergroup", "Tea", "teahouse")
    assert (await bot.get_chat(alice.id)).first_name == "Alice"


async def test_privacy_mode_hides_what_is_not_for_the_bot(
    world: World, alice: Person, api: Api
) -> None:
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group)
    sent = await api.ok("sendMessage", {"chat_id": group.id, "text": "welcome"})
    await api.ok("getUpdates", {"offset": -1})
    world.queues[world.bot.id].clear()
    await acts.send(world, alice, group, "just talking")
    await acts.send(world, alice, group, "/deals")
    await acts.send(world, alice, group, "/deals@someone_else")
    await acts.send(world, alice, group, "/deals@kaituan_bot")
    await acts.send(world, alice, group, "thanks", reply_to=sent["message_id"])
    heard = [update["message"]["text"] for update in await api.ok("getUpdates")]
    assert heard == ["/deals", "/deals@kaituan_bot", "thanks"]
    await acts.promote_bot(world, alice, group)
    await acts.send(world, alice, group, "now all is heard")
    assert (await api.ok("getUpdates"))[-1]["message"]["text"] == "now all is heard"


async def test_channel_needs_an_admin_bot(world: World, alice: Person, bot: Bot, api: Api) -> None:
    channel = world.new_channel("News", alice, username="news")
    await acts.add_bot(world, alice, channel)
    post = await bot.send_message("@news", "hello")
    assert (post.chat.type, post.from_user) == ("channel", None)
    assert post.sender_chat is not None
    await bot.edit_message_text("bye", chat_id=channel.id, message_id=post.message_id)
    await acts.send(world, alice, channel, "from the owner")
    assert (await api.ok("getUpdates"))[-1]["channel_post"]["text"] == "from the owner"
    await acts.promote_bot(world, alice, channel, on=False)
    said = await api.error("sendMessage", {"chat_id": channel.id, "text": "x"})
    assert "need administrator rights in the channel chat" in said


async def test_upgrade_moves_the_group(world: World, alice: Person, bot: Bot, api: Api) -> None:
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group)
    fresh = await acts.upgrade(world, alice, group)
    said = await api("sendMessage", {"chat_id": group.id, "text": "x"})
    assert said["parameters"] == {"migrate_to_chat_id": fresh.id}
    assert "upgraded to a supergroup" in said["description"]
    await bot.send_message(fresh.id, "hi")
    told = [u["message"] for u in await api.ok("getUpdates") if "message" in u][-2:]
    assert told[0]["migrate_to_chat_id"] == fresh.id
    assert told[1]["migrate_from_chat_id"] == group.id
    assert world.violations == []


async def test_chat_member_updates_come_only_when_asked_for(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group, admin=True)
    await acts.add_person(world, alice, group, bob)
    assert "chat_member" not in await _kinds(api)
    await api.ok("getUpdates", {"allowed_updates": ["chat_member", "message_reaction"]})
    await acts.remove_person(world, alice, group, bob)
    message = await acts.send(world, alice, group, "well")
    await acts.react(world, alice, group, message.id, "👍")
    assert (await _kinds(api))[-2:] == ["chat_member", "message_reaction"]


async def test_delete_pin_and_react(world: World, alice: Person, bot: Bot, api: Api) -> None:
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group)
    theirs = await acts.send(world, alice, group, "theirs")
    mine = await bot.send_message(group.id, "mine")
    asked: Json = {"chat_id": group.id, "message_id": theirs.id}
    assert "can't be deleted" in await api.error("deleteMessage", asked)
    assert "not enough rights" in await api.error("pinChatMessage", asked)
    await acts.promote_bot(world, alice, group)
    assert await bot.pin_chat_message(group.id, mine.message_id)
    assert group.pinned == [mine.message_id]
    await api.ok("setMessageReaction", {**asked, "reaction": [{"type": "emoji", "emoji": "🔥"}]})
    assert theirs.reactions == {world.bot.id: ["🔥"]}
    assert await bot.delete_message(group.id, theirs.id)
    world.turn_clock(49 * 3600)
    gone = {"chat_id": group.id, "message_id": mine.message_id}
    assert "can't be deleted" in await api.error("deleteMessage", gone)
    assert world.violations == []


async def test_start_links(world: World, alice: Person, api: Api) -> None:
    chat = await acts.open_link(world, alice, "https://t.me/kaituan_bot?start=abc_1")
    assert world.texts(chat) == ["/start abc_1"]
    group = world.new_group("Tea", [alice])
    await acts.open_link(world, alice, "t.me/kaituan_bot?startgroup=s1", group)
    assert world.texts(group)[-1] == "/start@kaituan_bot s1"
    commands = [u["message"]["entities"][0] for u in await api.ok("getUpdates") if _has_text(u)]
    assert [(one["type"], one["length"]) for one in commands] == [
        ("bot_command", 6),
        ("bot_command", 18),
    ]


def _has_text(update: dict[str, Any]) -> bool:
    return "text" in update.get("message", {})


async def test_album_is_one_update_each(world: World, alice: Person, api: Api) -> None:
    await acts.photos(world, alice, None, [picture("red"), picture("blue")], "two")
    told = [update["message"] for update in await api.ok("getUpdates")]
    assert told[0]["media_group_id"] == told[1]["media_group_id"]
    assert [one.get("caption") for one in told] == ["two", None]


async def test_edited_message_is_told(world: World, alice: Person, api: Api) -> None:
    message = await acts.send(world, alice, None, "helo")
    await acts.edit(world, alice, None, message.id, "hello")
    last = (await api.ok("getUpdates"))[-1]
    assert last["edited_message"]["text"] == "hello"
    assert last["edited_message"]["edit_date"] > 0


async def test_muted_bot_and_deleted_account(world: World, alice: Person, api: Api) -> None:
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group)
    await acts.mute_bot(world, alice, group)
    said = await api.error("sendMessage", {"chat_id": group.id, "text": "hi"})
    assert said == "Bad Request: not enough rights to send text messages to the chat"
    await acts.mute_bot(world, alice, group, on=False)
    await api.ok("sendMessage", {"chat_id": group.id, "text": "hi"})
    await acts.start(world, alice)
    await acts.deactivate(world, alice)
    said = await api.error("sendMessage", {"chat_id": alice.id, "text": "hi"})
    assert said == "Forbidden: user is deactivated"
    assert world.violations == []


async def test_muted_bot_as_a_client_reads_itself(world: World, alice: Person, bot: Bot) -> None:
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group)
    await acts.mute_bot(world, alice, group)
    me = await bot.get_chat_member(group.id, world.bot.id)
    assert isinstance(me, ChatMemberRestricted)
    assert not me.can_send_messages


async def test_knocks_count_sends_to_a_closed_door(world: World, alice: Person, api: Api) -> None:
    world.flood.on = False
    hello = {"chat_id": alice.id, "text": "hi"}
    await acts.start(world, alice)
    await api.ok("sendMessage", hello)
    await acts.block(world, alice)
    await api.error("sendMessage", hello)
    assert world.knocks == {}
    await api.error("sendMessage", hello)
    await api.error("sendMessage", hello)
    assert world.knocks == {alice.id: 2}
    await acts.start(world, alice)
    await api.ok("sendMessage", hello)
    await acts.block(world, alice)
    await api.error("sendMessage", hello)
    assert world.knocks == {alice.id: 2}


async def test_revoked_token_is_unauthorized(world: World, api: Api) -> None:
    assert await api.ok("getMe")
    world.revoke(world.bot)
    assert await api.error("getMe") == "Unauthorized"


async def test_only_admins_promote_and_remove(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    group = world.new_group("Tea", [alice, bob])
    await acts.add_bot(world, bob, group)
    with pytest.raises(NotPossible):
        await acts.promote_bot(world, bob, group)
    with pytest.raises(NotPossible):
        await acts.remove_bot(world, bob, group)
    with pytest.raises(NotPossible):
        await acts.send(world, world.person("Carol"), group, "let me in")
    await acts.promote_bot(world, alice, group)
