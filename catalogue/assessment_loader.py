"""Reading `assessment.toml` into a `RuleBook`. Wrong input is named by file, key and value."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from catalogue.assessment_schema import AssessmentFile, IndicatorEntry, PartEntry, SourceEntry, VersionEntry
from catalogue.loader import HERE, checked, read_toml
from domain.assessment_rules import (
    AssessmentRules,
    ChanceRule,
    GuardRule,
    Indicator,
    Part,
    RuleBook,
    Source,
    Take,
)
from domain.errors import CatalogueError
from domain.task import Catalogue, Method

_FILE = "assessment.toml"
_COUNTS = (Method.COUNT, Method.CHANGE)
Raw = dict[str, Any]


def load_assessment(catalogue: Catalogue, overrides: Path | None = None) -> RuleBook:
    """The shipped versions with a deployment's own laid over them.

    Args:
        catalogue: the tasks that sources may name.
        overrides: a deployment's own folder; versions of its `assessment.toml`, where present, are added or
            replace one of the same code. `like = "2026.1"` takes over what is not said anew.

    Raises:
        CatalogueError: wrong syntax, key, value or reference; names the file.
    """
    path = HERE / _FILE
    raw, own = _listed(read_toml(path)), {}
    if overrides is not None and (overrides / _FILE).exists():
        path = overrides / _FILE
        own = _listed(read_toml(path))
    for code, entry in own.items():
        raw[code] = _complete(entry, raw, path)
    found = checked(AssessmentFile, {"version": list(raw.values())}, path)
    book = RuleBook(tuple(sorted((_rules(one, one.code in own) for one in found.version), key=lambda v: v.valid_from)))
    for rules in book.versions:
        _check_tasks(rules, catalogue, path)
    return book


def rules_of(text: str) -> AssessmentRules:
    """The version that `AssessmentRules.text` holds; what a locked month was scored by.

    Raises:
        CatalogueError: it is not such a text.
    """
    try:
        label, raw = json.loads(text)
        entry = VersionEntry.model_validate(raw)
    except ValueError as error:
        raise CatalogueError("error.catalogue", file="assessment_month", where="rules", detail=str(error)) from error
    return _made(entry, str(label))


def _listed(raw: Raw) -> dict[str, Raw]:
    entries = raw.get("version")
    listed = entries if isinstance(entries, list) else []
    return {str(one.get("code", number)): one for number, one in enumerate(listed)}


def _complete(entry: Raw, known: dict[str, Raw], path: Path) -> Raw:
    like = entry.get("like")
    if like is None:
        return entry
    if like not in known:
        detail = f"there is no version {like!r}; versions: {', '.join(known)}"
        raise CatalogueError("error.catalogue", file=str(path), where=f"{entry.get('code', '?')}.like", detail=detail)
    return _laid_over(known[like], {name: value for name, value in entry.items() if name != "like"})


def _laid_over(ours: Raw, own: Raw) -> Raw:
    """`own` over `ours`, key by key; lists of tables with a code are laid over entry by entry."""
    merged = dict(ours)
    for name, value in own.items():
        before = ours.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            merged[name] = _laid_over(before, value)
        elif _coded(value) and _coded(before):
            entries = {one["code"]: one for one in before or ()}
            for one in value:
                entries[one["code"]] = _laid_over(entries.get(one["code"], {}), one)
            merged[name] = list(entries.values())
        else:
            merged[name] = value
    return merged


def _coded(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "code" in one for one in value)


def _rules(entry: VersionEntry, own: bool) -> AssessmentRules:
    canonical = json.dumps(entry.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    mark = f"+{hashlib.sha256(canonical.encode()).hexdigest()[:8]}" if own else ""
    return _made(entry, f"{entry.code}{mark}")


def _made(entry: VersionEntry, label: str) -> AssessmentRules:
    plain = entry.model_dump(mode="json")
    names = ("default_mode", "blue", "yellow", "bonus_cap", "deduction_cap", "red_list", "black_list", "black_below")
    guards = entry.guards.model_dump()
    return AssessmentRules(
        version=label,
        valid_from=entry.valid_from,
        indicators=tuple(_indicator(one) for one in entry.indicator),
        sources=tuple(_source(one) for one in entry.source),
        block_weights=entry.blocks.model_dump(),
        ties=tuple(entry.ties),
        guards=GuardRule(**{**guards, "closing_kinds": tuple(guards["closing_kinds"])}),
        chance=ChanceRule(**entry.chance.model_dump()),
        text=json.dumps([label, plain], ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        **{name: plain[name] for name in names},
    )


def _source(entry: SourceEntry) -> Source:
    return Source(
        code=entry.code,
        take=entry.take,
        chance=entry.chance,
        task=entry.task or "",
        sample=entry.sample or "",
        risk=entry.risk or "",
        least=entry.least,
        names=entry.names.model_dump() if entry.names else {},
    )


def _indicator(entry: IndicatorEntry) -> Indicator:
    return Indicator(
        code=entry.code,
        block=entry.block,
        names=entry.names.model_dump(),
        weights=entry.weights.model_dump(),
        parts=tuple(_part(one) for one in entry.part),
    )


def _part(entry: PartEntry) -> Part:
    return Part(
        code=entry.code,
        share=entry.share,
        form=entry.form,
        sources=tuple(entry.sources),
        points=tuple(entry.points),
        kappa=entry.kappa or 0.0,
        full_sample=entry.full_sample,
        names=entry.names.model_dump() if entry.names else {},
    )


def _check_tasks(rules: AssessmentRules, catalogue: Catalogue, path: Path) -> None:
    """Every task that a source names is there and gives what is taken of it."""
    quotas = rules.quotas()
    for source in (one for one in rules.sources if one.task):
        task = catalogue.task(source.task)
        problem = None
        if task is None:
            problem = f"there is no task {source.task!r}"
        elif task.measure.is_level and source.take is not Take.LAST:
            problem = f'task {task.code} is a state: take must be "last"'
        elif source.take is Take.YEAR and task.measure.method not in _COUNTS:
            problem = f"task {task.code} is no count"
        elif source.code in quotas and (task.measure.method is not Method.COUNT or task.thresholds is None):
            problem = f"task {task.code} is no count with a target"
        if problem:
            shown = path.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else str(path)
            raise CatalogueError("error.catalogue", file=shown, where=f"{source.code}.task", detail=problem)
