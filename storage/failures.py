"""What storage can fail with, named for those who must react."""

from __future__ import annotations


class StorageError(Exception):
    """The root of what this package raises."""


class Busy(StorageError):
    """Another writer held the row, or the file, for too long. Nothing was changed; try again."""


class AlreadyApplied(StorageError):
    """The update that caused this was carried out before; `outcome` is the press that shows it."""

    def __init__(self, outcome: str | None) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class LeaseLost(StorageError):
    """Somebody else has claimed the row since. Nothing was changed, and nothing may be now."""


class Unavailable(StorageError):
    """The database could not be reached or refused to write. Nothing was changed."""


class SchemaMismatch(StorageError):
    """The database was made by another version of the program."""
