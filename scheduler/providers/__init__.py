"""Ways to give money back. A new provider is one file here and one line in bot/roles.py."""

from __future__ import annotations

from typing import Protocol

from commerce.actions.refunding import RefundJob


class RefundRefused(Exception):
    """The provider said no, or could not be heard; the job is tried again later."""


class RefundProvider(Protocol):
    async def refund(self, job: RefundJob) -> None:
        """Returns when the money is on its way back, also when it was before.

        `job.key` makes a repeat harmless. Raises RefundRefused otherwise.
        """
        ...

    async def close(self) -> None: ...
