"""Guards on the way from "buy" to a hold, and of the stock behind it."""

from __future__ import annotations

from tests.guards.kinds import Guard, guard

STOCK = "commerce/actions/stock.py"
HOLDING = "commerce/actions/holding.py"
CHECKOUT = "commerce/actions/checkout.py"
LOOKUP = "commerce/actions/lookup.py"
SWEEPS = "commerce/actions/sweeps.py"
RUSHES = "tests/races/test_rushes.py::test_"
LOCKS = "tests/races/test_locks.py::test_"
MEETING = "tests/races/test_lock_guards.py::test_"
ENDINGS = "tests/races/test_endings.py::test_"
BUYING = "tests/commerce/test_buying.py::test_"

GUARDS: tuple[Guard, ...] = (
    guard(
        "Stock is taken where it is left",
        STOCK,
        "col(kind.id) == id_, col(kind.stock_left) >= quantity",
        "col(kind.id) == id_",
        f"{RUSHES}flash_pieces_are_sold_once_each",
    ),
    guard(
        "Goods go back in the order of ids",
        STOCK,
        "sorted(quantities.items())",
        "quantities.items()",
        f"{LOCKS}groups_that_fail_together_wait_for_each_other[postgres]",
    ),
    guard(
        "Variants are swapped in the order of ids",
        STOCK,
        "sorted((old_id, new_id))",
        "(new_id, old_id)",
        f"{LOCKS}variants_swapped_crosswise_wait_for_each_other[postgres]",
    ),
    guard(
        "A person buys one thing at a time",
        HOLDING,
        "await session.execute(person.with_for_update(key_share=True))",
        "await session.execute(person)",
        f"{LOCKS}two_taps_at_once_stay_under_the_cap[postgres]",
    ),
    guard(
        "A buyer at list price is locked",
        CHECKOUT,
        """        await one_at_a_time(session, actor)
        await hold(""",
        "        await hold(",
        f"{MEETING}three_holds_are_the_most_whatever_is_tapped_at_once[postgres]",
    ),
    guard(
        "A buyer of a flash deal is locked",
        CHECKOUT,
        """        await one_at_a_time(session, actor)
        require_live(deal, now)""",
        "        require_live(deal, now)",
        f"{LOCKS}two_taps_at_once_stay_under_the_cap[postgres]",
    ),
    guard(
        "A person holds three things at most",
        HOLDING,
        "if held.scalar_one() >= MOST_HOLDS:",
        "if False:",
        f"{BUYING}three_holds_are_the_most",
    ),
    guard(
        "A deal's cap a person",
        HOLDING,
        "if left < 0:",
        "if False:",
        f"{LOCKS}two_taps_at_once_stay_under_the_cap",
    ),
    guard(
        "What was let go counts for no cap",
        HOLDING,
        """            col(Checkout.state) != CheckoutState.RELEASED,
            col(GroupBuy.state)""",
        "            col(GroupBuy.state)",
        f"{BUYING}what_was_let_go_may_be_bought_again",
    ),
    guard(
        "What was paid in a failed group counts for no cap",
        HOLDING,
        "            col(GroupBuy.state).is_distinct_from(GroupState.FAILED),\n",
        "",
        "tests/commerce/test_group_ends.py::test_who_was_in_a_failed_group_may_try_again",
    ),
    guard(
        "Only what is still held is the same checkout again",
        HOLDING,
        "            col(Checkout.expires_at) > now,\n            col(Checkout.invoiced)",
        "            col(Checkout.invoiced)",
        f"{BUYING}second_tap_gets_the_same_hold_while_it_lasts",
    ),
    guard(
        "What is held is let go once",
        HOLDING,
        ".where(col(Checkout.state).in_(states), *which)",
        ".where(*which)",
        f"{ENDINGS}who_pays_while_cancelling_gets_the_goods_or_the_money",
        f"{BUYING}what_is_paid_is_not_let_go",
    ),
    guard(
        "A hold is not ended before its time",
        HOLDING,
        "over = [col(Checkout.expires_at) <= due] if due else []",
        "over: list[ColumnElement[bool]] = []",
        f"{MEETING}a_hold_that_was_prolonged_is_not_ended[postgres]",
    ),
    guard(
        "Only holds that are over are looked at",
        SWEEPS,
        "(col(Checkout.expires_at) <= now)",
        "(col(Checkout.expires_at) != now)",
        "tests/commerce/test_payments.py::test_pre_checkout_keeps_the_hold_while_the_card_is_charged",
        f"{BUYING}only_holds_that_are_over_are_swept",
    ),
    guard(
        "Whether a flash deal sells is asked before the buyer's cap",
        CHECKOUT,
        "        require_live(deal, now)\n        await require_under_limit",
        "        await require_under_limit",
        f"{BUYING}a_deal_that_is_over_is_over_for_those_at_their_cap_too",
    ),
    guard(
        "A flash deal that ended meanwhile sells nothing",
        CHECKOUT,
        "        await require_still_live(session, deal, now)\n",
        "",
        f"{LOCKS}a_deal_that_has_just_ended_sells_nothing",
    ),
    guard(
        "A deal with groups is not bought alone",
        CHECKOUT,
        "if deal.kind != DealKind.FLASH:",
        "if False:",
        f"{BUYING}deals_are_bought_in_their_own_way",
    ),
    guard(
        "A variant is swapped within its product",
        CHECKOUT,
        "if new.product_id != old.product_id:",
        "if False:",
        f"{BUYING}variant_of_another_product_is_not_chosen",
    ),
    guard(
        "A flash price is for one piece",
        CHECKOUT,
        "if flash or not 1 <= quantity <= MOST_PIECES:",
        "if not 1 <= quantity <= MOST_PIECES:",
        f"{BUYING}quantity_is_chosen_within_bounds",
    ),
    guard(
        "One to nine pieces",
        CHECKOUT,
        "if flash or not 1 <= quantity <= MOST_PIECES:",
        "if flash:",
        f"{BUYING}quantity_is_chosen_within_bounds",
    ),
    guard(
        "What is paid is not cancelled here",
        CHECKOUT,
        """        if checkout.state == CheckoutState.PAID:
            raise Expired
        await release""",
        "        await release",
        f"{BUYING}what_is_paid_is_not_let_go",
    ),
    guard(
        "No invoice without a way to pay",
        CHECKOUT,
        "if not provider.token and checkout.currency != STAR:",
        "if False:",
        f"{BUYING}invoice_is_made_for_what_can_be_paid",
    ),
    guard(
        "No invoice for what is not held",
        CHECKOUT,
        "        require_held(checkout, now)\n        if not provider.token",
        "        if not provider.token",
        f"{BUYING}invoice_is_made_for_what_can_be_paid",
    ),
    guard(
        "No invoice without an address",
        CHECKOUT,
        """        if needs_address(checkout.currency) and not checkout.address:
            raise NeedsAddress
        if checkout.credit""",
        "        if checkout.credit",
        f"{BUYING}invoice_is_made_for_what_can_be_paid",
    ),
    guard(
        "A checkout being changed is locked",
        LOOKUP,
        ".with_for_update(key_share=True)",
        "",
        f"{MEETING}what_ends_while_a_variant_is_chosen_is_given_back_once[postgres]",
    ),
    guard(
        "A checkout is changed by its own person",
        LOOKUP,
        """.where(col(Checkout.code) == code, col(Checkout.person_id) == actor.person_id)
        .with_for""",
        """.where(col(Checkout.code) == code)
        .with_for""",
        f"{BUYING}a_checkout_is_its_own_persons",
    ),
    guard(
        "A checkout is seen by its own person",
        LOOKUP,
        "col(Checkout.code) == code, col(Checkout.person_id) == person_id",
        "col(Checkout.code) == code",
        f"{BUYING}a_checkout_is_its_own_persons",
    ),
    guard(
        "What is paid is not changed",
        LOOKUP,
        "if checkout.state in (CheckoutState.PROMISED, CheckoutState.PAID, CheckoutState.BY_HAND):",
        "if False:",
        "tests/commerce/test_payments.py::test_pre_checkout_refuses_what_does_not_fit",
    ),
    guard(
        "What was let go is not changed",
        LOOKUP,
        "if checkout.state != CheckoutState.OPEN or checkout.expires_at <= now:",
        "if checkout.expires_at <= now:",
        f"{BUYING}what_was_let_go_is_not_changed",
    ),
    guard(
        "What is over is not changed",
        LOOKUP,
        "if checkout.state != CheckoutState.OPEN or checkout.expires_at <= now:",
        "if checkout.state != CheckoutState.OPEN:",
        "tests/commerce/test_payments.py::test_pre_checkout_refuses_what_does_not_fit",
    ),
    guard(
        "A draft is nobody's deal",
        LOOKUP,
        "            col(Deal.state) != DealState.DRAFT,\n",
        "",
        f"{BUYING}drafts_and_closed_brands_sell_nothing",
    ),
    guard(
        "A deal of a brand that is not live is nobody's",
        LOOKUP,
        """            col(Deal.state) != DealState.DRAFT,
            col(Brand.state) == BrandState.LIVE,
""",
        "            col(Deal.state) != DealState.DRAFT,\n",
        f"{BUYING}drafts_and_closed_brands_sell_nothing",
    ),
    guard(
        "A hidden product's variant is not sold",
        LOOKUP,
        "            col(Product.state) == ProductState.LIVE,\n",
        "",
        f"{BUYING}drafts_and_closed_brands_sell_nothing",
    ),
    guard(
        "A closed brand's variant is not sold",
        LOOKUP,
        """            col(Product.state) == ProductState.LIVE,
            col(Brand.state) == BrandState.LIVE,
""",
        "            col(Product.state) == ProductState.LIVE,\n",
        f"{BUYING}drafts_and_closed_brands_sell_nothing",
    ),
    guard(
        "A deal sells while it is live",
        LOOKUP,
        "if found not in (Phase.LIVE, Phase.SOLD_OUT):",
        "if False:",
        f"{LOCKS}a_deal_that_has_just_ended_sells_nothing",
    ),
)
