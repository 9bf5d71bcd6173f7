"""What can go wrong, in words that a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterator


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
        self.others: tuple[Rejected, ...] = ()

    def each(self) -> Iterator[Rejected]:
        """This, and what else has to be corrected."""
        yield self
        yield from self.others


def check_all(*rules: Callable[[], None]) -> None:
    """Try every rule, then raise the first `Rejected`, which carries the ``others``.

    So that a person learns of everything that is wrong at once.
    """
    found: list[Rejected] = []
    for rule in rules:
        try:
            rule()
        except Rejected as error:
            found += error.each()
    if found:
        found[0].others = tuple(found[1:])
        raise found[0]


class NotFound(MarketplaceError):
    """There is no such thing, or none that this person may know of."""


class Forbidden(MarketplaceError):
    """This person may not do that."""


class Stale(MarketplaceError):
    """Somebody else changed the thing in the meantime."""
