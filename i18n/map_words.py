"""The map's question and answers in words: stretches of days, filters, changes, codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from domain.heat import Asked
from domain.incident_filter import PARAMS, Circle, Filter, narrowed
from domain.incidents import ISSUES
from domain.span import Span
from i18n import Translator

Names = Mapping[str, str]
"""Code of a station, district or duty grid -> the name to show."""


def days(first: date, last: date) -> str:
    """One or several days, the second year only where it differs.

    >>> days(date(2024, 5, 1), date(2024, 5, 7))
    '2024-05-01 — 05-07'
    """
    if first == last:
        return first.isoformat()
    return f"{first} — {last:%m-%d}" if first.year == last.year else f"{first} — {last}"


def span(stretch: Span, t: Translator) -> str:
    """The days of a stretch, and the clock where it ends within a day."""
    said = days(stretch.first_day, stretch.last_day)
    if stretch.end.hour == stretch.end.minute == 0:
        return said
    return t("map.until_clock", days=said, clock=t.clock(stretch.end))


def span_name(asked: Asked, t: Translator) -> str:
    """What the stretch is called."""
    return t(f"map.preset.{asked.preset or 'free'}")


def base_name(asked: Asked, t: Translator) -> str:
    """What the second period is called, such as 上年同期."""
    return t(f"map.base.{asked.base_name}")


def against(asked: Asked, t: Translator) -> str:
    """较上年同期."""
    return t("map.against", base=base_name(asked, t))


def change(now: int, base: int, t: Translator) -> str:
    """The change in percent, half-up to two decimals; against nothing it is 新增 n, never a percentage."""
    if not now and not base:
        return t("formula.both_zero")
    if not base:
        return t("formula.new", n=t.count(now, "incidents"))
    return t.change(100 * (now - base) / base)


def tested(sign: int | None, t: Translator) -> str:
    """Whether a change survives its test; "" without a second period."""
    return "" if sign is None else t(f"map.tested.{_SIGNS[sign]}")


_SIGNS = {1: "more", -1: "fewer", 0: "same"}


def share(part: int, whole: int, t: Translator) -> str:
    """Percent of a whole; — of nothing."""
    return t.percent(100 * part / whole if whole else None)


# codes -------------------------------------------------------------------------------------------


def code(column: str, value: str, t: Translator) -> str:
    """The word of a code; the code itself where there is none."""
    return t.maybe(f"value.{column}.{value}", value) if value else t("map.no_code")


def kind(class_code: str, subclass: str, t: Translator) -> str:
    """Class and subclass: 事故·轻伤."""
    name = code("class_code", class_code, t)
    return f"{name}·{code('subclass', subclass, t)}" if subclass else name


def tag(value: str, t: Translator) -> str:
    """A mark of an incident; `label=text` says its label."""
    label, sign, text = value.partition("=")
    if sign:
        return t("map.labelled", label=t.maybe(f"value.tag_label.{label}", label), text=text)
    return code("tag", value, t)


def tags(written: object) -> tuple[str, ...]:
    """The marks in a column of the table, `,a,b,`, or in a sequence."""
    if isinstance(written, str):
        return tuple(part for part in written.split(",") if part)
    return tuple(str(part) for part in written) if isinstance(written, Iterable) else ()


def issues(counts: Mapping[str, int], t: Translator) -> str:
    """Why incidents are not on the map, with numbers."""
    known = [(name, counts[name]) for name in ISSUES if counts.get(name)]
    return t("list.comma").join(f"{code('place_issue', name, t)} {t.number(count)}" for name, count in known)


# filter ------------------------------------------------------------------------------------------


def filter_words(wanted: Filter, t: Translator, names: Names | None = None) -> dict[str, str]:
    """Parameter -> what it narrows to, in words, for each field that narrows."""
    active = set(narrowed(wanted))
    return {
        param: t("map.narrowed", field=t(f"map.field.{param}"), values=_values(wanted, field, t, names or {}))
        for param, field in PARAMS.items()
        if field in active
    }


def _values(wanted: Filter, field: str, t: Translator, names: Names) -> str:
    value = getattr(wanted, field)
    if field in _SAID:
        return _SAID[field](value, t)
    if isinstance(value, str):
        return t.maybe(f"map.choice.{field}.{value}", value)
    column = _COLUMNS.get(field, "")
    return t("list.comma").join(code(column, one, t) if column else names.get(one, one) for one in value)


def hours(values: Iterable[int], t: Translator) -> str:
    """Hours of the day as stretches of the clock.

    >>> hours((7, 8, 17), Translator("en"))
    '7–9 h, 17–18 h'
    """
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and value == runs[-1][1]:
            runs[-1][1] = value + 1
        else:
            runs.append([value, value + 1])
    return t("list.comma").join(t("map.hours", first=first, last=last) for first, last in runs)


def weekdays(values: Iterable[int], t: Translator) -> str:
    """Weekdays, Monday first."""
    return t("list.comma").join(t(f"weekday.{value}") for value in sorted(values))


def circle(place: Circle, t: Translator) -> str:
    """A point and a radius."""
    return t("map.circle", place=place_text(place.lng, place.lat), metres=t.plain(place.metres))


def place_text(lng: float, lat: float) -> str:
    """Coordinates with five digits, about one metre."""
    return f"{lng:.5f}, {lat:.5f}"


def _tags(values: Iterable[str], t: Translator) -> str:
    return t("list.comma").join(tag(value, t) for value in values)


_COLUMNS = {
    "classes": "class_code", "subclasses": "subclass", "channels": "channel", "severities": "severity",
    "day_kinds": "day_kind",
}  # fmt: skip
_SAID: dict[str, Callable[..., str]] = {"hours": hours, "weekdays": weekdays, "near": circle, "tags": _tags}
