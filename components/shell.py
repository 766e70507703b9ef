"""What stands around every page: top bar, menu, the page itself, stale bar, stores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import dcc, html

from components import ids
from components.own import Tree
from domain.task import Theme
from i18n import Translator

PLACES = ("alerts", "compare", "assessment", "map", "hotspots", "duty")
"""Pages beside the board, by address and word."""


def shell(t: Translator, unit_name: str = "", themes: Sequence[Theme] = ()) -> Any:
    """The layout of the program; holds no data and no identity.

    Args:
        unit_name: the organisation, "" for none.
        themes: listed in the menu.
    """
    return html.Div(
        [
            html.A(t("shell.skip"), href="#content", className="skip"),
            dcc.Location(id=ids.LOCATION, refresh=False),
            dcc.Store(id=ids.VERSION),
            _bar(t, unit_name),
            _menu(t, themes),
            _stale(t),
            Tree(id=ids.NOTICE),
            html.Div(dash.page_container, id=ids.CONTENT),
        ],
        className="shell",
    )


def _bar(t: Translator, unit: str) -> Any:
    return html.Header(
        [
            _menu_button(t),
            _brand(t),
            html.Span(unit, className="unit") if unit else None,
            html.Span(className="gap"),
            _bell(t),
            dbc.Badge(t("shell.demo"), className="demo", color="none", title=t("shell.demo_title")),
            html.Span([html.Span(t("shell.clock"), className="l"), html.Time("—", id=ids.CLOCK)], className="clock"),
            _who(t),
            _switches(t),
        ],
        className="topbar",
    )


def _who(t: Translator) -> Any:
    """Filled in the browser (assets/js/47-who.js): the page itself holds no identity."""
    words = {"open": "access.open_note", "own": "access.own", "out": "access.sign_out", "trying": "access.trying"}
    return html.Span(id=ids.WHO, className="who", **_more({f"data-{name}": t(key) for name, key in words.items()}))


def _bell(t: Translator) -> Any:
    """How many alerts wait for an acknowledgement; shown and counted by assets/js/30-poll.js."""
    more = _more({"data-own": "1", "data-waiting-alerts": t.raw("alert.unread")})
    return html.A(
        [html.Span(t("shell.alerts"), className="l"), html.B("")], href="/alerts", className="bell", hidden=True, **more
    )


def _menu_button(t: Translator) -> Any:
    """Opens the menu (assets/js/40-shell.js)."""
    return html.Button(
        html.Span(className="burger"),
        id=ids.MENU_OPEN,
        className="icon",
        title=t("shell.menu"),
        **_more({"aria-label": t("shell.menu"), "data-menu-of": ids.MENU}),
    )


def _brand(t: Translator) -> Any:
    emblem = html.Span(className="emblem", **_more({"aria-hidden": "true"}))
    return html.A(
        [emblem, html.Span(t("app.title"), className="name")], href="/", className="brand", **_more({"data-own": "1"})
    )


def _switches(t: Translator) -> Any:
    other = "en" if t.lang == "zh" else "zh"
    language = html.Button(
        t("shell.other_language"),
        className="switch",
        lang=other,
        title=t("shell.language"),
        **_more({"aria-label": t("shell.language"), "data-lang-to": other}),
    )
    theme = html.Button(
        html.Span(className="moon"),
        className="switch icon",
        title=t("shell.theme"),
        **_more({"aria-label": t("shell.theme"), "data-theme-switch": "1"}),
    )
    return html.Span([language, theme], className="switches")


def _menu(t: Translator, themes: Sequence[Theme]) -> Any:
    links = [_link(t("board.title"), "/"), *(_link(t(f"shell.{name}"), f"/{name}") for name in PLACES)]
    links.append(_link(t("feeds.title"), "/feeds"))
    own = [_link(theme.name(t.lang), f"/theme/{theme.code}") for theme in themes]
    section = [html.H2(t("shell.themes")), html.Ul(own)] if own else []
    log = html.Ul([_link(t("audit.title"), "/audit")], className="for-auditor")
    office = html.Ul([_link(t("admin.title"), "/admin")], className="for-admin")
    return dbc.Offcanvas(
        html.Nav([html.Ul(links), *section, office, log], className="menu", **_more({"aria-label": t("shell.menu")})),
        id=ids.MENU,
        title=t("app.title"),
        close_button=False,
        is_open=False,
        placement="start",
    )


def _link(text: str, address: str) -> Any:
    return html.Li(html.A(text, href=address, **_more({"data-own": "1"})))


def _stale(t: Translator) -> Any:
    """Filled and shown by assets/js/30-poll.js; its sentences travel as data attributes."""
    words: dict[str, Any] = {"data-waiting": t.raw("stale.waiting"), "data-lost": t.raw("stale.lost")}
    return html.Div(id=ids.STALE, className="stale", role="status", hidden=True, **words)


def _more(attributes: dict[str, Any]) -> dict[str, Any]:
    """data-* and aria-* attributes, which Dash takes by name but its type hints do not know."""
    return attributes
