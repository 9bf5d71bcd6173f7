"""What can go wrong, in words that a person can act on."""

from __future__ import annotations


class MarketplaceError(Exception):
    """Something that a person or a caller must be told.

    ``reason`` is an English catalogue entry; ``params`` fill its ``%(name)s`` places. Pages translate
    the reason first and fill it afterwards; ``str(error)`` is the English text.
    """

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params

    def __str__(self) -> str:
        return self.reason % self.params if self.params else self.reason


class Rejected(MarketplaceError):
    """A person's input breaks a rule. ``field`` names the input to correct, if there is one."""

    def __init__(self, reason: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(reason, **params)
        self.field = field


class NotFound(MarketplaceError):
    """There is no such thing, or none that this person may know of."""


class Forbidden(MarketplaceError):
    """This person may not do that."""


class Stale(MarketplaceError):
    """Somebody else changed the thing in the meantime."""
