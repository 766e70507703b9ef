"""Words: `translator(lang)` gives `t`, and `t("key", **params)` the sentence in that language."""

from __future__ import annotations

import datetime as calendar
import tomllib
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from domain.rounding import half_up

LANGUAGES = ("zh", "en")
FILES = {"zh": "zh_CN*.toml", "en": "en*.toml"}
HTML_LANG = {"zh": "zh-CN", "en": "en"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ONE_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
LARGE = 100_000
"""From here on a quantity is written in 万, 亿, k or M where there is little room."""


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All keys of one language, flat with dots."""
    flat: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob(FILES[lang])):
        _flatten(tomllib.loads(path.read_text(encoding="utf-8")), "", flat)
    return flat


def _flatten(raw: dict[str, object], prefix: str, into: dict[str, str]) -> None:
    for key, value in raw.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", into)
        else:
            into[prefix + key] = str(value)


class Translator:
    """Words, numbers and times of one language.

    Args:
        lang: "zh" or "en".
        strict: a missing key raises KeyError; otherwise the key itself is shown.
    """

    def __init__(self, lang: str, *, strict: bool = False) -> None:
        self.lang = lang if lang in LANGUAGES else LANGUAGES[0]
        self.strict = strict
        self._words = catalogue(self.lang)

    @property
    def html_lang(self) -> str:
        """The value of `<html lang>`."""
        return HTML_LANG[self.lang]

    def __call__(self, key: str, **params: object) -> str:
        """The sentence of `key` with its parameters filled in.

        Raises:
            KeyError: an unknown key or parameter, when strict.
        """
        found = self._words.get(key)
        if found is None:
            if self.strict:
                raise KeyError(key)
            return key
        if not params and "{" not in found:
            return found
        try:
            return found.format_map(params)
        except KeyError:
            if self.strict:
                raise
            return found

    def p_value(self, value: float) -> str:
        """A p-value after its letter.

        >>> translator("en").p_value(0.0123), translator("en").p_value(0.0000123)
        ('= 0.012', '< 0.001')
        """
        return f"= {half_up(value, 3)}" if value >= 0.001 else "< 0.001"

    def raw(self, key: str) -> str:
        """The sentence with its places still open, to be filled in the browser."""
        if self.strict and key not in self._words:
            raise KeyError(key)
        return self._words.get(key, key)

    def has(self, key: str) -> bool:
        """Whether the language knows the key."""
        return key in self._words

    def maybe(self, key: str, otherwise: str) -> str:
        """The sentence of `key`, or `otherwise` when there is none."""
        return self._words.get(key, otherwise)

    def pick(self, zh: str | None, en: str | None) -> str:
        """Of a name given in both languages, the one to show; the other where it is missing."""
        first, second = (en, zh) if self.lang == "en" else (zh, en)
        return first or second or ""

    # numbers -----------------------------------------------------------------------------------

    def number(self, value: float | None, digits: int = 0) -> str:
        """Half-up with thousands separators; em dash when None. Whole numbers drop their decimals
        only when `digits` is 0.

        >>> Translator("en").number(1234.5)
        '1,235'
        """
        if value is None:
            return "—"
        shown = half_up(value, digits)
        return f"{shown if shown else abs(shown):,f}".replace("-", MINUS)

    def short(self, count: int) -> str:
        """A count where there is little room: from ten thousand on in units of 万 or k.

        >>> Translator("zh").short(9999), Translator("zh").short(45708), Translator("en").short(45708)
        ('9999', '4.6万', '46k')
        """
        if count < 10_000:
            return str(count)
        return self("number.short", n=half_up(count / 10_000, 1) if self.lang == "zh" else half_up(count / 1000, 0))

    def large(self, count: int, unit: str) -> str:
        """A quantity with its unit; from a hundred thousand on in 万 and 亿, in k and M in English.

        >>> [translator("zh").large(n, "incidents").replace(ONE_SPACE, " ") for n in (31980, 175_000)]
        ['31,980 起', '17.5 万起']
        >>> translator("en").large(2_110_000, "persons").replace(ONE_SPACE, " ")
        '2.11 M persons'
        """
        if abs(count) < LARGE:
            return self.count(count, unit)
        high, low = (100_000_000, 10_000) if self.lang == "zh" else (1_000_000, 1000)
        rounded = half_up(abs(count) / low, 2) * low
        size, key = (high, "number.high") if rounded >= high else (low, "number.low")
        shown = f"{half_up(count / size, 2).normalize():f}".replace("-", MINUS)
        return self(key, n=shown, unit=self(f"unit.{unit}.many"))

    def points(self, value: float | None, digits: int = 2) -> str:
        """A change of a rate in percentage points, always with its sign.

        >>> translator("zh").points(8.81).replace(ONE_SPACE, " ")
        '+8.81 个百分点'
        """
        if value is None:
            return "—"
        sign = "+" if half_up(value, digits) > 0 else ""
        return self("number.points", n=f"{sign}{self.number(value, digits)}")

    def plain(self, value: float | None, digits: int = 1) -> str:
        """A quantity: whole when it is whole, else with up to `digits` decimals."""
        if value is None:
            return "—"
        shown = half_up(value, digits)
        return self.number(value, 0 if shown == shown.to_integral_value() else digits)

    def percent(self, value: float | None, digits: int = 1) -> str:
        """Percent from 0..100 with a fixed number of decimals."""
        return "—" if value is None else f"{self.number(value, digits)}{ONE_SPACE}%"

    def change(self, value: float | None, digits: int = 2) -> str:
        """A change in percent, always with its sign.

        >>> Translator("en").change(12.466).replace(ONE_SPACE, " ")
        '+12.47 %'
        """
        if value is None:
            return "—"
        sign = "+" if half_up(value, digits) > 0 else ""
        return f"{sign}{self.percent(value, digits)}"

    def count(self, value: float | None, unit: str) -> str:
        """A quantity with its unit of measure, such as 3 场 or 3 sessions."""
        if unit == "percent":
            return self.percent(value)
        singular = value == 1 and self.has(f"unit.{unit}.one")
        word = self(f"unit.{unit}.one" if singular else f"unit.{unit}.many")
        return f"{self.plain(value)}{ONE_SPACE}{word}"

    # times -------------------------------------------------------------------------------------

    def date(self, day: calendar.date | None) -> str:
        """2024年5月6日 or 6 May 2024."""
        if day is None:
            return "—"
        if self.lang == "en":
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"

    def short_date(self, day: calendar.date | None) -> str:
        """5月6日 or 6 May."""
        if day is None:
            return "—"
        return f"{day.day} {MONTHS[day.month - 1]}" if self.lang == "en" else f"{day.month}月{day.day}日"

    def weekday(self, day: calendar.date) -> str:
        """星期一 or Mon."""
        return self(f"weekday.{day.weekday()}")

    def clock(self, moment: datetime | time | None, *, seconds: bool = False) -> str:
        """24-hour clock."""
        if moment is None:
            return "—"
        return moment.strftime("%H:%M:%S" if seconds else "%H:%M")

    def moment(self, moment: datetime | None, *, seconds: bool = False) -> str:
        """Date and 24-hour clock."""
        return "—" if moment is None else f"{self.date(moment.date())} {self.clock(moment, seconds=seconds)}"

    def brief(self, moment: datetime | None) -> str:
        """Day and 24-hour clock without the year, for a line that runs."""
        return "—" if moment is None else f"{self.short_date(moment.date())} {self.clock(moment)}"

    def deadline(self, moment: datetime | None) -> str:
        """A period's end: its last second reads 24:00."""
        if moment is None or moment.time() < time(23, 59):
            return self.moment(moment)
        return f"{self.date(moment.date())} 24:00"

    def until(self, moment: datetime, now: datetime) -> str:
        """A deadline seen from `now`: only the clock when it is today; 23:59:59 reads 24:00."""
        last = moment.time() >= time(23, 59)
        clock = "24:00" if last else self.clock(moment)
        if moment.date() == now.date():
            return self("time.today_at", clock=clock)
        return f"{self.short_date(moment.date())} {clock}"

    def duration(self, span: timedelta | float | None) -> str:
        """A length of time in its largest whole unit: 90 秒, 5 分钟, 22 小时, 3 天."""
        if span is None:
            return "—"
        seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
        for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
            if seconds >= length and (seconds % length == 0 or seconds >= 2 * length):
                return self.count(float(half_up(seconds / length, 0)), unit)
        return self.count(float(half_up(seconds, 0)), "second")


@cache
def translator(lang: str, strict: bool = False) -> Translator:
    """The words of `lang`; unknown languages give Chinese."""
    return Translator(lang, strict=strict)
