"""What a check of `manage.py doctor` can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """Well, worth knowing, or wrong. Only what is wrong makes the exit status 1."""

    WELL = "ok"
    NOTE = "??"
    FAULT = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and what to do about it ("" when nothing)."""

    grade: Grade
    found: str
    advice: str = ""


def well(found: str) -> Finding:
    """As it should be."""
    return Finding(Grade.WELL, found)


def note(found: str, advice: str = "") -> Finding:
    """Worth knowing; the board runs."""
    return Finding(Grade.NOTE, found, advice)


def fault(found: str, advice: str = "") -> Finding:
    """Wrong: the board does not run, shows wrong numbers, or is not safe."""
    return Finding(Grade.FAULT, found, advice)
