"""What a page drew and what the JSON interface told about one question, taken apart so that they can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from domain.later import Later
from tests.support import walk
from web import alerts_answers, answers, assessment_answers, compare_answers, duty_answers, hotspot_answers, map_answers
from web.identity import WARM

DOORS = (answers, alerts_answers, assessment_answers, compare_answers, duty_answers, hotspot_answers, map_answers)
ONE_SPACE = "\u2009"


@dataclass(frozen=True, slots=True)
class Parity:
    """One JSON address beside the page that shows the same.

    Args:
        view: module and function of `web` that both must ask, as `answers.board`.
        page: the page's name, as `components.ids` has it. ask: what stands in its address.
        added: fields that JSON has and the view-model reckons on being asked, or that are names of what the view
            holds codes of. renamed: JSON's name -> the view's. left_out: fields of the view that JSON leaves out:
            what only a form or a drawing needs.
        part: of the page, whose callback shows it. drawn: what JSON tells -> words and numbers that the page must show.
    """

    view: str
    page: str
    drawn: Callable[[Any], list[str]]
    ask: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    added: Set[str] = frozenset()
    left_out: Set[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    part: str = "screen"


def spied(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Every view-model that pages and JSON ask for from now on, by module and function."""
    found: dict[str, list[Any]] = {}

    def spy(module: ModuleType, name: str) -> None:
        real = getattr(module, name)

        def asked(*args: Any, **given: Any) -> Any:
            answer = real(*args, **given)
            found.setdefault(f"{module.__name__.removeprefix('web.')}.{name}", []).append(answer)
            return answer

        monkeypatch.setattr(module, name, asked)

    for module in DOORS:
        for name, function in vars(module).copy().items():
            if callable(function) and getattr(function, "__module__", "") == module.__name__ and name[0] != "_":
                spy(module, name)
    return found


def page_of(application: Any, client: Any, one: Parity) -> str:
    """All that the page's callback answers, as text."""
    client.get("/", environ_overrides={WARM: True})  # Dash fills its map at the first request
    screen = f"{one.page}-{one.part}."
    (output, made) = next(
        (output, made) for output, made in application.callback_map.items() if output.strip(".").startswith(screen)
    )
    body = walk.callback_body(output, made, walk.OWN)
    for given in (*body["inputs"], *body["state"]):
        if given["id"] == f"{one.page}-query":
            given["value"] = dict(one.query)
        if given["id"] == f"{one.page}-ask":
            given["value"] = dict(one.ask)
    for _ in range(25):
        answer = client.post("/_dash-update-component", json=body)
        if '"again":true' not in answer.text:
            break
    assert answer.status_code == 200, answer.text[:300]
    return " ".join(texts(answer.json)).replace(ONE_SPACE, " ")


def texts(value: Any) -> Iterator[str]:
    """Every text and number of an answer, in its order."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif value is not None:
        yield str(value)


def plain(view: Any) -> Any:
    """A view-model as JSON alone would have it, with all its fields."""
    if isinstance(view, Enum):
        return view.value
    if is_dataclass(view) and not isinstance(view, type):
        return {one.name: plain(getattr(view, one.name)) for one in fields(view)}
    if isinstance(view, Mapping):
        return {str(plain(name)): plain(one) for name, one in view.items()}
    if hasattr(view, "_asdict"):
        return plain(view._asdict())
    if isinstance(view, (np.ndarray, np.generic)):
        return plain(view.tolist())
    if isinstance(view, (list, tuple, Later)):
        return [plain(one) for one in view]
    if isinstance(view, (set, frozenset)):
        return sorted(map(plain, view))
    if isinstance(view, (datetime, date, time)):
        return view.isoformat()
    return view if isinstance(view, (str, int, float)) or view is None else repr(view)


def leaves(value: Any, without: Set[str], names: Mapping[str, str], name: str = "") -> Iterator[tuple[str, Any]]:
    """Name and value of everything that is told, however deep; numbers to nine digits, so that 1 is 1.0."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if not {key, f"{name}.{key}"} & without:
                yield from leaves(one, without, names, names.get(f"{name}.{key}", names.get(key, key)))
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, without, names, name)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield name, float(f"{value:.9g}")
    elif value not in (None, ""):
        yield name, value


def differences(view: Any, told: Any, one: Parity) -> tuple[list[Any], list[Any]]:
    """What JSON tells and the view-model does not hold, and the other way round: names with values."""
    held = Counter(leaves(view, one.left_out, {}))
    said = Counter(leaves(told, one.added, one.renamed))
    whole = Counter(leaves(view, frozenset(), {}))
    return sorted((said - whole).elements(), key=str), sorted((held - said).elements(), key=str)
