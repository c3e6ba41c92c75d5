"""How the stand-in says no: an error code, Telegram's words, and whose fault it is."""

from typing import Literal

from playground.things import Json

Blame = Literal["violation", "notice"]


class Refused(Exception):
    """An answer with ok=false. `blame` is "violation" when a correct client never asks this."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        blame: Blame = "violation",
        parameters: Json | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.blame: Blame = blame
        self.parameters = parameters

    def answer(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class NotPossible(Exception):
    """A person tried what a real app would not offer; the words are for the page."""


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def missed(description: str) -> Refused:
    """A 400 that can happen to a correct client, because people act meanwhile."""
    return Refused(400, f"Bad Request: {description}", blame="notice")


def forbidden(description: str) -> Refused:
    return Refused(403, f"Forbidden: {description}", blame="notice")


def too_old() -> Refused:
    return missed("query is too old and response timeout expired or query ID is invalid")


def too_many(seconds: int, *, blame: Blame = "violation") -> Refused:
    return Refused(
        429,
        f"Too Many Requests: retry after {seconds}",
        blame=blame,
        parameters={"retry_after": seconds},
    )
