"""The methods about the bot itself: commands, texts, menu button, files."""

import json
import re

from playground.files import DOWNLOAD_BYTES
from playground.methods.table import Call, method, only
from playground.refusals import bad, missed
from playground.things import Json

_SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)


def _scope(call: Call) -> tuple[str, str]:
    given = call.object("scope") or {"type": "default"}
    only("BotCommandScope", given, "type chat_id user_id")
    if given.get("type") not in _SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    language = call.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    plain = given["type"] if len(given) == 1 else json.dumps(given, sort_keys=True)
    return plain, language


@method("setMyCommands", "commands:list scope?object language_code?str")
def set_commands(call: Call) -> bool:
    commands = [_command(item) for item in call.list("commands")]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope(call)] = commands
    call.world.tell_bot()
    return True


def _command(item: object) -> Json:
    command = only("BotCommand", item, "command description is_ephemeral")
    name = str(command.get("command", "")).removeprefix("/")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": command["description"]}


@method("getMyCommands", "scope?object language_code?str")
def get_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(_scope(call), [])


@method("deleteMyCommands", "scope?object language_code?str")
def delete_commands(call: Call) -> bool:
    call.bot.commands.pop(_scope(call), None)
    call.world.tell_bot()
    return True


def _set_text(call: Call, field: str, limit: int) -> bool:
    text = call.text(field)
    if len(text) > limit:
        raise bad(f"{field} is too long")
    call.bot.texts[(field, call.text("language_code"))] = text
    return True


def _get_text(call: Call, field: str) -> Json:
    texts = call.bot.texts
    default = texts.get((field, ""), "")
    return {field: texts.get((field, call.text("language_code"))) or default}


@method("setMyDescription", "description?str language_code?str")
def set_description(call: Call) -> bool:
    return _set_text(call, "description", 512)


@method("getMyDescription", "language_code?str")
def get_description(call: Call) -> Json:
    return _get_text(call, "description")


@method("setMyShortDescription", "short_description?str language_code?str")
def set_short_description(call: Call) -> bool:
    return _set_text(call, "short_description", 120)


@method("getMyShortDescription", "language_code?str")
def get_short_description(call: Call) -> Json:
    return _get_text(call, "short_description")


@method("setMyName", "name?str language_code?str")
def set_name(call: Call) -> bool:
    done = _set_text(call, "name", 64)
    if call.text("name") and not call.text("language_code"):
        call.bot.first_name = call.text("name")
        call.world.tell_bot()
    return done


@method("getMyName", "language_code?str")
def get_name(call: Call) -> Json:
    return {"name": _get_text(call, "name")["name"] or call.bot.first_name}


@method("setChatMenuButton", "chat_id?int menu_button?object")
def set_menu_button(call: Call) -> bool:
    button = call.object("menu_button") or {"type": "default"}
    only("MenuButton", button, "type text web_app")
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad("can't parse MenuButton: unsupported type specified")
    call.bot.menu_buttons[call.number("chat_id")] = button
    call.world.tell_bot()
    return True


@method("getChatMenuButton", "chat_id?int")
def get_menu_button(call: Call) -> Json:
    buttons = call.bot.menu_buttons
    return buttons.get(call.number("chat_id")) or buttons.get(0, {"type": "commands"})


_RIGHTS = (
    "is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
    "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
    "can_edit_stories can_delete_stories can_post_messages can_edit_messages can_pin_messages "
    "can_manage_topics can_manage_direct_messages can_manage_tags can_send_welcome_messages"
)


@method("setMyDefaultAdministratorRights", "rights?object for_channels?bool")
def set_default_rights(call: Call) -> bool:
    rights = only("ChatAdministratorRights", call.object("rights") or {}, _RIGHTS)
    call.bot.default_rights[call.flag("for_channels")] = rights
    return True


@method("getMyDefaultAdministratorRights", "for_channels?bool")
def get_default_rights(call: Call) -> Json:
    kept = call.bot.default_rights.get(call.flag("for_channels"), {})
    return dict.fromkeys(_RIGHTS.split(), False) | kept


@method("getFile", "file_id:str")
def get_file(call: Call) -> Json:
    stored = call.world.files.by_id(call.bot.id, call.text("file_id"))
    if len(stored.content) > DOWNLOAD_BYTES:
        raise bad("file is too big")
    folder, ending = ("photos", stored.mime[6:]) if stored.width else ("documents", "bin")
    return {
        "file_id": call.text("file_id"),
        "file_unique_id": f"AgAD{stored.unique_id}",
        "file_size": len(stored.content),
        "file_path": f"{folder}/{stored.unique_id}.{ending}",
    }


@method("getUserProfilePhotos", "user_id:int offset?int limit?int")
def profile_photos(call: Call) -> Json:
    if call.number("user_id") not in call.world.people:
        raise missed("user not found")
    return {"total_count": 0, "photos": []}
