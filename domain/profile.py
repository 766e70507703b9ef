"""An import profile: how the files of one source become rows of our tables. Read from TOML, never written in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from domain.coordinates import Box


class Unknown(StrEnum):
    """What becomes of a value that a value table does not list."""

    KEEP = "keep"
    REJECT = "reject"
    EMPTY = "empty"


class Empty(StrEnum):
    """What an empty cell does to a value that the database already holds."""

    CLEAR = "clear"
    KEEP = "keep"


class Exchanged(StrEnum):
    """What becomes of a row whose longitude and latitude are exchanged."""

    REJECT = "reject"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """Where one of our columns comes from: exactly one of the first seven is given.

    Args:
        aliases: headers in order of preference; the first filled cell wins. With `values`, the first
            cell that the value table lists wins.
        const: the same text for every row.
        same: "table.column" of another target of the same row.
        parts: columns of the same target, joined by "-" after conversion (times as 14 digits).
        join: headers whose filled cells are joined by `glue`.
        labels: label -> headers; filled cells become "label=value", joined by ";".
        digest: headers; a fingerprint of their cells, for rows that have no key of their own.
        prefix: put before `parts` and `digest`.
        form: text with one {0}, filled with the cell, for example "G{0:0>2}".
        pattern: regular expression that the whole cell must match, else it counts as unknown.
        values: external value (folded) -> ours; "xyz*" stands for all that begin so. None: taken as it is.
        unknown: what becomes of a cell that `values` does not list; `otherwise` wins over it.
        otherwise: the value for cells that `values` does not list.
        default: the text taken for an empty cell.
        part: which piece of a dotted value ("order.congestion") is taken; None takes all.
        unit: the cell names a station or a squadron, by code or by name.
        future: the time may lie in the future.
        required: an empty result rejects the row.
    """

    aliases: tuple[str, ...] = ()
    const: str | None = None
    same: str | None = None
    parts: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    digest: tuple[str, ...] = ()
    glue: str = " "
    prefix: str = ""
    form: str | None = None
    pattern: str | None = None
    values: Mapping[str, str] | None = None
    unknown: Unknown = Unknown.REJECT
    otherwise: str | None = None
    default: str | None = None
    part: int | None = None
    unit: bool = False
    future: bool = False
    required: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header this rule may read."""
        labelled = tuple(name for names in self.labels.values() for name in names)
        return self.aliases + self.join + labelled + self.digest


@dataclass(frozen=True, slots=True)
class FeedRule:
    """A source that becomes fresh when rows arrive.

    Args:
        code: the feed of the task catalogue.
        at: the target's column with the time of a row.
        expected_seconds: how often the source should give a sign of life.
        where: column -> value a row must have to count for this feed.
    """

    code: str
    at: str
    expected_seconds: int
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """One table that a file's rows feed.

    Args:
        own: the headers are our own column names wherever `columns` says nothing.
        pairs: pairs of headers (longitude or easting, latitude or northing); the first filled pair wins.
        shape: header of a GeoJSON geometry that gives longitude, latitude and area_km2 of the row.
        when: our columns that must be filled for the row to feed this table; else the row skips it.
        optional: a file without the needed headers still feeds its other tables.
        drawn: background of a map: lines are allowed, and all rows of one key become one drawing.
    """

    table: str
    columns: Mapping[str, ColumnRule]
    own: bool = False
    pairs: tuple[tuple[str, str], ...] = ()
    shape: str = ""
    when: tuple[str, ...] = ()
    optional: bool = False
    drawn: bool = False
    empty: Empty = Empty.CLEAR
    feeds: tuple[FeedRule, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedRow:
    """A row that is added with a file when the table does not have it yet."""

    table: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileRule:
    """One kind of file. `names` are patterns of file names (folded); a rule without names fits by its headers."""

    names: tuple[str, ...]
    targets: tuple[Target, ...]
    fixed: tuple[FixedRow, ...] = ()

    def fits(self, file_name: str) -> bool:
        """True when the file's name (without folder) matches one of the patterns."""
        return any(fnmatchcase(file_name.casefold(), pattern.casefold()) for pattern in self.names)


@dataclass(frozen=True, slots=True)
class Profile:
    """How the files of one source are read.

    Args:
        file: the profile's own file name, for messages.
        encodings: tried in order. separators: one character each.
        times: forms such as yyyy-MM-dd HH:mm:ss, tried in order.
        crs: wgs84, cgcs2000, gcj02, bd09 or epsg:NNNN.
        box: where usable places lie; None: anywhere on earth.
        create_stations: a station that is not known yet is created instead of the row being rejected.
        ignored: headers (folded) that are known and deliberately not stored.
    """

    name: str
    file: str
    encodings: tuple[str, ...]
    separators: tuple[str, ...]
    times: tuple[str, ...]
    files: tuple[FileRule, ...]
    crs: str = "wgs84"
    box: Box | None = None
    exchanged: Exchanged = Exchanged.REJECT
    decimal_comma: bool = False
    create_stations: bool = False
    yes: frozenset[str] = frozenset({"1", "true", "yes", "y"})
    no: frozenset[str] = frozenset({"0", "false", "no", "n"})
    ignored: frozenset[str] = frozenset()


def folded(text: str) -> str:
    """A header or value as it is compared: byte order mark, outer blanks and case do not matter.

    >>> folded("\\ufeff JJDBH ")
    'jjdbh'
    """
    return text.strip("\ufeff \t\r\n\u3000\u00a0").casefold()
