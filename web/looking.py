"""What the audit log says of looks and exports of whoever signed in."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from data_access.audit import Deed
from domain.errors import BoardError, DataUnavailable
from services import accounts
from web.context import context
from web.identity import viewer

MOST_SUBJECT = 300
log = logging.getLogger(__name__)


def looked(subject: str, rows: int) -> None:
    """Note that rows were shown with names; once for each subject and showing.

    Raises:
        DataUnavailable: it cannot be noted; then nothing is shown.
    """
    who = viewer()
    if not who.scope.sees_personal_data or who.session is None or not rows:
        return
    kept: dict[tuple[str, str, str], float] = current_app.extensions.setdefault("board_looked", {})
    key = (who.session.session_id, str(who.session.unmasked_until), subject)
    if key in kept:
        return
    if len(kept) > 5000:
        kept.clear()
    entry = Deed(who.person, "look", subject[:MOST_SUBJECT], f"{rows} rows with names")
    note(entry)
    kept[key] = time.monotonic()


def exported() -> None:
    """Note a file that was made for somebody who signed in: which, with which question, with names or without.

    Raises:
        DataUnavailable: it cannot be noted; then the file is not sent.
    """
    who = viewer()
    if who.account is None:
        return
    subject = request.full_path.rstrip("?")[:400]
    told = "with names" if who.scope.sees_personal_data else "masked"
    note(Deed(who.person, "export", subject, told))


def refused(why: str) -> None:
    """Note that somebody who signed in asked for what is not for them; a log that fails does not change the answer."""
    try:
        who = viewer()
        if who.person:
            note(Deed(who.person, "refused", request.path[:400], why))
    except BoardError as error:
        log.warning("a refusal could not be noted: %s", error.key)


def note(entry: Deed) -> None:
    """Write one entry.

    Raises:
        DataUnavailable: the log cannot be written.
    """
    here = context()
    try:
        accounts.note(here.writer, entry, here.now())
    except SQLAlchemyError as error:
        raise DataUnavailable("error.database") from error


def watch(answer: Any) -> Any:
    """After each answer: a file that was made is noted before it is sent."""
    if request.path.startswith("/download/") and answer.status_code == 200:
        exported()
    return answer
