"""Alembic's entry: migrates the connection it is handed (see storage.schema)."""

from __future__ import annotations

from typing import Any

from alembic import context

from storage.tables import Table

OUTSIDE_THE_MODELS = ("product_search", "ledger_entry_")


def include_object(obj: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Search tables are the databases' own kinds, made by hand in the migrations."""
    return not (name or "").startswith(OUTSIDE_THE_MODELS) or name == "ledger_entry"


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Table.metadata,
        render_as_batch=True,
        include_object=include_object,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
