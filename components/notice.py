"""Errors and notices in words."""

from __future__ import annotations

from html import escape
from typing import Any

from components import ids
from components.hiccup import Node, h
from domain.errors import BadRequest, BoardError, DataUnavailable, NotFound
from i18n import Translator

ID = ids.NOTICE
SHEETS = ("00-bootstrap.css", "10-tokens.css", "20-base.css", "40-pages.css")


def sentence(error: BaseException, t: Translator) -> str:
    """What is said about an error: its own sentence, or a general one that gives nothing away."""
    if isinstance(error, BoardError) and t.has(error.key):
        return t(error.key, **{name: _plain(value) for name, value in error.params.items()})
    return t("error.unexpected")


def problem(error: BaseException, t: Translator) -> Node:
    """An error where an answer should stand."""
    kind = "missing" if isinstance(error, NotFound) else "failed"
    hint = t("error.kept") if isinstance(error, DataUnavailable) else t("error.hint")
    return h(
        f"div.notice.{kind}",
        h("b", t(f"error.title.{kind}")),
        h("p", sentence(error, t)),
        h("p.hint", hint),
        h("a", t("error.without"), href="?") if isinstance(error, BadRequest) else None,
        h("a", t("error.home"), href="/"),
        role="alert",
    )


def tree(error: BaseException, t: Translator) -> Node:
    """An error as a notice over the page; what stood there stays."""
    close = h("span.close", "×", role="button", tabindex=0, data_close_notice="1", aria_label=t("error.close"))
    return h("div.notice-over", problem(error, t), close)


def not_found(t: Translator) -> Node:
    """The page for an address that leads nowhere."""
    return h(
        "div.sheet.lost",
        h("p.big", "404"),
        h("h1", t("page.not_found")),
        h("p", t("page.not_found_hint")),
        h("a.go", t("error.home"), href="/"),
    )


def error_page(status: int, text: str, t: Translator, *, lang: str, theme: str) -> str:
    """A whole page without scripts, for an answer that is not the program's own page."""
    sheets = "".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in SHEETS)
    body = f'<h1>{status}</h1><p>{escape(text)}</p><p><a class="go" href="/">{escape(t("error.home"))}</a></p>'
    return (
        f'<!doctype html><html lang="{escape(lang)}" data-bs-theme="{escape(theme)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(t("app.title"))}</title>'
        f'{sheets}</head><body><main class="sheet lost">{body}</main></body></html>'
    )


def _plain(value: Any) -> str:
    return str(value)[:200]
