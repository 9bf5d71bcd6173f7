"""How a command says that something is wrong with what it was given."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from marketplace.domain.errors import MarketplaceError


def told_plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let errors of the domain end the command with their text and status 2, without a traceback.

    So does a database that lacks tables or cannot be reached.
    """

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except MarketplaceError as error:
            click.echo(str(error), err=True)
            raise click.exceptions.Exit(2) from error
        except (OperationalError, ProgrammingError) as error:
            click.echo(f"The database does not answer as it should: {error.orig}", err=True)
            click.echo(
                "Is it there, and of this version? Migrate it first: flask db upgrade", err=True
            )
            raise click.exceptions.Exit(2) from error

    return run
