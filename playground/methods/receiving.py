"""The methods by which a bot gets its updates, and getMe."""

import re

from playground.methods.table import Call, method
from playground.refusals import Refused, bad
from playground.things import Json
from playground.updates import KINDS


@method("getMe")
def get_me(call: Call) -> Json:
    bot = call.bot
    return {
        "id": bot.id,
        "is_bot": True,
        "first_name": bot.first_name,
        "username": bot.username,
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_groups,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


@method("logOut")
def log_out(call: Call) -> bool:
    return True


@method("close")
def close(call: Call) -> bool:
    return True


def _allowed(call: Call) -> None:
    """Set the filter when the call names one; an empty list is Telegram's default."""
    if not call.has("allowed_updates"):
        return
    wanted = call.list("allowed_updates")
    unknown = [kind for kind in wanted if kind not in KINDS]
    if unknown:
        raise bad(f"unknown update type {unknown[0]!r} in allowed_updates")
    call.world.queues[call.bot.id].allowed = frozenset(wanted) if wanted else None


@method("getUpdates", "offset?int limit?int timeout?int allowed_updates?list")
async def get_updates(call: Call) -> list[Json]:
    if call.world.hooks[call.bot.id].url:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
            blame="notice",
        )
    _allowed(call)
    limit = call.number("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    timeout = min(50, max(0, call.number("timeout")))
    return await call.world.queues[call.bot.id].poll(call.number("offset"), limit, timeout)


_WEBHOOK = (
    "url?str certificate?file ip_address?str max_connections?int allowed_updates?list "
    "drop_pending_updates?bool secret_token?str"
)


@method("setWebhook", _WEBHOOK)
def set_webhook(call: Call) -> bool:
    url, secret = call.text("url"), call.text("secret_token")
    if url and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise bad("bad webhook: invalid URL")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    connections = call.number("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad("max_connections must be between 1 and 100")
    _allowed(call)
    queue, hook = call.world.queues[call.bot.id], call.world.hooks[call.bot.id]
    if call.flag("drop_pending_updates"):
        queue.clear()
    elif (url, secret, connections) == (hook.url, hook.secret, hook.connections):
        return True
    if url:
        queue.interrupt("terminated by setWebhook request")
    hook.point(url, secret, connections)
    return True


@method("deleteWebhook", "drop_pending_updates?bool")
def delete_webhook(call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        call.world.queues[call.bot.id].clear()
    call.world.hooks[call.bot.id].point("", "", 40)
    return True


@method("getWebhookInfo")
def webhook_info(call: Call) -> Json:
    queue, hook = call.world.queues[call.bot.id], call.world.hooks[call.bot.id]
    queue.expire()
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(queue.pending),
    }
    if hook.url:
        info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
    if hook.failed_at is not None:
        info |= {"last_error_date": int(hook.failed_at), "last_error_message": hook.failure}
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    return info
