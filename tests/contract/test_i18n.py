"""Both languages say the same: same keys, same parameters; no key is unknown, none is unused."""

from __future__ import annotations

import ast
import re
from functools import cache
from string import Formatter

import pytest

from i18n import LANGUAGES, catalogue
from tests.support.code import shown, texts, tree
from tests.support.project import sources, tracked

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+")
FILE_ENDINGS = (".py", ".toml", ".css", ".js", ".md", ".csv", ".xlsx", ".json", ".html", ".db", ".log", ".zip", ".gz")
NOT_WORDS = {"board.watch", "page.board"}  # names of other things that look like keys
CJK = re.compile(r"[\u3400-\u9fff]")


def keys() -> set[str]:
    return set(catalogue("zh"))


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _pattern(node: ast.JoinedStr) -> str:
    """An f-string as a pattern: `f"unit.{unit}.one"` as `unit\\.[^…]+\\.one`."""
    parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[A-Za-z0-9_.-]+" for p in node.values]
    return "".join(parts)


@cache
def code_texts() -> tuple[tuple[str, str, int], ...]:
    """(text, file, line) of every text in the code, the scripts in assets included."""
    found = [(text, shown(path), line) for path in sources() for text, line in texts(path)]
    for path in [p for p in tracked("assets") if p.suffix == ".js"]:
        written = re.findall(r"[\"'`]([a-z][A-Za-z0-9_.-]*)[\"'`]", path.read_text(encoding="utf-8"))
        found += [(text, shown(path), 0) for text in written]
    return tuple(found)


@cache
def patterns() -> tuple[str, ...]:
    """Patterns of keys that are put together from parts; they begin with a known section and a dot."""
    sections = {key.split(".")[0] for key in keys()}
    joined = [_pattern(node) for path in sources() for node in ast.walk(tree(path)) if isinstance(node, ast.JoinedStr)]
    prefixes = [re.escape(t) + ".+" for t, _, _ in code_texts() if t.endswith((".", "_")) and KEY.fullmatch(f"{t}x")]
    return tuple(p for p in {*joined, *prefixes} if p.split(r"\.")[0] in sections and r"\." in p)


def test_both_languages_have_the_same_keys() -> None:
    zh, en = set(catalogue("zh")), set(catalogue("en"))
    singular = {key for key in en if key.endswith(".one")}  # Chinese has no singular
    assert (sorted(zh - en), sorted(en - zh - singular)) == ([], [])


def test_both_languages_take_the_same_parameters() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert {key for key in zh.keys() & en.keys() if parameters(zh[key]) != parameters(en[key])} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_empty(lang: str) -> None:
    assert [key for key, sentence in catalogue(lang).items() if not sentence.strip()] == []


def test_no_chinese_in_the_english_sentences() -> None:
    """Terms of the trade may stand in brackets behind their English."""
    found = {key: text for key, text in catalogue("en").items() if CJK.search(re.sub(r"\([^)]*\)", "", text))}
    assert set(found) - {"shell.other_language"} == set()


def test_every_key_in_the_code_exists() -> None:
    sections = {key.split(".")[0] for key in keys()}
    known = keys() | set(catalogue("en"))
    unknown = [
        f"{file}:{line} {text}"
        for text, file, line in code_texts()
        if KEY.fullmatch(text)
        and text.split(".")[0] in sections
        and not text.endswith(FILE_ENDINGS)
        and text not in known
        and text not in NOT_WORDS
        and not any(key.startswith((f"{text}.", text)) for key in known)
    ]
    assert unknown == []


def test_every_literal_key_of_a_translator_exists() -> None:
    known = keys() | set(catalogue("en"))
    unknown = [
        f"{shown(path, node.lineno)} {node.args[0].value}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _translates(node) and node.args[0].value not in known
    ]
    assert unknown == []


def _translates(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    first = call.args[0] if call.args else None
    literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return literal and name == "t"


def test_every_composed_key_can_be_found() -> None:
    known = keys() | set(catalogue("en"))
    assert [pattern for pattern in patterns() if not any(re.fullmatch(pattern, key) for key in known)] == []


def test_no_key_is_unused() -> None:
    literal = {text for text, _, _ in code_texts()}
    called = {f"cli.{text}" for text, file, _ in code_texts() if file.startswith(("manage.py", "commands/"))}
    unused = [
        key
        for key in sorted(keys())
        if key not in literal | called and not any(re.fullmatch(pattern, key) for pattern in patterns())
    ]
    assert unused == []


def test_the_scan_sees_a_key() -> None:
    call = ast.parse('t("board.title")').body[0].value
    assert _translates(call)
    assert re.fullmatch(_pattern(ast.parse('f"unit.{x}.one"').body[0].value), "unit.day.one")
    assert parameters("{done}/{total} 项") == {"done", "total"}
