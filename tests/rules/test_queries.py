"""What somebody looks for, as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.rules.queries import Query, understand


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("tea", Query("tea", None, None)),
        ("tea under 20", Query("tea", None, 2_000)),
        ("茶 20以下", Query("茶", None, 2_000)),
        ("茶杯20元以内", Query("茶杯", None, 2_000)),
        ("cup over 5 below 12.50", Query("cup", 500, 1_250)),
        ("under $9.99", Query("", None, 999)),
        ("mug < 15", Query("mug", None, 1_500)),
        ("包 100以上", Query("包", 10_000, None)),
        ("thunder 20", Query("thunder 20", None, None)),
        ("minimal 5", Query("minimal 5", None, None)),
    ],
)
def test_bounds_are_understood(typed: str, query: Query) -> None:
    assert understand(typed) == query


@given(st.text(max_size=400))
def test_nothing_typed_breaks_it(typed: str) -> None:
    assert len(understand(typed).words) <= 400
