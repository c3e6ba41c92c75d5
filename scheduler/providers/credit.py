"""Store credit: nobody outside is asked, the books alone give it back (refunding.refund_done)."""

from __future__ import annotations

from commerce.actions.refunding import RefundJob


class StoreCredit:
    async def refund(self, job: RefundJob) -> None:
        return None

    async def close(self) -> None:
        return None
