"""Hiding who somebody is (DOMAIN 5.1): 王小明 becomes 王**, and numbers in free text lose their middle."""

from __future__ import annotations

import re

NAMES = frozenset({"owner_name", "subject_name", "person_name", "caller_name"})
NUMBERED = frozenset({"title", "note", "evidence", "caller_phone", "phone", "id_number", "plate"})
"""Columns of names, and of text in which numbers of people may stand."""
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})-?\d{5,6}(\d{2})(?!\d)")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})(?:19|20)\d{2}[01]\d[0-3]\d\d{3}([0-9Xx])(?![0-9A-Za-z])")
_PLATE = re.compile(r"([\u4e00-\u9fff][A-Z])[·. ]?[A-Z0-9]{3,4}([A-Z0-9]{1,2}[\u4e00-\u9fff]?)(?![A-Za-z0-9])")


def name(text: str | None) -> str | None:
    """The first character and two stars; None and empty stay as they are.

    >>> name("王小明")
    '王**'
    """
    return f"{text[0]}**" if text else text


def numbers(text: str) -> str:
    """Free text without phone numbers, identity numbers and number plates; all else stays.

    >>> numbers("13812345678 and 110101199003071234")
    '138****5678 and 110101********4'
    """
    for pattern, stars in ((_ID_NUMBER, "********"), (_MOBILE, "****"), (_LANDLINE, "****"), (_PLATE, "***")):
        text = pattern.sub(rf"\g<1>{stars}\g<2>", text)
    return text
