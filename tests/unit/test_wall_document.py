"""The wall's document: no data, no name, no inline script; its files exist and have addresses of their content."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from components.wall_document import ASSETS, frame_words, wall_document, wall_files
from i18n import LANGUAGES, catalogue, translator

SCRIPTS = sorted((ASSETS / "lazy" / "wall").glob("*.js"))


def document(lang: str = "zh") -> str:
    return wall_document(translator(lang, strict=True), build="b1")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_document_carries_no_script_of_its_own_and_no_style(lang):
    found = document(lang)
    assert re.findall(r"<script(?![^>]* src=)", found) == []
    assert re.findall(r"\son\w+=|\sstyle=|<style|javascript:", found) == []
    assert 'data-build="b1"' in found


def test_every_file_of_the_wall_is_named_once_style_sheets_before_scripts():
    named = re.findall(r'(?:src|href)="/assets/([^"?]+)\?m=[0-9a-f]{10}"', document())
    own = [path.name for path in (ASSETS / "lazy" / "wall").iterdir()]
    assert sorted(name.rsplit("/", 1)[1] for name in named[1:]) == sorted(own)
    assert named[:2] == ["10-tokens.css", "lazy/wall/wall.css"]
    scripts = [name for name in named if name.endswith(".js")]
    assert named[-len(scripts) :] == sorted(scripts)
    assert len(wall_files()) == len(named)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_survive_the_way_through_an_attribute(lang):
    carried = re.search(r'data-words="([^"]*)"', document(lang))
    assert carried is not None
    words = json.loads(unescape(carried.group(1)))
    assert words == frame_words(translator(lang))
    assert words["data_at"] == catalogue(lang)["wall_frame.data_at"]
    assert len([name for name in words if name.startswith("weekday_")]) == 7


def test_the_scripts_say_only_words_that_the_frame_has():
    """`wall.say` of the frame's own scripts; the panels' words come with the picture."""
    own = [path for path in SCRIPTS if int(path.name[:2]) < 39]
    said = {word for path in own for word in re.findall(r'\bsay\("(\w+)"', path.read_text(encoding="utf-8"))}
    known = set(frame_words(translator("zh")))
    prefixes = tuple(word for word in said if word.endswith("_"))
    assert said
    assert {word for word in said if word not in known and word not in prefixes} == set()
    assert all(any(name.startswith(prefix) for name in known) for prefix in prefixes)


def test_no_script_writes_markup_or_evaluates_text():
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert [path.name for path in SCRIPTS if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_the_scripts_keep_to_what_old_browsers_of_the_trade_know():
    """Chromium 86: these came later."""
    later = re.compile(r"\.at\(|structuredClone|\.replaceAll\(|\?\?=|\|\|=|&&=|Object\.hasOwn\(|\.findLast\(")
    assert [path.name for path in SCRIPTS if later.search(path.read_text(encoding="utf-8"))] == []
