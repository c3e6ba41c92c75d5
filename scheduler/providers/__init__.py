"""Ways to give money back. A new provider is one file here and one line in bot/roles.py."""

from __future__ import annotations

from typing import Protocol

from commerce.actions.comparing import Theirs
from commerce.actions.refunding import RefundJob


class RefundRefused(Exception):
    """The provider said no, or could not be heard; the job is tried again later."""


class ChargeList(Protocol):
    """A provider that lists what it charged; `complete` where nobody else charges through it."""

    complete: bool

    async def charges(self) -> list[Theirs]:
        """All of them. Raises RefundRefused when it cannot be heard."""
        ...

    async def close(self) -> None: ...


class RefundProvider(Protocol):
    async def refund(self, job: RefundJob) -> None:
        """Returns when the money is on its way back, also when it was before.

        `job.key` makes a repeat harmless. Raises RefundRefused otherwise.
        """
        ...

    async def close(self) -> None: ...
