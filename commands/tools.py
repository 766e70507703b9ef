"""What the commands share: settings, rules, engine, clock and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from catalogue.loader import load_catalogue
from data_access.clock import wall_clock
from data_access.engine import open_engine
from data_access.facts.predicates import check_columns
from domain.errors import BoardError
from domain.task import Catalogue
from i18n import translator


class Tools:
    """Opened once for a command. `settings` is the validated table of `settings.py`."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        self.engine: Engine = open_engine(settings.database_url)
        self.now: Callable[[], datetime] = wall_clock(settings.zone)
        self.t = translator(settings.lang)

    @property
    def rules(self) -> Catalogue:
        """The catalogue in force.

        Raises:
            CatalogueError: a file, key, value or column is wrong.
        """
        found = load_catalogue(overrides=self.settings.catalogue_dir)
        check_columns(found)
        return found

    def say(self, key: str, **params: object) -> None:
        """Print a translated sentence."""
        click.echo(self.t(f"cli.{key}", **params))

    @contextmanager
    def bar(self, key: str) -> Iterator[Callable[..., None]]:
        """A progress bar; the function it gives takes (done, total, …), or a share from 0 to 1."""
        with click.progressbar(length=1000, label=self.t(f"cli.{key}"), width=32) as shown:

            def move(done: float, total: float = 1, *_: object) -> None:
                target = int(1000 * done / total) if total else 1000
                shown.update(max(0, min(1000, target) - shown.pos))

            yield move
            move(1, 1)

    def sentence(self, error: BoardError) -> str:
        """An error in the deployment's language; its own text where the words are missing."""
        try:
            return self.t(error.key, **error.params)
        except KeyError:
            return str(error)


class Commands(click.Group):
    """A group whose known errors end with one sentence and exit status 1, not with a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BoardError as error:
            raise click.ClickException(_told(ctx, error)) from error
        except SQLAlchemyError as error:
            raise click.ClickException(_database_says(ctx, error)) from error


def _told(ctx: click.Context, error: BoardError) -> str:
    return ctx.obj.sentence(error) if isinstance(ctx.obj, Tools) else str(error)


def _database_says(ctx: click.Context, error: SQLAlchemyError) -> str:
    """The commonest cause in words (no tables yet), else the driver's first line."""
    if isinstance(ctx.obj, Tools) and _has_no_tables(ctx.obj.engine):
        return ctx.obj.t("cli.db_empty")
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"


def _has_no_tables(engine: Engine) -> bool:
    try:
        return not inspect(engine).has_table("station")
    except SQLAlchemyError:
        return False
