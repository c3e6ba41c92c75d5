"""Guards of who may do what: brands, deals, broadcasts, chats."""

from __future__ import annotations

from tests.guards.kinds import Guard, guard

BRANDING = "commerce/actions/branding.py"
DEALING = "commerce/actions/dealing.py"
BROADCASTING = "commerce/actions/broadcasting.py"
SUBSCRIBING = "commerce/actions/subscribing.py"
CHATS = "commerce/actions/chats.py"
RIGHTS = "tests/commerce/test_brand_rights.py::test_"
OF_DEALS = "tests/commerce/test_dealing.py::test_"
OF_BROADCASTS = "tests/commerce/test_broadcasting.py::test_"
OF_CHATS = "tests/commerce/test_chats.py::test_"
LOCKS = "tests/races/test_locks.py::test_"
MEETING = "tests/races/test_lock_guards.py::test_"

GUARDS: tuple[Guard, ...] = (
    guard(
        "A brand is its own people's",
        BRANDING,
        """            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
        )
    )
    if lock""",
        """            col(Brand.state) != BrandState.CLOSED,
        )
    )
    if lock""",
        f"{RIGHTS}matrix_of_rights",
    ),
    guard(
        "A closed brand is nobody's",
        BRANDING,
        """            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
        )
    )
    if lock""",
        """            col(Staff.person_id) == actor.person_id,
        )
    )
    if lock""",
        f"{RIGHTS}closed_brand_is_gone_for_its_own_people_too",
    ),
    guard(
        "A brand that waits sells nothing",
        BRANDING,
        "if brand.state == BrandState.PENDING:",
        "if False:",
        f"{RIGHTS}pending_brand_sells_nothing_yet",
    ),
    guard(
        "What is the owner's is not the editor's",
        BRANDING,
        "if owner and role != Role.OWNER:",
        "if False:",
        f"{RIGHTS}matrix_of_rights",
    ),
    guard(
        "One brand of a person waits",
        BRANDING,
        """        await _require_none_waiting(session, actor)
        waits""",
        "        waits",
        f"{RIGHTS}house_without_operators_opens_brands_at_once",
    ),
    guard(
        "Operators alone judge",
        BRANDING,
        """    if not actor.operator:
        raise NotOperator
    async with begin(actor)""",
        "    async with begin(actor)",
        f"{RIGHTS}only_operators_judge",
    ),
    guard(
        "A brand is judged once",
        BRANDING,
        ".where(col(Brand.code) == code, col(Brand.state) == BrandState.PENDING)",
        ".where(col(Brand.code) == code)",
        f"{RIGHTS}only_operators_judge",
    ),
    guard(
        "A deal is its own brand's",
        DEALING,
        """            col(Brand.state) == BrandState.LIVE,
            col(Staff.person_id) == actor.person_id,
""",
        "            col(Brand.state) == BrandState.LIVE,\n",
        f"{RIGHTS}matrix_of_rights",
    ),
    guard(
        "A deal is sound",
        DEALING,
        "        if wrong:\n",
        "        if False:\n",
        f"{OF_DEALS}bad_deal_is_refused_and_not_written",
    ),
    guard(
        "A hidden product gets no deal",
        DEALING,
        "if product.state != ProductState.LIVE:",
        "if False:",
        f"{OF_DEALS}hidden_product_gets_no_deal",
    ),
    guard(
        "A deal is changed from the state it is in",
        DEALING,
        "if deal.state not in possible or deal.ends_at <= now:",
        "if deal.ends_at <= now:",
        f"{OF_DEALS}a_deal_is_paused_and_resumed_once_each",
    ),
    guard(
        "A deal is changed before its end",
        DEALING,
        "if deal.state not in possible or deal.ends_at <= now:",
        "if deal.state not in possible:",
        f"{OF_DEALS}deal_that_is_over_cannot_be_changed",
    ),
    guard(
        "A second tap adds no second day",
        DEALING,
        "if int(deal.ends_at.timestamp()) != shown_end:",
        "if False:",
        f"{OF_DEALS}second_tap_extends_no_second_day",
    ),
    guard(
        "A deal being changed is locked",
        DEALING,
        "statement = statement.with_for_update(of=Deal, key_share=True)",
        "pass",
        f"{MEETING}a_deal_extended_twice_at_once_is_a_day_longer[postgres]",
    ),
    guard(
        "A brand rests a day between broadcasts",
        BROADCASTING,
        "        await _require_rested(session, actor, id_of(brand), now)\n",
        "",
        f"{OF_BROADCASTS}one_broadcast_a_day_even_if_two_confirm_at_once",
    ),
    guard(
        "A brand that broadcasts is locked",
        BRANDING,
        "statement = statement.with_for_update(of=Brand, key_share=True)",
        "pass",
        f"{MEETING}two_broadcasts_at_once_are_one[postgres]",
    ),
    guard(
        "A broadcast is its own brand's",
        BROADCASTING,
        """            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
""",
        "            col(Brand.state) != BrandState.CLOSED,\n",
        f"{RIGHTS}matrix_of_rights",
    ),
    guard(
        "A deal of another brand is not broadcast",
        BROADCASTING,
        "if row.brand_id != brand.id:",
        "if False:",
        f"{RIGHTS}deal_of_another_own_brand_is_not_broadcast",
    ),
    guard(
        "A deal that is over is not broadcast",
        BROADCASTING,
        "if view.phase not in (Phase.LIVE, Phase.SOON):",
        "if False:",
        f"{OF_BROADCASTS}deal_is_not_broadcast_after_its_end",
    ),
    guard(
        "Only what waits is taken back",
        BROADCASTING,
        ".where(mine, ROW.state.in_(WAITING))",
        ".where(mine)",
        f"{OF_BROADCASTS}report_counts_each_end_of_its_own_rows_only",
    ),
    guard(
        "A chat that chooses is locked",
        SUBSCRIBING,
        "found = await session.execute(chosen.with_for_update(key_share=True))",
        "found = await session.execute(chosen)",
        f"{MEETING}a_chat_that_chooses_twice_at_once_subscribes_once[postgres]",
    ),
    guard(
        "A closed brand is not chosen",
        SUBSCRIBING,
        "col(Brand.code) == brand_code, col(Brand.state) == BrandState.LIVE",
        "col(Brand.code) == brand_code",
        f"{OF_CHATS}a_closed_brand_is_not_chosen",
    ),
    guard(
        "A deal stands in a chat once in ten minutes",
        CHATS,
        "if await _stands_above(session, actor.bot_id, chat, deal, now):",
        "if False:",
        f"{OF_CHATS}a_deal_is_posted_once_in_ten_minutes",
        f"{MEETING}a_deal_posted_twice_at_once_stands_once[postgres]",
    ),
    guard(
        "A chat where a deal is posted is locked",
        CHATS,
        "statement.with_for_update() if lock else statement",
        "statement",
        f"{MEETING}a_deal_posted_twice_at_once_stands_once[postgres]",
    ),
    guard(
        "Only a deal that sells is posted",
        CHATS,
        "            require_live(deal, now)\n",
        "",
        f"{OF_CHATS}only_a_deal_that_can_be_bought_is_posted",
    ),
    guard(
        "A sold-out deal is not posted",
        CHATS,
        "            if not deal.stock_left:\n                raise SoldOut(0)\n",
        "",
        f"{OF_CHATS}only_a_deal_that_can_be_bought_is_posted",
    ),
    guard(
        "A closed chat subscribes nothing",
        SUBSCRIBING,
        """    chat = found.scalar_one_or_none()
    if chat is None:
        raise NotFound
    return id_of(chat)""",
        """    chat = found.scalar_one_or_none()
    return id_of(chat) if chat else 0""",
        f"{OF_CHATS}choices_of_nothing_that_exists_are_not_found",
    ),
)
