"""The language and theme of the current browser, from its cookies."""

from __future__ import annotations

from flask import has_request_context, request

from i18n import Translator
from i18n import translator as translator_for
from web.context import context

LANGS = {"zh": "zh-CN", "en": "en"}
THEMES = ("light", "dark")


def current() -> str:
    """ "zh" or "en"."""
    if not has_request_context():
        return context().default_lang
    chosen = request.cookies.get("lang", "")
    if not chosen and request.headers.get("Authorization"):  # a program, which has no cookies
        chosen = request.accept_languages.best_match(list(LANGS)) or ""
    return chosen if chosen in LANGS else context().default_lang


def html_lang() -> str:
    """The value of `<html lang>`."""
    return LANGS[current()]


def theme() -> str:
    """ "light" or "dark"."""
    chosen = request.cookies.get("theme", "") if has_request_context() else ""
    return chosen if chosen in THEMES else THEMES[0]


def translator() -> Translator:
    """`t(key, **params)` for the current browser."""
    return translator_for(current())
