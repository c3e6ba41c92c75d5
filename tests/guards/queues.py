"""Guards of what comes in and goes out: inbox, outbox, living cards, the database itself."""

from __future__ import annotations

from tests.guards.kinds import Edit, Guard, guard

INBOX, IN = "storage/inbox.py", "tests/storage/test_inbox.py::test_"
OUTBOX, OUT = "storage/outbox.py", "tests/storage/test_outbox.py::test_"
SETTLED = "storage/settled.py"
POSTED, CARDS = "storage/posted.py", "tests/storage/test_posted.py::test_"
DATABASE, DATA = "storage/database.py", "tests/storage/test_database.py::test_"
REACH = "storage/reach.py"
LOCKS = "tests/races/test_locks.py::test_"
MEETING = "tests/races/test_lock_guards.py::test_"

GUARDS: tuple[Guard, ...] = (
    guard(
        "An update is stored once",
        INBOX,
        """        .on_conflict_do_nothing(index_elements=["bot_id", "update_id"])\n""",
        "",
        f"{IN}update_stored_five_times_at_once_is_one_row",
    ),
    guard(
        "An update waits for the one before it in its lane",
        INBOX,
        "_time_has_come(), head, *urgent)",
        "_time_has_come(), *urgent)",
        f"{IN}claim_takes_only_the_head_of_each_lane",
    ),
    guard(
        "An update that is claimed is left alone",
        INBOX,
        "_time_has_come(), head, *urgent)",
        "head, *urgent)",
        f"{IN}claims_at_once_never_share_a_row_or_a_lane",
        f"{IN}retried_head_holds_its_lane_and_no_other",
    ),
    guard(
        "A chat stays there until its message is written",
        "commerce/actions/announcing.py",
        ".with_for_update(read=True)",
        "",
        "tests/races/test_gone_meanwhile.py::test_who_shuts_us_out_meanwhile_is_not_written_to"
        "[postgres]",
    ),
    guard(
        "Two workers claim different updates",
        INBOX,
        "        .with_for_update(skip_locked=True)\n",
        "",
        f"{MEETING}two_workers_claim_different_updates[postgres]",
    ),
    guard(
        "A lease that outlasts its worker is fenced",
        INBOX,
        "            version=ROW.version + 1,\n            attempts=ROW.attempts + 1,",
        "            attempts=ROW.attempts + 1,",
        f"{IN}expired_lease_is_claimed_again_with_a_new_version",
    ),
    guard(
        "Who lost the lease finishes nothing",
        INBOX,
        'ROW.version == bindparam("fence"))',
        'bindparam("fence", type_=Integer) > -1)',
        f"{IN}worker_that_lost_its_lease_changes_nothing",
    ),
    guard(
        "Who lost the lease settles nothing",
        INBOX,
        """            ROW.seq == claimed.seq,
            ROW.version == claimed.version,""",
        "            ROW.seq == claimed.seq,",
        f"{IN}worker_that_lost_its_lease_changes_nothing",
    ),
    guard(
        "Who lost the lease commits no effect",
        INBOX,
        """            ROW.seq == seq,
            ROW.version == version,""",
        "            ROW.seq == seq,",
        f"{IN}worker_that_lost_its_lease_changes_nothing",
    ),
    guard(
        "An update has its effect once",
        INBOX,
        "            ROW.applied.is_(False),\n",
        "",
        f"{IN}effects_are_committed_once_whoever_tries",
    ),
    guard(
        "Only quarantined updates are released",
        "storage/quarantine.py",
        ".where(ROW.seq == seq, ROW.state == InboxState.QUARANTINED)",
        ".where(ROW.seq == seq)",
        f"{IN}quarantined_update_is_listed_steps_aside_and_can_be_released",
    ),
    guard(
        "Only what is done is forgotten",
        INBOX,
        "            ROW.state == InboxState.DONE,\n",
        "",
        f"{IN}only_what_is_done_and_old_is_forgotten",
    ),
    guard(
        "Nothing is forgotten within a week",
        INBOX,
        "            ROW.received_at < db_time() - older_than_days * DAY_SECONDS,\n",
        "",
        f"{IN}only_what_is_done_and_old_is_forgotten",
    ),
    guard(
        "A message is written once",
        OUTBOX,
        """        .on_conflict_do_nothing(index_elements=["bot_id", "dedupe_key"])\n""",
        "",
        f"{OUT}same_key_is_written_once",
    ),
    guard(
        "A message waits for the one before it in its chat",
        OUTBOX,
        "ROW.id == _head(now), ",
        "",
        f"{OUT}only_the_head_of_a_chat_is_claimed",
    ),
    guard(
        "One message of a chat is in flight",
        OUTBOX,
        ", _in_flight() == 0)",
        ")",
        f"{OUT}what_is_in_flight_is_waited_for_by_what_is_more_urgent",
    ),
    guard(
        "Couriers claim one after another",
        OUTBOX,
        """        if database.dialect == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIM_LOCK})
""",
        "",
        f"{MEETING}couriers_claim_one_after_another[postgres]",
    ),
    guard(
        "Two couriers claim different messages",
        OUTBOX,
        "            .with_for_update(skip_locked=True)\n",
        "",
        f"{MEETING}two_couriers_claim_different_messages[postgres]",
    ),
    Guard(
        "A message is not sent before its time",
        (
            Edit(
                OUTBOX,
                ", _started(ROW, now))\n    return and_(UNSETTLED",
                ")\n    return and_(UNSETTLED",
            ),
            Edit(
                OUTBOX,
                "other.settled_at.is_(None), _started(other, now))",
                "other.settled_at.is_(None))",
            ),
        ),
        (f"{OUT}row_waiting_for_its_hour_lets_others_pass",),
    ),
    guard(
        "A message that waits for its hour lets others pass",
        OUTBOX,
        "other.settled_at.is_(None), _started(other, now))",
        "other.settled_at.is_(None))",
        f"{OUT}row_waiting_for_its_hour_lets_others_pass",
    ),
    guard(
        "A message put back waits",
        OUTBOX,
        "    waits = and_(ROW.state == NEW, ROW.lease_until <= db_time(), _started(ROW, now))",
        "    waits = and_(ROW.state == NEW, _started(ROW, now))",
        f"{OUT}row_sent_back_keeps_its_place",
    ),
    guard(
        "A message is sent within the lease",
        OUTBOX,
        "held(rows, CLAIMED), ROW.lease_until > db_time(), not_late(now)",
        "held(rows, CLAIMED), not_late(now)",
        f"{OUT}expired_lease_cannot_be_marked",
    ),
    guard(
        "A message is not sent after its time (not_after)",
        OUTBOX,
        "held(rows, CLAIMED), ROW.lease_until > db_time(), not_late(now)",
        "held(rows, CLAIMED), ROW.lease_until > db_time()",
        f"{OUT}marking_needs_the_lease_the_version_and_time",
    ),
    guard(
        "A courier that lost its lease settles nothing",
        OUTBOX,
        "tuple_(ROW.id, ROW.version).in_([(row.id, row.version) for row in rows])",
        "ROW.id.in_([row.id for row in rows])",
        f"{OUT}courier_that_lost_its_lease_changes_nothing",
    ),
    guard(
        "A message is settled from the state it was in",
        OUTBOX,
        "        ROW.state.in_(states),\n",
        "",
        f"{OUT}marking_needs_the_lease_the_version_and_time",
        f"{OUT}courier_that_lost_its_lease_changes_nothing",
    ),
    guard(
        "What is on its way is not cancelled",
        OUTBOX,
        "            ROW.state.in_((NEW, CLAIMED)),\n",
        "",
        f"{OUT}what_is_on_its_way_cannot_be_cancelled",
    ),
    guard(
        "Only unknown and dead messages are sent again",
        OUTBOX,
        ".where(ROW.id == id_, ROW.state.in_((OutboxState.UNKNOWN, OutboxState.DEAD)))",
        ".where(ROW.id == id_)",
        f"{OUT}operator_lists_and_retries_unknown",
    ),
    Guard(
        "A lost courier's messages are fenced",
        (
            Edit(
                OUTBOX,
                """                version=ROW.version + 1,
                lease_until=db_time() + lease_seconds,""",
                "                lease_until=db_time() + lease_seconds,",
            ),
            Edit(
                SETTLED, """fenced = {"version": ROW.version + 1, """, "fenced: dict[str, Any] = {"
            ),
        ),
        (f"{OUT}courier_that_lost_its_lease_changes_nothing",),
    ),
    guard(
        "A copy is drawn again when it changed while it was edited",
        POSTED,
        "case((col(PostedCard.version) == found.version, False), else_=True)",
        "False",
        f"{CARDS}change_during_an_edit_is_not_lost",
    ),
    guard(
        "A copy that changed meanwhile is not let go",
        POSTED,
        "col(PostedCard.id) == found.id, col(PostedCard.version) == found.version",
        "col(PostedCard.id) == found.id",
        f"{CARDS}copy_that_changed_meanwhile_is_tried_again",
    ),
    guard(
        "Copies are made stale in the order of ids",
        POSTED,
        """        .order_by(col(PostedCard.id))
        .with_for_update(key_share=True)
""",
        "",
        f"{MEETING}copies_made_stale_crosswise_wait_for_each_other[postgres]",
    ),
    guard(
        "Two couriers edit different copies",
        POSTED,
        "        .with_for_update(skip_locked=True)\n",
        "",
        f"{MEETING}two_couriers_edit_different_copies[postgres]",
    ),
    guard(
        "SQLite's writers take turns from their first word on",
        DATABASE,
        '"BEGIN IMMEDIATE" if writes else "BEGIN"',
        '"BEGIN"',
        f"{DATA}two_programs_that_count_up_lose_nothing",
    ),
    guard(
        "SQLite's commits are on the disk",
        DATABASE,
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
        f"{DATA}sqlite_is_set_for_safety",
    ),
    guard(
        "SQLite's foreign keys are held",
        DATABASE,
        '"foreign_keys=ON"',
        '"foreign_keys=OFF"',
        f"{DATA}sqlite_is_set_for_safety",
    ),
    guard(
        "PostgreSQL's locks are waited for three seconds",
        DATABASE,
        '"lock_timeout": str(LOCK_TIMEOUT_MS), ',
        "",
        f"{DATA}row_that_stays_locked_is_busy",
    ),
    guard(
        "A connection whose commit was refused is not used again",
        DATABASE,
        "        await session.invalidate()\n",
        "",
        f"{DATA}commit_that_is_refused_stands_in_nobodys_way[sqlite]",
    ),
)
