"""What `assessment.toml` may contain. Each key is described in `docs/assessment.md`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from catalogue.schema import AtLeastZero, Code, Entry, NamesEntry, Positive, Real, Word
from domain.assessment_rules import BLOCKS, MODES, Chance, Form, Take

Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=1000)]
Points = Annotated[list[tuple[Real, Annotated[float, Field(ge=0, le=1)]]], Field(min_length=2, max_length=20)]
_FALLING = (Form.CHANGE, Form.SHRUNK)
_CLOSE = 1e-9


class SourceEntry(Entry):
    """`[[version.source]]`: where one pair of numbers comes from."""

    code: Word
    take: Take
    chance: Chance
    task: Code | None = None
    sample: Word | None = None
    risk: Literal["down", "up"] | None = None
    least: AtLeastZero = 0.0
    names: NamesEntry | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> SourceEntry:
        given = [name for name in ("task", "sample", "risk") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of task, sample and risk; given: {', '.join(given) or 'none'}")
        if self.task is None and self.take is not Take.LAST:
            raise ValueError(f'take must be "last" for {given[0]}')
        if self.task is None and self.names is None:
            raise ValueError(f"a source of {given[0]} needs names")
        return self


class PartEntry(Entry):
    """`[[version.indicator.part]]`: a part of an indicator with a curve of its own."""

    code: Word
    share: Share
    form: Form
    sources: Annotated[list[Word], Field(min_length=1, max_length=8)]
    points: Points
    kappa: Positive | None = None
    full_sample: Positive | None = None
    names: NamesEntry | None = None

    @model_validator(mode="after")
    def _fits(self) -> PartEntry:
        self._curve()
        if (self.kappa is None) != (self.form is not Form.SHRUNK):
            raise ValueError("kappa belongs to the form shrunk, and to no other")
        wanted = 2 if self.form is Form.NET else 1
        if self.form is not Form.MEAN and len(self.sources) != wanted:
            raise ValueError(f"form {self.form.value} takes {wanted} source(s), not {len(self.sources)}")
        return self

    def _curve(self) -> None:
        xs, shares = [x for x, _ in self.points], [share for _, share in self.points]
        if sorted(set(xs)) != xs:
            raise ValueError("x must rise from one point to the next")
        if sorted(shares, reverse=self.form in _FALLING) != shares:
            way = "rise" if self.form in _FALLING else "fall"
            raise ValueError(f"form {self.form.value}: the share of points must not {way} with x")


class WeightsEntry(Entry):
    """`weights`: full points by fusion mode."""

    basic: AtLeastZero
    deep: AtLeastZero
    full: AtLeastZero


class IndicatorEntry(Entry):
    """`[[version.indicator]]`: one indicator."""

    code: Code
    block: Literal["outcome", "process"]
    names: NamesEntry
    weights: WeightsEntry
    part: Annotated[list[PartEntry], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _whole(self) -> IndicatorEntry:
        _unique("part", [part.code for part in self.part])
        total = sum(part.share for part in self.part)
        if abs(total - 1) > _CLOSE:
            raise ValueError(f"the shares of the parts of {self.code} sum to {total:g}, not to 1")
        return self


class BlocksEntry(Entry):
    """`[version.blocks]`: points of outcome and process."""

    outcome: Positive
    process: Positive


class GuardsEntry(Entry):
    """`[version.guards]`: from where on a sign of gaming is raised."""

    reclassified: Share
    late_hours: Positive
    late: Share
    closing_kinds: Annotated[list[Word], Field(min_length=1)]
    last_day: Positive
    closings: Count


class ChanceEntry(Entry):
    """`[version.chance]`: how the uncertainty of ranks is found."""

    draws: Annotated[int, Field(ge=100, le=10_000)]
    seed: Annotated[int, Field(ge=0)]
    interval: Annotated[float, Field(gt=0, lt=1)]
    dispersion: Annotated[float, Field(ge=1, le=20)]


class VersionEntry(Entry):
    """`[[version]]`: one dated set of rules."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
    valid_from: date
    default_mode: Literal["basic", "deep", "full"]
    blue: AtLeastZero
    yellow: AtLeastZero
    bonus_cap: AtLeastZero
    deduction_cap: AtLeastZero
    red_list: Count
    black_list: Count
    black_below: AtLeastZero
    ties: list[Code]
    blocks: BlocksEntry
    guards: GuardsEntry
    chance: ChanceEntry
    source: Annotated[list[SourceEntry], Field(min_length=1)]
    indicator: Annotated[list[IndicatorEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> VersionEntry:
        _unique("source", [one.code for one in self.source])
        _unique("indicator", [one.code for one in self.indicator])
        if self.yellow > self.blue:
            raise ValueError(f"yellow {self.yellow:g} is stricter than blue {self.blue:g}")
        self._weights()
        self._sources()
        unknown = [code for code in self.ties if code not in {one.code for one in self.indicator}]
        if unknown:
            raise ValueError(f"ties: there is no indicator {unknown[0]!r}")
        return self

    def _weights(self) -> None:
        if abs(self.blocks.outcome + self.blocks.process - 100) > _CLOSE:
            raise ValueError(f"blocks sum to {self.blocks.outcome + self.blocks.process:g}, not to 100")
        for block in BLOCKS:
            for mode in MODES:
                total = sum(getattr(one.weights, mode) for one in self.indicator if one.block == block)
                wanted = getattr(self.blocks, block)
                if abs(total - wanted) > _CLOSE:
                    raise ValueError(f"weights of block {block} in mode {mode} sum to {total:g}, not to {wanted:g}")

    def _sources(self) -> None:
        known = {one.code: one for one in self.source}
        for part in (part for one in self.indicator for part in one.part):
            for code in part.sources:
                if code not in known:
                    raise ValueError(f"part {part.code}: there is no source {code!r}; sources: {', '.join(known)}")
            risks = tuple(known[code].risk for code in part.sources)
            if part.form is Form.NET and risks != ("down", "up"):
                raise ValueError(f"part {part.code}: form net takes a source of risk down and one of risk up")
            if part.form is Form.SHRUNK and known[part.sources[0]].take is not Take.YEAR:
                raise ValueError(f'part {part.code}: form shrunk takes a source with take = "year"')


class AssessmentFile(Entry):
    """`assessment.toml`."""

    version: Annotated[list[VersionEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _dated(self) -> AssessmentFile:
        days = [one.valid_from for one in self.version]
        twice = [day for day in days if days.count(day) > 1]
        if twice:
            raise ValueError(f"two versions are valid from {twice[0].isoformat()}")
        return self


def _unique(what: str, codes: list[str]) -> None:
    twice = [code for code in codes if codes.count(code) > 1]
    if twice:
        raise ValueError(f"{what} {twice[0]!r} is defined {codes.count(twice[0])} times")
