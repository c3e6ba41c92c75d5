"""Buttons of a chat's menu, and of the deals shown there."""

from __future__ import annotations

from cards.presses.wire import Code, Number, Press, Word, press


@press("ch")
class ShowChat(Press):
    """What a chat subscribed to. Its admins alone may see and change it."""

    chat: Code


@press("chb")
class ShowChatBrands(Press):
    chat: Code
    page: Number


@press("chc")
class ShowChatCategories(Press):
    chat: Code
    page: Number


@press("chz")
class ShowChatZones(Press):
    chat: Code
    page: Number


@press("che")
class ChooseEverything(Press):
    chat: Code
    on: Number


@press("cht")
class ChooseChatBrand(Press):
    chat: Code
    brand: Code
    on: Number
    page: Number


@press("chk")
class ChooseChatCategory(Press):
    chat: Code
    category: Code
    on: Number
    page: Number


@press("chl")
class ChooseChatLanguage(Press):
    chat: Code
    locale: Word


@press("cho")
class ChooseChatZone(Press):
    chat: Code
    zone: Word


@press("chq")
class ChooseQuietHours(Press):
    """Whole hours; both alike = none."""

    chat: Code
    start: Number
    end: Number


@press("chp")
class ChoosePosts(Press):
    chat: Code
    posts: Number


@press("chd")
class ConfirmChat(Press):
    chat: Code


@press("chs")
class StopChat(Press):
    chat: Code


@press("cl")
class ShowChatDeals(Press):
    """The list of deals in a group chat."""

    page: Number


@press("pd")
class PostDeal(Press):
    """Posts the deal's living card into the chat where the press stands."""

    deal: Code
