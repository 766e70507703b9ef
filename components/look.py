"""What every tree needs besides its view-model: words, catalogue, and the instant carried by all links."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from domain.board import Unit
from domain.task import Catalogue, Task
from i18n import Translator


@dataclass(frozen=True)
class Look:
    """How a view-model is shown.

    Args:
        past: the `as_of` of the address as it was given; "" on the live board.
        person: who signs what is written here; "" where nobody signed in, so that a name must be typed.
        names: "may" when names of rows can be shown after saying why, "shown" while they are, else "".
    """

    t: Translator
    catalogue: Catalogue
    past: str = ""
    person: str = ""
    names: str = ""

    def url(self, path: str, anchor: str = "", **query: object) -> str:
        """An address inside the program; carries `as_of` along.

        >>> Look(None, None, "2026-11-22T14:30").url("/feeds")
        '/feeds?as_of=2026-11-22T14%3A30'
        """
        kept: dict[str, object] = {name: value for name, value in query.items() if value not in (None, "")}
        if self.past:
            kept["as_of"] = self.past
        text = path + (f"?{urlencode(kept)}" if kept else "")
        return f"{text}#{quote(anchor)}" if anchor else text

    def board(self) -> str:
        """Address of the board."""
        return self.url("/")

    def station(self, code: str, anchor: str = "") -> str:
        """Address of a station."""
        return self.url(f"/station/{quote(code, safe='')}", anchor)

    def cell(self, station: str, task: str, **query: object) -> str:
        """Address of one task of one station."""
        return self.url(f"/station/{quote(station, safe='')}/{quote(task, safe='')}", "", **query)

    def task(self, code: str) -> str:
        """Address of a task over all stations."""
        return self.url(f"/task/{quote(code, safe='')}")

    def theme(self, code: str) -> str:
        """Address of a theme over all stations."""
        return self.url(f"/theme/{quote(code, safe='')}")

    def unit_name(self, unit: Unit) -> str:
        """A station's full name."""
        return self.t.pick(unit.name, unit.name_en) or unit.code

    def short_name(self, unit: Unit) -> str:
        """A station's name as the board shows it: without what all of them are called."""
        name = self.t.pick(unit.short_name or unit.name, unit.name_en)
        return name.removesuffix(self.t("station.suffix")) or name or unit.code

    def task_name(self, task: Task) -> str:
        """A task's name."""
        return task.name(self.t.lang)

    def named(self, code: str) -> str:
        """The name of a task or theme by its code."""
        found = self.catalogue.task(code) or self.catalogue.theme(code)
        return found.name(self.t.lang) if found else code

    def guide(self, task: Task, part: str) -> str:
        """A task's 做什么 (`what`) or 怎么做 (`how`)."""
        return task.guide.get(f"{self.t.lang}_{part}", "").strip()
