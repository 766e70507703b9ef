"""Pieces that the pages of hot-spot records share: tags, words for changes, the course, the fields of forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from urllib.parse import quote

from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge
from domain.board import Unit
from domain.hotspot_record import KINDS, STATUSES, Facts, Record
from domain.hotspot_views import Week
from domain.incident_filter import Circle, Filter
from domain.incident_filter import params as filter_params
from domain.span import Span

BAR, HEIGHT = 10, 60
MANY = 4000


def address(look: Look, hotspot_id: str) -> str:
    """Address of a record."""
    return look.url(f"/hotspot/{quote(hotspot_id, safe='')}")


def status_tag(status: str, look: Look) -> Node:
    """The status in a word. Never blue, yellow or red: those are the board's verdicts."""
    known = status if status in STATUSES else "other"
    return h(f"span.tag.st.st-{known}", look.t(f"hotspot.status.{known}", raw=status))


def kind_tag(kind: str, look: Look) -> Node:
    """The kind in a word."""
    return badge(look.t(f"hotspot.kind.{kind}") if kind in KINDS else look.t("hotspot.kind_unknown"))


def moved(change: float | None, look: Look) -> str:
    """A change as a share, in words: fell, rose, same."""
    if change is None:
        return look.t("hotspot.no_base")
    name = "same" if abs(change) < 0.005 else "fell" if change < 0 else "rose"
    return look.t(f"hotspot.{name}", share=look.t.percent(abs(change) * 100, 0))


def when(moment: datetime | None, look: Look) -> str:
    """A moment; the day alone where the clock says midnight."""
    if moment is not None and moment.time() in (time.min, time(23, 59, 59)):
        return look.t.date(moment.date())
    return look.t.moment(moment)


def rows_link(look: Look, record: Record, span: Span | None, text: str, path: str = "/incidents") -> Node | None:
    """A link to the incidents that count for a record; None when it has no place.

    Args:
        span: whole days; None for the last 90, as the rule of black spots looks back. An empty one makes no link.
    """
    facts = record.facts
    if facts.lng is None or facts.lat is None or (span is not None and span.days < 1):
        return h("span", text) if span is not None else None
    classes = (facts.class_code,) if facts.class_code else ()
    asked = filter_params(Filter(classes=classes, near=Circle(facts.lng, facts.lat, facts.radius_m)))
    if span is not None:
        asked |= {"from": span.first_day.isoformat(), "to": span.last_day.isoformat(), "base": "none"}
    else:
        asked |= {"preset": "90d"}
    return h("a", text, href=look.url(path, **asked))


# the course ------------------------------------------------------------------------------------


def chart(weeks: Sequence[Week], expected: float | None, look: Look) -> Node:
    """One bar a week: grey before, ink after; the dashed line is the mean of a week before."""
    top = max([week.count for week in weeks] + [expected or 0.0, 1.0])
    bars = [_bar(place, week, top, look) for place, week in enumerate(weeks)]
    line = None
    if expected is not None:
        y = round(HEIGHT - HEIGHT * expected / top, 2)
        line = h("line.mean", x1=0, x2=len(weeks) * BAR, y1=y, y2=y)
    turn = sum(not week.after for week in weeks) * BAR
    return h(
        "svg.course",
        many(bars),
        line,
        h("line.turn", x1=turn, x2=turn, y1=0, y2=HEIGHT),
        viewBox=f"0 0 {max(1, len(weeks)) * BAR} {HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=look.t("hotspot.course_label", counts=" ".join(str(week.count) for week in weeks)),
    )


def _bar(place: int, week: Week, top: float, look: Look) -> Node:
    height = round(HEIGHT * week.count / top, 2)
    text = look.t("hotspot.week", day=look.t.short_date(week.start.date()), n=week.count)
    kind = "after" if week.after else "before"
    part = ".part" if week.days < 7 else ""
    rect = h(f"rect.{kind}{part}", x=place * BAR + 1, y=HEIGHT - height, width=BAR - 2, height=height)
    return h("g", h("title", text), rect)


def course_table(weeks: Sequence[Week], look: Look) -> Node:
    """The same as a table, for whoever does not see the bars."""
    heads = [h("th", look.t(f"hotspot.course_{name}"), scope="col") for name in ("week", "side", "count")]
    rows = [
        h(
            "tr",
            h("th", look.t.date(week.start.date()), scope="row"),
            h("td", look.t("hotspot.after" if week.after else "hotspot.before")),
            h("td.num", look.t.number(week.count)),
        )
        for week in weeks
    ]
    body = h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))))
    return h("details.more", h("summary", look.t("hotspot.as_table")), body)


# forms -----------------------------------------------------------------------------------------


def post_form(look: Look, path: str, fields: Sequence[Node | None], button: str, seen: str = "") -> Node:
    """A form that is sent by `assets/js/46-post.js`; what goes wrong is said in its alert."""
    return h(
        "form.deed",
        h("input", type="hidden", name="seen", value=seen) if seen else None,
        h("div.fields", many(fields), actor(look)),
        h("p.alert", role="alert"),
        h("p.go-line", h("button.go", button, type="submit"), h("small", _signed(look))),
        data_post=path,
        data_failed=look.t("hotspot.error.failed"),
    )


def _signed(look: Look) -> str:
    return look.t("access.signed", person=look.person) if look.person else look.t("hotspot.actor_note")


def actor(look: Look) -> Node | None:
    """Who fills the form in, typed where nobody signed in; an account signs with its own name."""
    if look.person:
        return None
    return field(look, "actor", h("input", type="text", name="actor", required=True, maxlength=60, autocomplete="name"))


def field(look: Look, name: str, control: Node, wide: str = "") -> Node:
    """A control with its label."""
    return h(f"label.field{wide}", h("span", look.t(f"hotspot.field.{name}")), control)


def text_field(look: Look, name: str, value: str, most: int, *, required: bool = False) -> Node:
    """One line of text."""
    return field(look, name, h("input", type="text", name=name, value=value, maxlength=most, required=required))


def day_field(look: Look, name: str, value: datetime | None, *, required: bool = False) -> Node:
    """A day."""
    shown = value.date().isoformat() if value else ""
    return field(look, name, h("input", type="date", name=name, value=shown, required=required))


def area_field(look: Look, name: str, value: str, most: int = MANY) -> Node:
    """Several lines of text."""
    control = h("textarea", name=name, value=value, maxlength=most, rows=5, required=True)
    return field(look, name, control, ".wide")


def choice(look: Look, name: str, options: Sequence[tuple[str, str]], chosen: str) -> Node:
    """One of several; options are (value, text)."""
    items = [h("option", text, value=value, selected=value == chosen) for value, text in options]
    return field(look, name, h("select", many(items), name=name))


def facts_fields(look: Look, facts: Facts, units: Sequence[Unit], *, fixed: bool = False) -> list[Node]:
    """The fields of what a hot spot is.

    Args:
        fixed: place and class cannot be changed now; they are sent as they are.
    """
    t = look.t
    kinds = [(kind, t(f"hotspot.kind.{kind}")) for kind in KINDS]
    stations = [("", t("hotspot.no_station")), *((unit.code, look.unit_name(unit)) for unit in units)]
    first = [
        text_field(look, "name", facts.name, 100, required=True),
        choice(look, "kind", kinds, facts.kind),
        choice(look, "station", stations, facts.station),
    ]
    numbers = {"lng": _degrees(facts.lng), "lat": _degrees(facts.lat), "radius_m": f"{facts.radius_m:g}"}
    if fixed:
        kept = [h("input", type="hidden", name=name, value=value) for name, value in numbers.items()]
        return [*first, *kept, h("input", type="hidden", name="class_code", value=facts.class_code)]
    classes = [(code, t(f"value.class_code.{code}")) for code in ("accident", "order", "other")]
    place = [text_field(look, name, value, 20, required=True) for name, value in numbers.items()]
    return [*first, *place, choice(look, "class_code", [*classes, ("", t("hotspot.any_class"))], facts.class_code)]


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
