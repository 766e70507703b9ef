"""What a red hard task holds at yellow, for the wall: which themes of a station, and by which tasks."""

from __future__ import annotations

from components.look import Look
from domain.board import Line, Summary
from domain.colour import Colour

HELD, FREE = "h", "-"


def held_themes(line: Line) -> str:
    """One letter a theme in the line's order: "h" where a red hard task holds it at yellow."""
    return "".join(HELD if theme.held else FREE for theme in line.themes)


def held_by(line: Line, look: Look) -> str:
    """The red hard tasks that hold the station or one of its themes, by name; "" where nothing is held."""
    held = {theme.subject for theme in line.themes if theme.held}
    return _names(line, look, None if line.overall.held else held)


def theme_held_by(line: Line, theme: Summary, look: Look) -> str:
    """The red hard tasks that hold one theme, by name; "" where it is not held."""
    return _names(line, look, {theme.subject} if theme.held else set())


def _names(line: Line, look: Look, themes: set[str] | None) -> str:
    """Red hard tasks of these themes; None: of all."""
    red = (look.catalogue.task(cell.task) for cell in line.cells if cell.colour is Colour.RED)
    tasks = [task for task in red if task and task.hard and (themes is None or task.theme in themes)]
    return look.t("list.comma").join(look.task_name(task) for task in tasks)
