"""Guards of money: charges, refunds, store credit."""

from __future__ import annotations

from tests.guards.kinds import Guard, guard

PAYMENTS = "commerce/actions/payments.py"
SETTLING = "commerce/actions/settling.py"
REFUNDING = "commerce/actions/refunding.py"
FUNDS = "commerce/actions/funds.py"
CREDIT = "commerce/actions/credit.py"
SPENDING = "commerce/actions/spending.py"
TESTS = "tests/commerce/test_payments.py::test_"
FIT = f"{TESTS}pre_checkout_refuses_what_does_not_fit"
ENDINGS = "tests/races/test_endings.py::test_"
LOCKS = "tests/races/test_locks.py::test_"
MEETING = "tests/races/test_lock_guards.py::test_"
REFUNDS = "tests/commerce/test_refund_jobs.py::test_"
OF_CREDIT = "tests/commerce/test_credit.py"

GUARDS: tuple[Guard, ...] = (
    guard(
        "A charge is written down once",
        PAYMENTS,
        "        .on_conflict_do_nothing()\n",
        "",
        f"{TESTS}one_charge_told_five_times_is_one_order",
    ),
    guard(
        "Who pays is who holds",
        PAYMENTS,
        "if checkout is None or checkout.person_id != actor.person_id:",
        "if checkout is None:",
        FIT,
    ),
    guard(
        "Late money decides the group first",
        PAYMENTS,
        "if group is not None and group.ends_at <= now:  # first",
        "if False and group is not None:  # first",
        f"{TESTS}payment_after_the_deadline_decides_first_and_asks",
    ),
    guard(
        "A charge of another amount or currency pays nothing",
        PAYMENTS,
        "if checkout is None or not _fits(checkout, charge):",
        "if checkout is None:",
        f"{TESTS}money_for_nothing_left_goes_back",
    ),
    guard(
        "A charge for a decided group pays nothing",
        PAYMENTS,
        "if (group is None or takes_money(group, checkout)) and await mark_paid",
        "if await mark_paid",
        "tests/commerce/test_buying.py::test_a_charge_for_a_decided_group_pays_nothing",
    ),
    guard(
        "A second charge is told from a late one",
        PAYMENTS,
        "twice = checkout.state == CheckoutState.PAID",
        "twice = False",
        f"{TESTS}second_charge_on_one_invoice_goes_back",
    ),
    guard(
        "A checkout being paid is locked",
        PAYMENTS,
        "        .with_for_update(key_share=True)\n",
        "",
        f"{MEETING}a_checkout_about_to_be_charged_is_not_ended[postgres]",
    ),
    guard(
        "A checkout is paid once",
        SETTLING,
        ".where(col(Checkout.id) == checkout.id, col(Checkout.state).in_(HELD))",
        ".where(col(Checkout.id) == checkout.id)",
        f"{TESTS}second_charge_on_one_invoice_goes_back",
    ),
    guard(
        "The invoice says the shop's amount and currency",
        SETTLING,
        "if (checkout.currency, left) != (currency, amount_minor):",
        "if False:",
        FIT,
    ),
    guard(
        "Nothing is charged for what is not held",
        SETTLING,
        "    require_held(checkout, now)\n",
        "",
        FIT,
    ),
    guard(
        "Nothing is charged without an address",
        SETTLING,
        "if needs_address(checkout.currency) and not checkout.address:",
        "if False:",
        "tests/commerce/test_buying.py::test_nothing_is_charged_without_an_address",
    ),
    guard(
        "Nothing is charged for a group that is over",
        SETTLING,
        "if group is None or (group.state == GroupState.OPEN and now < group.ends_at):",
        "if group is None or group.state == GroupState.OPEN:",
        "tests/commerce/test_buying.py::test_nothing_is_charged_for_a_group_that_is_over",
    ),
    guard(
        "Nothing is charged for a group that is decided",
        SETTLING,
        "if group is None or (group.state == GroupState.OPEN and now < group.ends_at):",
        "if group is None or now < group.ends_at:",
        "tests/commerce/test_buying.py::test_nothing_is_charged_for_a_group_that_is_over",
    ),
    guard(
        "No more goes back than came in",
        REFUNDING,
        "if outside + as_credit != amount_minor:",
        "if False:",
        OF_CREDIT,
        f"{REFUNDS}more_than_was_paid_does_not_go_back",
    ),
    guard(
        "A refund that is done is not claimed",
        REFUNDING,
        "                col(Refund.state) != RefundState.DONE,\n",
        "",
        f"{REFUNDS}a_refund_that_is_done_is_done",
    ),
    guard(
        "A refund is not claimed before its time",
        REFUNDING,
        "                col(Refund.next_at) <= now,\n",
        "",
        f"{REFUNDS}a_claimed_refund_is_one_cashiers",
    ),
    guard(
        "Two cashiers claim different refunds",
        REFUNDING,
        "            .with_for_update(skip_locked=True)\n",
        "",
        f"{REFUNDS}two_cashiers_at_once_claim_different_refunds[postgres]",
    ),
    guard(
        "A refund is booked once",
        REFUNDING,
        ".where(col(Refund.id) == job.id, col(Refund.state) != RefundState.DONE)",
        ".where(col(Refund.id) == job.id)",
        f"{REFUNDS}a_refund_that_is_done_is_done",
    ),
    guard(
        "A cashier that lost its claim puts nothing off",
        REFUNDING,
        "                col(Refund.version) == job.version,\n",
        "",
        f"{REFUNDS}a_cashier_that_lost_its_claim_puts_nothing_off",
    ),
    guard(
        "A refund that is done is not put off",
        REFUNDING,
        "                col(Refund.state) == RefundState.CLAIMED,\n",
        "",
        f"{REFUNDS}a_refund_that_is_done_is_done",
    ),
    guard(
        "Credit is spent where there is some",
        CREDIT,
        "            col(Credit.balance_minor) >= amount_minor,\n",
        "",
        f"{OF_CREDIT}::test_no_more_credit_is_held_than_there_is",
    ),
)
