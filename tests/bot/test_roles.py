"""Which parts a role is made of, and what is loaded for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.processes
@pytest.mark.parametrize(
    ("key", "provider", "loaded"), [("", "ByHand", False), ("sk_test_1", "StripeCards", True)]
)
def test_library_of_stripe_is_loaded_with_its_key_alone(
    key: str, provider: str, loaded: bool
) -> None:
    script = (
        "import sys, scheduler.cashier, scheduler.providers.pretend\n"
        "from bot.roles import telegram_refunds\n"
        f"made = telegram_refunds({key!r}, 'https://api.stripe.com')\n"
        "print(type(made).__name__, 'stripe' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == [provider, str(loaded)]
