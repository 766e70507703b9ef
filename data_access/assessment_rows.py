"""A scored month as rows of `assessment_score`, and back: what is read is what was written, number by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from domain.assessment_guards import GUARDS, Guard
from domain.assessment_inputs import Adjustment, Amount
from domain.assessment_rules import BLOCKS, AssessmentRules, Indicator
from domain.assessment_score import (
    BlockScore,
    IndicatorScore,
    Note,
    PartScore,
    SourceLine,
    State,
    StationScore,
)
from domain.colour import Colour

TOTAL = "total"
Row = dict[str, Any]
Found = Mapping[str, Any]


def rows_of(score: StationScore, guards: Sequence[Guard]) -> Iterator[Row]:
    """One station's rows, without period and version."""
    for row in _rows(score, guards):
        yield {"station_code": score.code, **row}


def _rows(score: StationScore, guards: Sequence[Guard]) -> Iterator[Row]:
    sources = {line.code: line for one in score.indicators for line in one.sources}
    yield from (_source(line) for line in sources.values())
    for one in score.indicators:
        yield _indicator(one)
        yield from (_part(one.code, part) for part in one.parts)
    for block in score.blocks:
        told = {"full_weight": block.full, "points": block.points, "notes": ",".join(block.missing)}
        yield {"indicator": f"block:{block.code}", "kind": "block", **told}
    yield from (_guard(one) for one in guards)
    yield {
        "indicator": TOTAL,
        "kind": TOTAL,
        "points": score.total,
        "bonus": score.bonus,
        "deduction": score.deduction,
        "mode": score.mode,
        "district_code": score.district,
        "residents_10k": score.residents_10k,
        "colour": score.colour.value,
        "place": score.rank,
        "place_of": score.of,
    }


def _source(line: SourceLine) -> Row:
    now, base = line.now, line.base
    return {
        "indicator": f"source:{line.code}",
        "kind": "source",
        "state": line.missing,
        "numerator": now.numerator if now else None,
        "denominator": now.denominator if now else None,
        "row_count": now.rows if now else None,
        "base": base.numerator if base else None,
        "base_denominator": base.denominator if base else None,
        "base_row_count": base.rows if base else None,
    }


def _indicator(one: IndicatorScore) -> Row:
    names = ("numerator", "denominator", "value", "base", "weight", "points", "share")
    return {
        "indicator": one.code,
        "kind": "indicator",
        "state": one.state.value,
        "full_weight": one.full,
        "notes": ";".join(f"{note.code}:{note.subject}" for note in one.notes),
        **{name: getattr(one, name) for name in names},
    }


def _part(indicator: str, part: PartScore) -> Row:
    numbers = {"x": part.x, "base": part.base_x, "got": part.got, "sample": part.sample, "share": part.share}
    return {"indicator": f"part:{indicator}:{part.code}", "kind": "part", **numbers}


def _guard(one: Guard) -> Row:
    numbers = {"numerator": one.numerator, "denominator": one.denominator, "value": one.value, "base": one.limit}
    state = "raised" if one.raised else "quiet"
    return {
        "indicator": f"guard:{one.code}",
        "kind": "guard",
        "state": state,
        "notes": ",".join(one.subjects),
        **numbers,
    }


def score_of(rows: Iterable[Any], rules: AssessmentRules, lines: tuple[Adjustment, ...]) -> StationScore:
    """One station's score out of its rows.

    Args:
        rows: mappings with the columns of `assessment_score`. rules: those it was scored by.
    """
    found: Found = {row["indicator"]: row for row in rows}
    total = found[TOTAL]
    return StationScore(
        code=total["station_code"],
        mode=total["mode"],
        district=total["district_code"],
        residents_10k=total["residents_10k"],
        indicators=tuple(_indicator_of(found, one) for one in rules.indicators),
        blocks=tuple(_block_of(found[f"block:{code}"], code) for code in BLOCKS),
        adjustments=lines,
        bonus=total["bonus"],
        deduction=total["deduction"],
        total=total["points"],
        colour=Colour(total["colour"]),
        rank=total["place"],
        of=total["place_of"] or 0,
    )


def _indicator_of(found: Found, one: Indicator) -> IndicatorScore:
    row = found[one.code]
    names = ("numerator", "denominator", "value", "base", "weight", "points", "share")
    return IndicatorScore(
        code=one.code,
        block=one.block,
        state=State(row["state"]),
        full=row["full_weight"],
        parts=tuple(_part_of(found[f"part:{one.code}:{part.code}"], part.code) for part in one.parts),
        sources=tuple(_source_of(found[f"source:{code}"], code) for part in one.parts for code in part.sources),
        notes=tuple(Note(*text.split(":", 1)) for text in _split(row["notes"], ";")),
        **{name: row[name] for name in names},
    )


def _part_of(row: Any, code: str) -> PartScore:
    return PartScore(code, row["x"], row["base"], row["got"], row["sample"], row["share"])


def _source_of(row: Any, code: str) -> SourceLine:
    return SourceLine(
        code,
        None if row["numerator"] is None else Amount(row["numerator"], row["denominator"], row["row_count"]),
        None if row["base"] is None else Amount(row["base"], row["base_denominator"], row["base_row_count"]),
        row["state"] or "",
    )


def _block_of(row: Any, code: str) -> BlockScore:
    return BlockScore(code, row["full_weight"], row["points"], tuple(_split(row["notes"], ",")))


def guards_of(rows: Iterable[Any]) -> tuple[Guard, ...]:
    """One station's signs of gaming out of its rows."""
    found: Found = {row["indicator"]: row for row in rows}
    known = [(code, found[f"guard:{code}"]) for code in GUARDS if f"guard:{code}" in found]
    return tuple(
        Guard(
            code,
            row["numerator"],
            row["denominator"],
            row["value"],
            row["base"],
            row["state"] == "raised",
            tuple(_split(row["notes"], ",")),
        )
        for code, row in known
    )


def _split(text: str | None, mark: str) -> list[str]:
    return text.split(mark) if text else []
