"""What is written about the program is true: settings, commands, make targets, packages, links."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from pydantic_core import PydanticUndefined

from tests.support import docs
from tests.support.code import shown
from tests.support.project import ROOT, tracked

MAKE = re.compile(r"\bmake ([a-z][a-z-]*)\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[a-z,]+\])?==[^\s=]+$")
WORD_AFTER_MAKE = {"sure", "it", "them", "anew", "up", "the", "a", "no", "two", "sense"}


def documents() -> list[Path]:
    return [path for path in tracked("*.md", "docs") if path.suffix == ".md"]


# settings ---------------------------------------------------------------------------------------


def settings_table() -> list[list[str]]:
    """Name, default and help of every setting, as the program has them."""
    from settings import PREFIX, Settings

    found = []
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        shown_name = alias.choices[0] if alias is not None else PREFIX + name.upper()
        default = "" if field.default in (None, "", PydanticUndefined) else str(field.default)
        found.append([shown_name, default.lower() if isinstance(field.default, bool) else default, field.description])
    return found


def test_the_settings_are_documented_as_they_are() -> None:
    part = docs.sections(docs.text("docs/settings.md"), "## ")["All settings"]
    found = [[docs.plain(row[0]), docs.plain(row[1]), row[2]] for row in docs.rows(part)]
    assert found == settings_table()


# commands ---------------------------------------------------------------------------------------


def commands() -> dict[str, click.Command]:
    """`db upgrade` -> command, groups left out."""
    from manage import main

    found: dict[str, click.Command] = {}

    def walk(group: click.Group, prefix: str) -> None:
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                walk(command, f"{prefix}{name} ")
            else:
                found[prefix + name] = command

    walk(main, "")
    return found


def described_commands() -> dict[str, str]:
    parts = docs.sections(docs.text("docs/operations.md"))
    found = {docs.plain(head): text for head, text in parts.items() if head.startswith("`manage.py ")}
    return {head.removeprefix("manage.py ").split(" [")[0].split(" <")[0]: text for head, text in found.items()}


def test_every_command_is_described_and_no_other() -> None:
    assert sorted(described_commands()) == sorted(commands())


def test_every_option_is_described() -> None:
    described = described_commands()
    missing = [
        f"{name} {option.opts[0]}"
        for name, command in commands().items()
        for option in command.params
        if isinstance(option, click.Option) and f"`{option.opts[0]}" not in described.get(name, "")
    ]
    assert missing == []


def test_no_command_is_mentioned_that_does_not_exist() -> None:
    known = set(commands()) | {name.split()[0] for name in commands()}
    mentioned = {
        (shown(path), found)
        for path in documents()
        for found in re.findall(r"manage\.py ([a-z][a-z-]*)", path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in mentioned if name not in known} == set()


# make -------------------------------------------------------------------------------------------


def targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z][a-z-]*):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8")))


def test_every_make_command_in_the_documents_exists() -> None:
    mentioned = {(shown(p), name) for p in documents() for name in MAKE.findall(_code(p.read_text(encoding="utf-8")))}
    assert {(path, name) for path, name in mentioned if name not in targets() | WORD_AFTER_MAKE} == set()


def test_every_make_target_is_documented() -> None:
    text = docs.text("docs/development.md")
    assert {name for name in targets() if f"`make {name}" not in text} == set()


def _code(text: str) -> str:
    """Only what stands in code marks."""
    return "\n".join([*re.findall(r"(?s)```.*?```", text), *re.findall(r"`[^`\n]+`", text)])


# packages ---------------------------------------------------------------------------------------


def packages(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned(name: str) -> None:
    assert [line for line in packages(name) if not PINNED.match(line)] == []


def test_every_package_has_its_reason_and_no_other_is_explained() -> None:
    needed = {
        PINNED.match(line)[1].lower()
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in packages(name)
    }
    text = docs.text("docs/adr/0002-dependencies.md")
    explained = [docs.plain(row[0]).lower() for row in docs.rows(text)]
    assert sorted(explained) == sorted(needed)
    assert [row[0] for row in docs.rows(text) if len(row[1]) < 10] == []


# links ------------------------------------------------------------------------------------------


def test_every_local_link_leads_somewhere() -> None:
    broken = [
        f"{shown(path)} -> {target}"
        for path in documents()
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []
