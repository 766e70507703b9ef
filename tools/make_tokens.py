"""Write `assets/10-tokens.css` from `components/tokens.toml`: `python tools/make_tokens.py`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "components" / "tokens.toml"
SHEET = ROOT / "assets" / "10-tokens.css"
SELECTORS = {
    "light": ':root,[data-bs-theme="light"]',
    "dark": '[data-bs-theme="dark"]',
    "wall": '[data-dcb-palette="wall"]',
}
# What Bootstrap's and Dash's own components read.
BRIDGE = {
    "--bs-body-bg": "bg",
    "--bs-body-color": "ink",
    "--bs-border-color": "line",
    "--bs-link-color": "accent",
    "--bs-secondary-color": "ink-2",
    "--bs-tertiary-bg": "sunken",
    "--Dash-Fill-Inverse-Strong": "surface",
    "--Dash-Fill-Interactive-Strong": "accent",
    "--Dash-Text-Primary": "ink",
    "--Dash-Text-Strong": "ink",
    "--Dash-Stroke-Strong": "line-strong",
    "--Dash-Stroke-Weak": "line",
}


def table() -> dict[str, Any]:
    """The token table as it stands in the file."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def sheet(tokens: dict[str, Any]) -> str:
    """The style sheet: one block of custom properties per palette."""
    blocks = ["/* Written by tools/make_tokens.py from components/tokens.toml. Change it there. */"]
    for name, selector in SELECTORS.items():
        own = [f"--{token}:{value}" for token, value in tokens[name].items()]
        bridge = [f"{variable}:{tokens[name][token]}" for variable, token in BRIDGE.items()]
        scheme = f"color-scheme:{'light' if name == 'light' else 'dark'}"
        blocks.append(f"{selector}{{{';'.join([scheme, *own, *bridge])}}}")
    return "\n".join(blocks) + "\n"


def main() -> None:
    """Write the file; with `--check` only say whether it is up to date."""
    text = sheet(table())
    if "--check" in sys.argv:
        sys.exit(0 if SHEET.read_text(encoding="utf-8") == text else "assets/10-tokens.css is out of date")
    SHEET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
