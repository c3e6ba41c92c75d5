"""Guards of seats and of the ends of group buys."""

from __future__ import annotations

from tests.guards.kinds import Guard, guard

GROUPS = "commerce/actions/groups.py"
HOLDING = "commerce/actions/holding.py"
SUCCESSION = "commerce/actions/succession.py"
SEAT_LINE = "commerce/actions/seat_line.py"
DECIDING = "commerce/actions/deciding.py"
SWEEPS = "commerce/actions/sweeps.py"
RUSHES = "tests/races/test_rushes.py::test_"
LOCKS = "tests/races/test_locks.py::test_"
MEETING = "tests/races/test_lock_guards.py::test_"
LEAVING = "tests/races/test_leaving.py::test_"
BUYING = "tests/commerce/test_buying.py::test_"
ENDS = "tests/commerce/test_group_ends.py::test_"

GUARDS: tuple[Guard, ...] = (
    guard(
        "A seat is taken where one is left",
        GROUPS,
        "            col(GroupBuy.seats_left) >= quantity,\n",
        "",
        f"{RUSHES}seats_are_taken_once_each",
    ),
    guard(
        "A seat is taken in an open group",
        GROUPS,
        """            col(GroupBuy.state) == GroupState.OPEN,
            col(GroupBuy.ends_at) > now,""",
        "            col(GroupBuy.ends_at) > now,",
        f"{BUYING}a_group_that_is_decided_takes_nobody",
    ),
    guard(
        "A seat is taken before the group's end",
        GROUPS,
        "            col(GroupBuy.ends_at) > now,\n",
        "",
        f"{BUYING}a_group_that_is_over_takes_nobody",
    ),
    guard(
        "Who opens a group is locked",
        GROUPS,
        """        await one_at_a_time(session, actor)
        require_live(deal, now)""",
        "        require_live(deal, now)",
        f"{MEETING}two_groups_opened_at_once_stay_under_the_cap[postgres]",
    ),
    guard(
        "Who joins a group is locked",
        GROUPS,
        """        await one_at_a_time(session, actor)
        if await _held_by""",
        "        if await _held_by",
        f"{MEETING}two_groups_joined_at_once_stay_under_the_cap[postgres]",
    ),
    guard(
        "Whether a deal opens groups is asked before the host's cap",
        GROUPS,
        "        require_live(deal, now)\n",
        "",
        f"{BUYING}a_deal_that_is_over_is_over_for_those_at_their_cap_too",
    ),
    guard(
        "A group is not opened of a deal that ended meanwhile",
        GROUPS,
        "        await require_still_live(session, deal, now)\n",
        "",
        f"{LOCKS}a_deal_is_paused_while_a_group_is_being_opened[postgres]",
    ),
    guard(
        "A flash deal opens no group",
        GROUPS,
        "if deal.kind == DealKind.FLASH:",
        "if False:",
        f"{BUYING}deals_are_bought_in_their_own_way",
    ),
    guard(
        "A paused deal's groups take nobody",
        GROUPS,
        "if deal.state == DealState.PAUSED:",
        "if False:",
        f"{BUYING}a_paused_deals_groups_take_nobody",
    ),
    guard(
        "Who has paid a seat is told so",
        GROUPS,
        "if row.state == SeatState.PAID:",
        "if False:",
        f"{BUYING}who_has_paid_does_not_join_again",
    ),
    guard(
        "The cap of a deal holds in groups",
        GROUPS,
        "    left = await require_under_limit(session, deal, actor.person_id, quantity)\n",
        "    left = deal.per_person\n",
        f"{ENDS}who_was_in_a_failed_group_may_try_again",
    ),
    guard(
        "A seat is let go once",
        HOLDING,
        "    if seat.state == SeatState.RELEASED:\n        return\n",
        "",
        f"{BUYING}a_seat_is_let_go_once",
    ),
    guard(
        "A decided group is not called off or handed on",
        SUCCESSION,
        "if group.state != GroupState.OPEN:",
        "if False:",
        f"{BUYING}a_failed_group_is_not_called_off",
    ),
    guard(
        "A group is locked before a seat of it is given up",
        "commerce/actions/leaving.py",
        ".with_for_update(key_share=True)",
        "",
        f"{LEAVING}who_leaves_while_it_is_decided_goes_before_or_stays[postgres]",
    ),
    guard(
        "A place in line is locked before what is held is counted",
        SEAT_LINE,
        "        .with_for_update(of=Waiter, key_share=True)\n",
        "",
        f"{LEAVING}who_joins_elsewhere_is_not_offered_a_seat_too[postgres]",
    ),
    guard(
        "Who is leaving the line is passed",
        SEAT_LINE,
        "        .with_for_update(skip_locked=True, key_share=True)\n",
        "",
        f"{LEAVING}who_joins_elsewhere_is_not_offered_a_seat_too[postgres]",
    ),
    guard(
        "A group is locked before its checkout is let go",
        HOLDING,
        ".with_for_update(of=GroupBuy, key_share=True)",
        "",
        f"{MEETING}a_seat_paid_while_the_group_closes_is_counted_or_returned[postgres]",
    ),
    guard(
        "Two taps of one person take one seat",
        "commerce/actions/groups.py",
        "if await _held_by(session, id_of(group), actor.person_id):",
        "if False:",
        f"{MEETING}two_taps_of_one_person_take_one_seat[postgres]",
    ),
    guard(
        "A group is locked before it is decided",
        DECIDING,
        ".with_for_update(key_share=True)",
        "",
        f"{MEETING}a_closer_counts_the_seat_that_was_just_paid[postgres]",
    ),
    guard(
        "What is decided stays decided",
        DECIDING,
        """    if group.state != GroupState.OPEN:
        return
    tiers""",
        "    tiers",
        f"{BUYING}what_is_decided_stays_decided",
    ),
    guard(
        "A group goes from open to decided once",
        DECIDING,
        ".where(col(GroupBuy.id) == group.id, col(GroupBuy.state) == GroupState.OPEN)",
        ".where(col(GroupBuy.id) == group.id)",
        f"{BUYING}a_group_closed_by_another_is_not_closed_again",
    ),
    guard(
        "Only groups whose time has come are closed",
        SWEEPS,
        "(col(GroupBuy.state) == GroupState.OPEN) & (col(GroupBuy.ends_at) <= now)",
        "(col(GroupBuy.ends_at) <= now)",
        f"{ENDS}what_is_swept_is_swept_once",
    ),
    guard(
        "Only deals whose time is over are ended",
        SWEEPS,
        "update(Deal).where(col(Deal.id) == deal_id, due)",
        "update(Deal).where(col(Deal.id) == deal_id)",
        f"{MEETING}a_deal_extended_while_the_clock_looks_is_not_ended",
    ),
)
