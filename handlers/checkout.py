"""Buying: the checkout card, the invoice, and what the payment provider asks and tells."""

from __future__ import annotations

from datetime import datetime

from aiogram import Bot
from aiogram.filters import Filter
from aiogram.fsm.scene import ScenesManager
from aiogram.types import Message, PreCheckoutQuery

from cards.checkout import checkout_card, invoice_params
from cards.language import Language
from cards.links import Links
from cards.presses import (
    BuyFlash,
    BuyVariant,
    CancelCheckout,
    ChooseQuantity,
    ChooseVariant,
    EnterAddress,
    Pay,
    PromiseSeat,
    ShowCheckout,
)
from cards.refusals import words
from commerce.actions import checkout, payments, promising
from commerce.actor import Actor
from commerce.payment import Provider
from commerce.refusals import Refusal
from conversations.address import AddressForm
from conversations.screen import Screen
from handlers.pressing import Shelf
from storage.crash import crash_point
from storage.failures import AlreadyApplied, Busy


async def buy_variant(
    press: BuyVariant, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    code = await checkout.buy_variant(actor, press.variant, now=now)
    await show_checkout(ShowCheckout(code), actor, say, now, links, screen)


async def buy_flash(
    press: BuyFlash, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    code = await checkout.buy_flash(actor, press.deal, now=now)
    await show_checkout(ShowCheckout(code), actor, say, now, links, screen)


async def show_checkout(
    press: ShowCheckout, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    """In private alone, for it says where a person lives; from elsewhere it leads there."""
    if not screen.private:
        await screen.open(links.checkout(press.code))
        return
    view = await checkout.show_checkout(actor, press.code)
    await screen.show(checkout_card(view, say, now))


async def choose_variant(
    press: ChooseVariant, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await checkout.choose_variant(actor, press.checkout, press.variant, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def choose_quantity(
    press: ChooseQuantity, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await checkout.choose_quantity(actor, press.checkout, press.quantity, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def enter_address(
    press: EnterAddress,
    actor: Actor,
    say: Language,
    now: datetime,
    links: Links,
    scenes: ScenesManager,
    screen: Screen,
) -> None:
    """Asks for it as long as there is something to send."""
    view = await checkout.show_checkout(actor, press.checkout)
    if view.open and now < view.expires_at and screen.private:
        await scenes.enter(AddressForm, context={"checkout": press.checkout})
    else:
        await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def pay(
    press: Pay,
    actor: Actor,
    say: Language,
    now: datetime,
    screen: Screen,
    bot: Bot,
    provider: Provider,
) -> None:
    """Sends the invoice under the card. It can be paid while the hold lasts."""
    invoice = await checkout.prepare_invoice(actor, press.checkout, provider, now=now)
    token = provider.for_currency(invoice.currency).token
    fields = invoice_params(invoice, token, say)
    await bot.send_invoice(chat_id=actor.telegram_id, **fields)


async def promise(
    press: PromiseSeat, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await promising.confirm_promise(actor, press.checkout, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def cancel(
    press: CancelCheckout, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await checkout.cancel_checkout(actor, press.checkout, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def confirm(query: PreCheckoutQuery, actor: Actor, say: Language, now: datetime) -> None:
    """Telegram waits ten seconds for this answer; a no costs nobody anything."""
    try:
        await payments.confirm_checkout(
            actor, query.invoice_payload, query.currency, query.total_amount, now=now
        )
    except AlreadyApplied:
        pass
    except Busy:
        await query.answer(ok=False, error_message=say.plain("Very busy. Please try again."))
        return
    except Refusal as refusal:
        await query.answer(ok=False, error_message=words(refusal, say)[:200])
        return
    await query.answer(ok=True)
    crash_point("K13")


async def paid(message: Message, actor: Actor, now: datetime, provider: Provider) -> None:
    """Only Telegram's own field counts. The receipt follows by the outbox."""
    payment = message.successful_payment
    assert payment is not None
    charge = payments.Charge(
        provider=provider.for_currency(payment.currency).name,
        charge_id=payment.telegram_payment_charge_id,
        provider_charge_id=payment.provider_payment_charge_id,
        payload=payment.invoice_payload,
        currency=payment.currency,
        amount_minor=payment.total_amount,
    )
    await payments.record_payment(actor, charge, now=now)


class SuccessfulPayment(Filter):
    """The service message by which Telegram says that money was taken."""

    async def __call__(self, message: Message) -> bool:
        return message.successful_payment is not None


def router() -> Shelf:
    shelf = Shelf("checkout")
    shelf.press(BuyVariant, buy_variant)
    shelf.press(BuyFlash, buy_flash)
    shelf.press(ShowCheckout, show_checkout)
    shelf.press(ChooseVariant, choose_variant)
    shelf.press(ChooseQuantity, choose_quantity)
    shelf.press(EnterAddress, enter_address)
    shelf.press(Pay, pay)
    shelf.press(PromiseSeat, promise)
    shelf.press(CancelCheckout, cancel)
    shelf.pre_checkout_query.register(confirm)
    shelf.message.register(paid, SuccessfulPayment())
    return shelf
