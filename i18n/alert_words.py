"""Alerts in words: for the page, the wall and its ticker. No names of persons, no plates."""

from __future__ import annotations

from datetime import timedelta

from domain.alert_views import AlertLine, red_since
from domain.alerts import AlertKind, AlertRules
from domain.task import Task
from i18n import Translator
from i18n.map_words import kind


def alert_text(t: Translator, line: AlertLine, station_name: str, task_name: str) -> str:
    """One sentence about an alert.

    Args:
        station_name, task_name: as they are shown; the task's only where it is about one.
    """
    station = station_name or t("alert.no_station")
    if line.alert.kind is AlertKind.RED:
        key = "alert.text_red" if line.alert.began_known else "alert.text_found"
        return t(key, station=station, task=task_name)
    return t("alert.text_major", station=station, kind=what(line, t), harm=harm(line, t))


def found(t: Translator, line: AlertLine, task: Task | None) -> str:
    """When a red cell was found red, and since when it is so at least; "" where its beginning was seen."""
    if line.alert.began_known:
        return ""
    at, day = line.alert.began_at, red_since(line, task)
    told = t("alert.found_at", at=f"{t.short_date(at.date())} {t.clock(at)}")
    return t("alert.found_since", found=told, day=t.short_date(day)) if day else told


def what(line: AlertLine, t: Translator) -> str:
    """Class and subclass of a major incident."""
    if line.occurred_at is None:
        return t("alert.major")
    return kind(line.class_code, line.subclass, t)


def harm(line: AlertLine, t: Translator) -> str:
    """Dead and injured."""
    return t("alert.harm", deaths=line.alert.deaths, injuries=line.alert.injuries)


def place(line: AlertLine, t: Translator) -> str:
    """Where a major incident happened; "" where it is not known or not to be told."""
    name = line.place
    return t("alert.place", a=name.name, b=name.cross) if name.kind == "junction" else name.name


def major_rule(rules: AlertRules, t: Translator) -> str:
    """When an incident is major and how long it is shown."""
    told = [t("alert.rule_deaths", n=rules.deaths)] if rules.deaths else []
    told += [t("alert.rule_injuries", n=rules.injuries)] if rules.injuries else []
    told += [t("alert.rule_named")] if rules.classes or rules.tags else []
    if not told:
        return t("alert.rule_off")
    spans = {"hours": rules.hours, "acked": rules.acked_hours}
    shown = {name: t.duration(timedelta(hours=hours)) for name, hours in spans.items()}
    return t("alert.rule_major", what=t("list.comma").join(told), **shown)
