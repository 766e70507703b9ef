"""Whole pages without scripts or Dash: signing in, one's own account, error pages. Text is always escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from components.hiccup import Child, Node
from i18n import Translator

SHEETS = ("00-bootstrap.css", "10-tokens.css", "20-base.css", "40-pages.css", "48-accounts.css")
_VOID = frozenset({"input", "br", "hr", "link", "meta"})


def document(t: Translator, title: str, body: Node, theme: str) -> str:
    """An HTML document with the program's looks.

    Args:
        theme: "light" or "dark".
    """
    sheets = "".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in SHEETS)
    return (
        f'<!doctype html><html lang="{escape(t.html_lang)}" data-bs-theme="{escape(theme)}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)} · {escape(t("app.title"))}</title>'
        f'<link rel="icon" href="/assets/favicon.ico">{sheets}</head><body>{html(body)}</body></html>'
    )


def html(node: Child) -> str:
    """A tree (`components.hiccup`) as HTML.

    >>> from components.hiccup import h
    >>> html(h("p.note", "a < b", title='"'))
    '<p class="note" title="&quot;">a &lt; b</p>'
    """
    if node is None:
        return ""
    if not isinstance(node, list):
        return escape(str(node))
    name, *classes = str(node[0]).split("#")[0].split(".")
    given = dict(node[1]) if len(node) > 1 and isinstance(node[1], dict) else {}
    if classes:
        given = {"class": " ".join([*classes, *([given.pop("class")] if "class" in given else [])]), **given}
    inside = "".join(html(child) for child in node[1:] if not isinstance(child, dict))
    opening = f"<{name}{''.join(_attributes(given))}>"
    return opening if name in _VOID else f"{opening}{inside}</{name}>"


def _attributes(given: dict[str, Any]) -> Iterator[str]:
    for name, value in given.items():
        yield f" {name}" if value is True else f' {name}="{escape(str(value))}"'
