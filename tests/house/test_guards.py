"""The table of guards fits the code: each stands where it says, and its tests are there."""

from __future__ import annotations

import re
from collections import Counter

from tests.guards import GUARDS
from tests.guards.kinds import ROOT, Edit, Guard, astray
from tests.guards.table import rows
from tests.house.source import modules

LOCK = re.compile(r"with_for_update\([^)]*\)")
# Locks beside another guard of the same thing, which alone is enough: no test can miss them.
NOT_ALONE = {
    "commerce/actions/broadcasting.py": 1,  # the messages taken back are locked themselves
    "commerce/actions/invoicing.py": 1,  # the group's lock covers what is promised in it
    "commerce/actions/moving.py": 1,  # so is the order, as long as a checkout is one order
    "commerce/actions/reviving.py": 2,  # the group's lock covers its seat, the stock's its deal
    "storage/reach.py": 1,  # moving a chat twice is the same as once
}


def test_each_guard_stands_in_the_code_once() -> None:
    assert [place for guard in GUARDS for place in astray(guard)] == []


def test_guards_have_names_of_their_own() -> None:
    assert [n for n, times in Counter(guard.name for guard in GUARDS).items() if times > 1] == []


def test_tests_of_the_guards_are_there() -> None:
    missing = []
    for test in sorted({test for guard in GUARDS for test in guard.tests}):
        file, _, function = test.partition("::")
        path = ROOT / file
        called = f"def {function.partition('[')[0]}("
        if not path.is_file() or (function and called not in path.read_text(encoding="utf-8")):
            missing.append(test)
    assert missing == []


def locks() -> Counter[str]:
    """How many locks each file takes."""
    found = ((path, path.read_text(encoding="utf-8")) for path in modules("commerce", "storage"))
    return Counter(
        {
            path.relative_to(ROOT).as_posix(): len(LOCK.findall(text))
            for path, text in found
            if LOCK.search(text)
        }
    )


def test_every_lock_is_a_guard() -> None:
    """A new `with_for_update` needs a line in tests/guards and a test that fails without it."""
    listed = Counter(
        edit.file for guard in GUARDS for edit in guard.edits if LOCK.search(edit.text)
    )
    assert locks() == listed + Counter(NOT_ALONE)


def test_page_names_every_guard_and_says_that_it_is_noticed() -> None:
    """`make guards WORDS="..."` tries a new one and writes its line."""
    assert rows() == {guard.name: "noticed" for guard in GUARDS}


def test_guard_whose_text_changed_is_found() -> None:
    gone = Guard("x", (Edit("storage/codes.py", "no such text", ""),), ())
    assert len(astray(gone)) == 1
