"""Words come from i18n and the catalogue, looks from the style sheets, ids from one module."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.support.code import shown, texts, tree
from tests.support.project import ROOT, sources

CJK = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
HEX = re.compile(r"^#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$|[:\s]#[0-9a-fA-F]{6}\b")
WORDS_LIVE_HERE = ("i18n", "catalogue", "data_access/demo")
DEPENDENCIES = {"Input", "Output", "State"}


def code_outside(*folders: str) -> list[Path]:
    return [path for path in sources() if not shown(path).startswith(tuple(f"{folder}/" for folder in folders))]


def test_no_chinese_text_outside_the_translations() -> None:
    found = [
        f"{shown(path, line)}: {text[:40]}"
        for path in code_outside(*WORDS_LIVE_HERE)
        for text, line in texts(path)
        if CJK.search(text)
    ]
    assert found == [], "words for the screen belong into i18n/, words of the trade into catalogue/"


def test_no_colour_in_python() -> None:
    found = [
        f"{shown(path, line)}: {text[:40]}" for path in sources() for text, line in texts(path) if HEX.search(text)
    ]
    assert found == [], "colours are tokens in assets/; Python gives class names"


def test_no_style_attribute_in_python() -> None:
    found = [
        shown(path, keyword.value.lineno)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "style"
    ]
    assert found == [], "looks live in assets/; Python gives class names"


def test_component_ids_come_from_one_module() -> None:
    found = [
        shown(path, node.lineno)
        for path in code_outside("data_access", "domain", "services", "catalogue", "i18n", "exports")
        if shown(path) != "components/ids.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _names_an_id(node)
    ]
    assert found == [], "write the id once in components/ids.py and use its name"


def _names_an_id(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = [keyword.value for keyword in call.keywords if keyword.arg == "id"]
    given += call.args[:1] if name in DEPENDENCIES else []
    return any(isinstance(value, ast.Constant | ast.JoinedStr) for value in given)


def test_the_scan_sees_what_it_forbids(tmp_path: Path) -> None:
    call = ast.parse('html.Div(id="x")').body[0].value
    assert _names_an_id(call)
    assert _names_an_id(ast.parse('Input("x", "value")').body[0].value)
    assert not _names_an_id(ast.parse("html.Div(id=ids.BOARD)").body[0].value)
    assert CJK.search("日清看板")
    assert HEX.search("#2F8BFF")
    assert (ROOT / "i18n").is_dir()
