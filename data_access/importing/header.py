"""Finding the header row and the rule of the profile that fits a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data_access.importing.rows import Header
from data_access.importing.targets import headers_of, needs
from domain.errors import ImportRefused
from domain.profile import FileRule, Profile, folded

Sampled = Sequence[tuple[int, int, list[str]]]
"""First rows of a file: the line each begins on, the lines read after it, its cells."""

_SHOWN = 8


class HeaderPicker:
    """Judges rows by how many of a rule's headers they hold.

    A rule whose name patterns fit the file's name goes before rules that only fit by headers.

    Args:
        table: only rules that feed this table; None for all.
    """

    def __init__(self, profile: Profile, file_name: str, *, table: str | None, max_columns: int) -> None:
        rules = [rule for rule in profile.files if table is None or any(t.table == table for t in rule.targets)]
        named = [rule for rule in rules if rule.fits(file_name)]
        self._groups = [named, [rule for rule in rules if rule not in named]]
        self._max_columns = max_columns
        self._known = {id(rule): _headers(rule) for rule in rules}

    def best(self, read: Iterable[tuple[str, Sampled]], label: str) -> tuple[Header, str]:
        """The best header of several readings of the same file, and the separator it was read with.

        Raises:
            ImportRefused: the profile knows none of them, it has too many columns, or a used header stands twice.
        """
        readings = list(read)
        found = [(self.pick(sample, label), separator) for separator, sample in readings]
        fitting = [(header, separator) for header, separator in found if header is not None]
        if not fitting:
            raise self._unknown([sample for _, sample in readings], label)
        return max(fitting, key=lambda item: (self._score(item[0].rule, item[0].names), len(item[0].names)))

    def pick(self, sample: Sampled, label: str) -> Header | None:
        """The first row that fits a rule, or None.

        Raises:
            ImportRefused: it has too many columns, or a used header stands twice.
        """
        for line, after, cells in sample:
            names = _names(cells)
            rule = self._rule(names)
            if rule is not None:
                self._check(names, rule, label)
                return Header(names, rule, line, after)
        return None

    def _rule(self, names: tuple[str, ...]) -> FileRule | None:
        have = {folded(name) for name in names}
        for rules in self._groups:
            fitting = [rule for rule in rules if _fits(rule, have)]
            if fitting:
                return max(fitting, key=lambda rule: self._score(rule, names))
        return None

    def _score(self, rule: FileRule, names: tuple[str, ...]) -> int:
        return len(self._known[id(rule)] & {folded(name) for name in names})

    def _check(self, names: tuple[str, ...], rule: FileRule, label: str) -> None:
        if len(names) > self._max_columns:
            raise ImportRefused("error.import_columns", file=label, count=len(names), limit=self._max_columns)
        seen: set[str] = set()
        for name in map(folded, names):
            if name in seen and name in self._known[id(rule)]:
                raise ImportRefused("error.import_twice", file=label, column=name)
            seen.add(name)

    def _unknown(self, samples: list[Sampled], label: str) -> ImportRefused:
        shown = max((_names(cells) for sample in samples for _, _, cells in sample[:1]), key=len, default=())
        rules = self._groups[0] or self._groups[1]
        wanted = "; ".join(" + ".join(group[0] for group in needs(rule.targets[0])) for rule in rules)
        found = ", ".join(name[:40] for name in shown[:_SHOWN])
        return ImportRefused("error.import_header", file=label, wanted=wanted, found=found)


def _names(cells: list[str]) -> tuple[str, ...]:
    names = [cell.strip("\ufeff \t\r\n\u3000\u00a0") for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _headers(rule: FileRule) -> set[str]:
    return {folded(header) for target in rule.targets for header in headers_of(target)}


def _fits(rule: FileRule, have: set[str]) -> bool:
    wanted = [group for target in rule.targets if not target.optional for group in needs(target)]
    return bool(wanted) and all(any(folded(name) in have for name in group) for group in wanted)
