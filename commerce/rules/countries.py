"""A country as people write it, and its two letters (ISO 3166)."""

from __future__ import annotations

from functools import cache

from babel.core import Locale

WRITTEN_IN = ("en", "zh")
ALSO = {
    "UK": "GB", "ENGLAND": "GB", "GREAT BRITAIN": "GB", "USA": "US", "AMERICA": "US", "UAE": "AE",
    "中华人民共和国": "CN", "香港": "HK", "HONG KONG": "HK", "澳门": "MO", "MACAU": "MO",
    "HOLLAND": "NL", "CZECH REPUBLIC": "CZ", "KOREA": "KR", "TURKEY": "TR",
}  # fmt: skip


def country_code(written: str) -> str:
    """Two letters, from a name in a language of ours or the code itself; empty if unknown."""
    return _codes().get(written.strip().upper(), "")


@cache
def _codes() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in WRITTEN_IN:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code != "ZZ":
                names[name.upper()] = code
                names[code] = code
    return names | ALSO
