"""What trees need of the current viewer besides words: who signs what is written, and whether names may be shown."""

from __future__ import annotations

from collections.abc import Mapping

from components import page
from components.look import Look
from web import answers, language
from web.identity import viewer


def look_of(query: Mapping[str, str]) -> Look:
    """Words, catalogue, instant and viewer of the current request."""
    who = viewer()
    names = "shown" if who.scope.sees_personal_data else "may" if who.session and who.scope.may_unmask else ""
    past = page.past(dict(query))
    return Look(language.translator(), answers.catalogue(), past, person=who.person, names=names)
