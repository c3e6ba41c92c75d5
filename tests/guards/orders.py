"""Guards of what comes after: orders, late money, cash."""

from __future__ import annotations

from tests.guards.kinds import Guard, guard

MOVING = "commerce/actions/moving.py"
GIVING_BACK = "commerce/actions/giving_back.py"
AFTERSALE = "commerce/actions/aftersale.py"
BY_HAND = "commerce/actions/by_hand.py"
REFUNDING = "commerce/actions/refunding.py"
LATE = "commerce/actions/late.py"
CHOOSING = "commerce/actions/choosing.py"
REVIVING = "commerce/actions/reviving.py"
SWEEPS = "commerce/actions/sweeps.py"
GROUPS = "commerce/actions/groups.py"
PAYMENTS = "commerce/actions/payments.py"
SALES = "tests/commerce/test_aftersale.py::test_"
CASH = "tests/commerce/test_by_hand.py::test_"
LATER = "tests/commerce/test_late.py"
CHOICES = "tests/races/test_late_choices.py"
SEATS = "tests/commerce/test_more_seats.py"
MEETING = "tests/races/test_lock_guards.py::test_"

GUARDS: tuple[Guard, ...] = (
    guard(
        "An order is its own buyer's",
        MOVING,
        "col(Order.code) == code, col(Order.person_id) == actor.person_id",
        "col(Order.code) == code",
        f"{SALES}matrix_of_rights",
    ),
    guard(
        "An order is its own brand's",
        MOVING,
        """            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
""",
        "            col(Brand.state) != BrandState.CLOSED,\n",
        f"{SALES}matrix_of_rights",
    ),
    guard(
        "Money leaves a brand by its owner's hand",
        MOVING,
        "if owner and role != Role.OWNER:",
        "if False:",
        f"{SALES}matrix_of_rights",
    ),
    guard(
        "An order moves from where it stands",
        MOVING,
        ".where(col(Order.id) == order.id, stands_at(move, hand))",
        ".where(col(Order.id) == order.id)",
        f"{SALES}stale_press_changes_nothing",
    ),
    guard(
        "No more is given back than the order was",
        GIVING_BACK,
        "gone + amount_minor <= col(Order.total_minor)",
        "gone >= 0",
        f"{SALES}return_of_more_than_is_left_is_refused",
    ),
    guard(
        "A part is given back on the card as it is",
        GIVING_BACK,
        "[gone == seen_minor]",
        "[]",
        f"{SALES}amount_decided_upon_an_old_card_is_refused",
    ),
    guard(
        "A return is asked for in time",
        AFTERSALE,
        "        require_in_time(order, now)\n",
        "",
        f"{SALES}return_is_asked_for_within_two_weeks",
    ),
    guard(
        "Cash is confirmed by the brand's people",
        BY_HAND,
        "col(CheckoutLine.checkout_id) == checkout_id, col(Staff.person_id) == actor.person_id",
        "col(CheckoutLine.checkout_id) == checkout_id",
        f"{CASH}cash_goes_back_by_hand_only",
    ),
    guard(
        "Cash is confirmed once",
        BY_HAND,
        "        if not await take_charge(session, payer, charge, now=now):\n"
        "            raise Expired",
        "        await take_charge(session, payer, charge, now=now)",
        f"{CASH}two_editors_confirm_at_once",
    ),
    guard(
        "Cash is for brands that take it",
        BY_HAND,
        "if not left or not (await ways_of(session, checkout)).by_hand:",
        "if not left:",
        f"{CASH}brand_without_cash_is_not_paid_by_hand",
    ),
    guard(
        "Cash is handed back once",
        BY_HAND,
        "if refund.state == RefundState.DONE:",
        "if False:",
        f"{CASH}cash_goes_back_by_hand_only",
    ),
    guard(
        "No cashier hands back cash",
        REFUNDING,
        "                col(Refund.provider) != CASH,  # the brand hands it back, and says so\n",
        "",
        f"{CASH}cash_goes_back_by_hand_only",
    ),
    guard(
        "Late money is decided on once",
        LATE,
        ".where(col(Payment.state) == PaymentState.LATE, *which)",
        ".where(*which)",
        LATER,
        CHOICES,
    ),
    guard(
        "A choice is made for what the payer had",
        CHOOSING,
        "if left < 0:",
        "if False:",
        LATER,
    ),
    guard(
        "What its person let go of is not taken again",
        REVIVING,
        "over = checkout.state == CheckoutState.RELEASED and checkout.expires_at <= now",
        "over = checkout.state == CheckoutState.RELEASED",
        "tests/commerce/test_payments.py",
        LATER,
    ),
    guard(
        "What was sold meanwhile is not taken again",
        REVIVING,
        "    if not await stock.are_there(session, goods):\n        return False\n",
        "",
        LATER,
        "tests/races/test_endings.py",
    ),
    guard(
        "Another's invoice pays nothing",
        PAYMENTS,
        "if checkout is not None and checkout.person_id != actor.person_id:",
        "if False:",
        LATER,
    ),
    guard(
        "Nobody takes a whole group",
        GROUPS,
        "if quantity >= group.capacity:",
        "if False:",
        SEATS,
    ),
    guard(
        "More seats stay under the cap",
        GROUPS,
        "        left = await require_under_limit(session, deal, actor.person_id, more)\n",
        "        left = deal.per_person\n",
        SEATS,
    ),
    guard(
        "A refund handed back is locked",
        BY_HAND,
        "            .with_for_update(of=Refund, key_share=True)\n",
        "",
        f"{MEETING}cash_handed_back_twice_at_once_is_said_once[postgres]",
    ),
    guard(
        "Two clocks alert of different refunds",
        "commerce/actions/alerting.py",
        "            .with_for_update(skip_locked=True)\n",
        "",
        f"{MEETING}two_clocks_alert_of_different_refunds[postgres]",
    ),
    guard(
        "Credit being used is locked",
        "commerce/actions/spending.py",
        "            .with_for_update(key_share=True)\n",
        "",
        f"{MEETING}credit_used_twice_at_once_is_shared[postgres]",
    ),
    guard(
        "What late money takes again is locked",
        "commerce/actions/stock.py",
        "        .with_for_update(key_share=True)\n",
        "",
        f"{MEETING}what_late_money_takes_again_is_sold_to_nobody_else[postgres]",
    ),
)
