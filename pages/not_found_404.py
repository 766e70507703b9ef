"""What an address that leads nowhere shows."""

from __future__ import annotations

from typing import Any

from components import ids, notice, page
from components.own import Tree
from web import language


def title(**_: str) -> str:
    """The title of the browser's tab."""
    return language.translator()("page.not_found")


def layout(**_: str) -> Any:
    """The whole page; it has no data."""
    name = "lost"
    return page.frame(name, Tree(id=ids.screen(name), tree=notice.not_found(language.translator())), None, None)


page.register_page(__name__, title=title)
