"""Error reports to Sentry, where its library is installed."""

from __future__ import annotations

import importlib
import json
import logging
from typing import Any

from bot.logs import Redaction

log = logging.getLogger(__name__)


def start_reports(dsn: str, redact: Redaction) -> None:
    """Reports carry no request data and no secret."""
    if not dsn:
        return
    try:
        sentry: Any = importlib.import_module("sentry_sdk")
    except ModuleNotFoundError:
        log.warning("SENTRY_DSN is set, but sentry-sdk is not installed: errors are only logged")
        return

    def clean(event: Any, hint: Any) -> Any:
        return json.loads(redact(json.dumps(event, default=str)))

    sentry.init(
        dsn=dsn,
        before_send=clean,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
    )
