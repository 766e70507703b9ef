"""Every component id, in one place."""

from __future__ import annotations

LOCATION = "url"
VERSION = "version"  # Store: the data version the page is asked to show; written by assets/js/poll.js
NOTICE = "notice"  # Tree: a translated error over the page
MENU = "menu"
MENU_OPEN = "menu-open"
CONTENT = "content"
WHO = "who"  # who is signed in; filled by assets/js/47-who.js
STALE = "stale"  # the bar over an old picture; written by assets/js/30-poll.js
CLOCK = "clock"  # the shell's data clock; written by assets/js/poll.js


def page(name: str) -> str:
    """The frame of a page."""
    return f"{name}-page"


def ask(name: str) -> str:
    """Store: what the page's path asks for, such as a station's code."""
    return f"{name}-ask"


def query(name: str) -> str:
    """Store: the page's query parameters; also written by `assets/js/10-tree.js`."""
    return f"{name}-query"


def screen(name: str) -> str:
    """Tree or BoardMatrix: the page's answer."""
    return f"{name}-screen"


def part(name: str, which: str) -> str:
    """A further part of a page beside its answer."""
    return f"{name}-{which}"
