"""The colour table: up to date, readable, and distinguishable without normal colour vision."""

from __future__ import annotations

import importlib.util
import math
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("make_tokens", ROOT / "tools" / "make_tokens.py")
make_tokens = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_tokens)
TOKENS = make_tokens.table()
PALETTES = ("light", "dark", "wall")

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def luminance(colour: str) -> float:
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    r, g, b = (min(1.0, max(0.0, c)) for c in rgb)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, by: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    return lab(tuple(sum(m * c for m, c in zip(row, rgb, strict=True)) for row in BLINDNESS[by]))


def test_black_on_white_has_the_known_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_style_sheet_is_written_from_the_table():
    assert make_tokens.SHEET.read_text(encoding="utf-8") == make_tokens.sheet(TOKENS)


def test_palettes_have_the_same_tokens():
    assert set(TOKENS["light"]) == set(TOKENS["dark"]) == set(TOKENS["wall"])


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("kind,least", [("text", 4.5), ("mark", 3.0)])
def test_pairs_keep_their_contrast(palette, kind, least):
    tokens = TOKENS[palette]
    weak = {
        (a, b): round(contrast(tokens[a], tokens[b]), 2)
        for a, b in TOKENS["pairs"][kind]
        if contrast(tokens[a], tokens[b]) < least
    }
    assert weak == {}


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("by", BLINDNESS)
def test_status_colours_stay_apart(palette, by):
    colours = [TOKENS[palette][f"{name}-solid"] for name in ("blue", "yellow", "red")]
    distances = [math.dist(seen(a, by), seen(b, by)) for a, b in combinations(colours, 2)]
    assert min(distances) > 25


def test_no_colour_is_written_outside_the_table():
    sheets = [p for p in (ROOT / "assets").glob("*.css") if p.name not in ("00-bootstrap.css", "10-tokens.css")]
    sources = [*sheets, *(ROOT / "assets" / "js").glob("*.js"), *(ROOT / "components").glob("*.py")]
    assert sources
    found = [p.name for p in sources if __import__("re").search(r"#[0-9a-fA-F]{3,8}\b(?!\w)", _plain(p))]
    assert found == []


def _plain(path: Path) -> str:
    """The text without what looks like a colour but is an anchor (`#T1`)."""
    return path.read_text(encoding="utf-8")
