"""Reading `themes.toml` and `tasks.toml` into a `Catalogue`. Wrong input is named by file, key and value."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from catalogue.schema import (
    OwnTasksFile,
    OwnThemesFile,
    TaskEntry,
    TasksFile,
    ThemeEntry,
    ThemesFile,
    duration,
)
from domain.errors import CatalogueError
from domain.task import Catalogue, Measure, Task, Theme, Thresholds

__all__ = ["HERE", "checked", "duration", "load_catalogue", "read_toml"]

HERE = Path(__file__).parent
RESERVED = "station"
T = TypeVar("T", bound=BaseModel)


def load_catalogue(folder: Path = HERE, overrides: Path | None = None) -> Catalogue:
    """The themes and tasks of `folder`, with those of a deployment laid over them.

    Args:
        folder: holds `themes.toml` and `tasks.toml`.
        overrides: a deployment's own folder; its `themes.toml` and `tasks.toml`, where present, add
            entries or replace whole entries of the same code. None means none.

    Raises:
        CatalogueError: wrong syntax, key, value, reference or a code used twice; no such folder.
    """
    entries = _Entries()
    _shipped(entries, folder)
    if overrides is not None:
        _lay_over(entries, overrides)
    _check_references(entries)
    return Catalogue(
        version=entries.version,
        themes=tuple(Theme(t.code, t.names.model_dump()) for t, _ in entries.themes.values()),
        tasks=tuple(_task(t) for t, _ in entries.tasks.values()),
    )


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content, UTF-8 with or without a byte order mark.

    Raises:
        CatalogueError: it cannot be read, is not UTF-8, or is not TOML; names file and line.
    """
    try:
        raw = path.read_bytes()
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        detail = f"line {line}: byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _wrong(path, "encoding", detail) from error
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, "syntax", str(error)) from error
    except OSError as error:
        raise _wrong(path, "file", f"cannot be read: {error.strerror or error}") from error


def checked(model: type[T], raw: dict[str, Any], path: Path) -> T:
    """`raw` as `model`.

    Raises:
        CatalogueError: names file, key, value and what is allowed, for the first wrong place.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        # A misspelt key is both unknown and missing: its own name helps more.
        found = sorted(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise _wrong(path, _place(found[0]["loc"], raw), _explained(found[0], model) + more) from error


@dataclass(slots=True)
class _Entries:
    """Entries by code, each with the file it came from, in the order of the board."""

    version: str = ""
    themes: dict[str, tuple[ThemeEntry, Path]] = field(default_factory=dict)
    tasks: dict[str, tuple[TaskEntry, Path]] = field(default_factory=dict)


def _shipped(entries: _Entries, folder: Path) -> None:
    themes = _themes_of(entries, folder / "themes.toml", ThemesFile)
    entries.version = themes.version
    _tasks_of(entries, folder / "tasks.toml", TasksFile)


def _lay_over(entries: _Entries, folder: Path) -> None:
    if not folder.is_dir():
        raise _wrong(folder, "folder", "there is no such folder")
    stated = None
    if (folder / "themes.toml").exists():
        stated = _themes_of(entries, folder / "themes.toml", OwnThemesFile).version
    if (folder / "tasks.toml").exists():
        _tasks_of(entries, folder / "tasks.toml", OwnTasksFile)
    entries.version = stated or entries.version + _mark(folder)


def _mark(folder: Path) -> str:
    """A suffix that changes with the deployment's rules, so that frozen days name the rules they had."""
    found = [folder / name for name in ("themes.toml", "tasks.toml") if (folder / name).exists()]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in found)).hexdigest()
    return f"+{digest[:8]}" if found else ""


def _themes_of(entries: _Entries, path: Path, model: type[T]) -> T:
    read: Any = checked(model, read_toml(path), path)
    _no_twins(path, [theme.code for theme in read.theme])
    entries.themes.update({theme.code: (theme, path) for theme in read.theme})
    return read  # type: ignore[no-any-return]


def _tasks_of(entries: _Entries, path: Path, model: type[BaseModel]) -> None:
    read: Any = checked(model, read_toml(path), path)
    _no_twins(path, [task.code for task in read.task])
    entries.tasks.update({task.code: (task, path) for task in read.task})


def _no_twins(path: Path, codes: Sequence[str]) -> None:
    twins = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if twins:
        raise _wrong(path, twins[0], f"the code is used {codes.count(twins[0])} times; every code is unique")


def _check_references(entries: _Entries) -> None:
    for task, path in entries.tasks.values():
        if task.theme not in entries.themes:
            known = ", ".join(entries.themes)
            raise _wrong(path, f"{task.code}.theme", f"there is no theme {task.theme!r}; themes: {known}")
        _check_free(task.code, path, entries.themes)
    for theme, path in entries.themes.values():
        _check_free(theme.code, path, ())


def _check_free(code: str, path: Path, taken: Iterable[str]) -> None:
    """Frozen days keep tasks, themes and the station itself under one key."""
    if code == RESERVED or code in taken:
        holder = "the station as a whole" if code == RESERVED else "a theme"
        raise _wrong(path, f"{code}.code", f"the code {code!r} is taken by {holder}; choose another")


def _wrong(path: Path, where: str, detail: str) -> CatalogueError:
    shown = path.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else str(path)
    return CatalogueError("error.catalogue", file=shown, where=where, detail=detail)


def _place(location: Sequence[int | str], raw: Any) -> str:
    """`("task", 3, "measure", "limit")` as `T1-04.measure.limit`; an entry without a code by its number."""
    parts: list[str] = []
    for step in location:
        if not isinstance(raw, (dict, list)):
            break
        raw = _inside(raw, step)
        if isinstance(step, int) and isinstance(raw, dict):
            parts = [str(raw["code"])] if "code" in raw else [*parts, f"no. {step + 1}"]
        else:
            parts.append(str(step))
    return ".".join(parts)


def _inside(raw: Any, step: int | str) -> Any:
    try:
        return raw[step]
    except (KeyError, IndexError, TypeError):
        return None


def _explained(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    kind, value = error["type"], error.get("input")
    if kind == "missing":
        return "this key is missing"
    if kind == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]), _keys_at(model, error["loc"][:-1]))
    if kind == "value_error":
        text = str(error["ctx"]["error"])
    elif kind in ("enum", "literal_error"):
        text = f"must be one of {error['ctx']['expected']}"
    else:
        text = error["msg"].replace("Input should be", "must be").replace("String should", "must")
    return text if isinstance(value, dict) else f"{text}; the value is {_shown(value)}"


def _unknown_key(key: str, allowed: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, allowed, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"unknown key {key!r}{hint}; allowed: {', '.join(allowed)}"


def _keys_at(model: type[BaseModel] | None, location: Iterable[int | str]) -> list[str]:
    for step in location:
        if isinstance(step, str) and model is not None:
            known = model.model_fields.get(step)
            model = _model_in(known.annotation) if known else None
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:117] + "..."


def _task(raw: TaskEntry) -> Task:
    measure = raw.measure.model_dump()
    for name in ("where", "where_not", "hit"):
        measure[name] = _values(measure[name])
    plain = raw.model_dump(exclude={"measure", "thresholds", "names", "guide"})
    return Task(
        **plain,
        names=raw.names.model_dump(),
        guide=raw.guide.model_dump(),
        measure=Measure(**measure),
        thresholds=Thresholds(**raw.thresholds.model_dump()) if raw.thresholds else None,
    )


def _values(raw: dict[str, Any]) -> dict[str, object]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
