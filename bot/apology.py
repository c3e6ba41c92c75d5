"""What a person is told when an update could not be handled at all."""

from __future__ import annotations

from typing import Any

from aiogram import Bot

from cards.language import Language


async def apologise(bot: Bot, update: dict[str, Any]) -> None:
    """Answers the press, the payment or the private message that failed; others stay silent."""
    kind = next((k for k in update if k != "update_id"), "")
    event = update[kind] if isinstance(update.get(kind), dict) else {}
    sender = event.get("from") or {}
    say = Language(str(sender.get("language_code") or "en"))
    sorry = say.plain("Something went wrong on our side, and nothing was lost. Please try again.")
    match kind:
        case "callback_query":
            await bot.answer_callback_query(event["id"], text=sorry, show_alert=True)
        case "pre_checkout_query":
            await bot.answer_pre_checkout_query(event["id"], ok=False, error_message=sorry)
        case "message" if (event.get("chat") or {}).get("type") == "private":
            await bot.send_message(event["chat"]["id"], sorry)
