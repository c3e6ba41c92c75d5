"""A payment company whose interface we do not speak: its refunds wait for the operator."""

from __future__ import annotations

from commerce.actions.refunding import RefundJob
from scheduler.providers import RefundRefused


class ByHand:
    async def refund(self, job: RefundJob) -> None:
        raise RefundRefused(
            "this payment company's refunds are not automatic yet: refund charge "
            f"{job.provider_charge_id} there"
        )

    async def close(self) -> None:
        return None
