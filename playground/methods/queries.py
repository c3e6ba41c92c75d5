"""Answers to callback queries."""

from playground.methods.table import Call, method
from playground.presses import tell
from playground.refusals import bad, too_old

_ANSWER = "callback_query_id:str text?str show_alert?bool url?str cache_time?int"


@method("answerCallbackQuery", _ANSWER)
def answer_callback(call: Call) -> bool:
    text, url = call.text("text"), call.text("url")
    if len(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    press = call.world.presses.get(call.text("callback_query_id"))
    if press is None or press.bot is not call.bot or press.state == "expired":
        raise too_old()
    if press.state == "answered":
        call.world.blame(call.method, "a callback was answered twice", dict(call.params))
        raise too_old()
    if url and not _own_link(url, call.bot.username):
        raise bad("URL_INVALID")
    press.state = "answered"
    press.text, press.alert, press.url = text, call.flag("show_alert"), url
    if press.timer:
        press.timer.cancel()
    tell(call.world, press)
    return True


def _own_link(url: str, username: str) -> bool:
    """Without a game, Telegram opens only links to the bot itself."""
    plain = url.removeprefix("https://").removeprefix("http://").lower()
    return plain.startswith((f"t.me/{username.lower()}?start=", "telegram.me/")) or url.startswith(
        "tg://resolve"
    )
