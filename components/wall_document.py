"""The wall's document: a frame without data and without a name, and the addresses of its scripts.

It holds what must be said before the first answer or without one. All the rest the scripts of
`assets/lazy/wall` draw from the picture they ask for.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path

from i18n import Translator, catalogue

ASSETS = Path(__file__).parent.parent / "assets"
FOLDER = "lazy/wall"
SECTION = "wall_frame."


@cache
def wall_files() -> tuple[str, ...]:
    """Addresses of the wall's style sheets and scripts in the order of their names, style sheets first.

    Each carries the fingerprint of its content: another release has other addresses, so no cache can mix two.
    """
    found = [path for path in sorted((ASSETS / FOLDER).iterdir()) if path.suffix in {".css", ".js"}]
    names = ["10-tokens.css", *(f"{FOLDER}/{path.name}" for path in sorted(found, key=_order))]
    return tuple(f"/assets/{name}?m={_fingerprint(ASSETS / name)}" for name in names)


def _order(path: Path) -> tuple[str, bool]:
    """Style sheets first, and of these the frame's own, which panels build on."""
    return path.suffix, path.name != "wall.css"


def _fingerprint(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=5).hexdigest()


def frame_words(t: Translator) -> dict[str, str]:
    """What the wall's frame says, by short key; places such as `{at}` stay open for the browser."""
    names = [key.removeprefix(SECTION) for key in catalogue(t.lang) if key.startswith(SECTION)]
    days = {f"weekday_{day}": t(f"weekday.{day}") for day in range(7)}
    colours = {f"colour_{name[0]}": t(f"colour.{name}") for name in ("blue", "yellow", "red", "grey")}
    return {**{name: t.raw(f"{SECTION}{name}") for name in names}, **days, **colours}


def wall_document(t: Translator, *, build: str) -> str:
    """The whole document as HTML.

    Args:
        build: the program's fingerprint; an open wall loads itself again when a picture names another one.
    """
    words = escape(json.dumps(frame_words(t), ensure_ascii=False))
    return (
        f'<!doctype html><html lang="{t.html_lang}" translate="no" data-dcb-palette="wall" '
        f'data-build="{escape(build)}" data-words="{words}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="google" content="notranslate">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f'<title>{escape(t("wall_frame.title"))}</title><link rel="icon" href="/assets/favicon.ico">{_files()}</head>'
        '<body><div id="whole"><div id="canvas" class="canvas"><header id="bar"></header><div id="attention"></div>'
        '<main id="stage"></main><footer id="foot"></footer></div>'
        f'<div id="door"><p>{escape(t("wall_frame.connecting"))}</p></div></div>'
        f"<noscript><p>{escape(t('wall_frame.no_script'))}</p></noscript></body></html>"
    )


def _files() -> str:
    made = []
    for address in wall_files():
        sheet = address.split("?")[0].endswith(".css")
        made.append(
            f'<link rel="stylesheet" href="{address}">' if sheet else f'<script src="{address}" defer></script>'
        )
    return "".join(made)
