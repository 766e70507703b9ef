"""Logging: one line of text or one JSON object per record, and nothing personal in it.

What a person typed or a row holds can stand in the message of an error, so of errors only the kind,
the database's code and the places in the program are written. Levels below INFO (BOARD_LOG_LEVEL=DEBUG)
show the messages too; they are for a machine that holds no real data.
"""

from __future__ import annotations

import logging
import re
import traceback
from datetime import datetime
from typing import Any

import orjson
from flask import g, has_request_context

from domain.errors import BoardError

REQUEST_LOG = "daily_clear_board.request"
_FIELDS = ("method", "route", "status", "ms", "size")
_HIDDEN = "[hidden]"
_PERSONAL = re.compile(
    r"(?<!\d)\d{17}[\dXx](?!\d)"  # citizen's number
    r"|(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"  # mobile number
    r"|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"  # fixed line
    r"|[\u4e00-\u9fff][A-Za-z][\u00b7. -]?[A-Za-z0-9]{4,5}[A-Za-z0-9\u4e00-\u9fff]"  # number plate
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # address of mail
)
_QUERY = re.compile(r"\?[^\s\"']+")


def configure(level: str, form: str) -> None:
    """Send the records of this process to standard error in the form asked for; safe to repeat.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
        form: "text" or "json".
    """
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(level, form))
    root = logging.getLogger()
    for old in [one for one in root.handlers if getattr(one, "of_board", False)]:
        root.removeHandler(old)
    handler.of_board = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in ("alembic", "httpx", "h11"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def formatter(level: str, form: str) -> logging.Formatter:
    """The formatter of a level and form."""
    return (JsonLines if form == "json" else TextLines)(open_messages=level == "DEBUG")


def scrubbed(text: str) -> str:
    """The text without what looks like a plate, a telephone number, a citizen's number, mail or a query."""
    return _PERSONAL.sub(_HIDDEN, _QUERY.sub("?" + _HIDDEN, text))


class _Careful(logging.Formatter):
    """Common to both forms. `open_messages`: show what errors say."""

    def __init__(self, *, open_messages: bool) -> None:
        super().__init__()
        self._open = open_messages

    def message(self, record: logging.LogRecord) -> str:
        """The record's sentence; errors among its arguments by their kind only."""
        if self._open:
            return record.getMessage()
        args: Any = record.args
        if isinstance(args, tuple):
            args = tuple(kind_of(one) if isinstance(one, BaseException) else one for one in args)
        try:
            text = str(record.msg) % args if args else self._plain(record.msg)
        except (TypeError, ValueError):
            text = str(record.msg)
        return scrubbed(text)

    def _plain(self, message: object) -> str:
        return kind_of(message) if isinstance(message, BaseException) else str(message)

    def error(self, record: logging.LogRecord) -> str:
        """Kind and places of the record's error, with those it came from; empty without one."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return ""
        if self._open:
            return "".join(traceback.format_exception(error))
        parts: list[str] = []
        while error is not None and len(parts) < 5:
            places = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
            parts.append("\n".join([kind_of(error), *(f"  {place}" for place in places[-25:])]))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(parts)


class TextLines(_Careful):
    """`2024-05-06 08:00:00,123 INFO daily_clear_board.request: GET /api/poll 200 1 ms [request id]`."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name}: {self.message(record)}"
        number = request_id()
        line = f"{head} [{number}]" if number else head
        error = self.error(record)
        return f"{line}\n{error}" if error else line


class JsonLines(_Careful):
    """One JSON object per record; `at` with the machine's offset from UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as JSON."""
        found: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            "pid": record.process,
        }
        found |= {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        if number := request_id():
            found["request_id"] = number
        if error := self.error(record):
            found["error"] = error
        return orjson.dumps(found, default=str).decode()


def kind_of(error: BaseException) -> str:
    """The kind of an error and, of a database's, its code; never its words."""
    origin = getattr(error, "orig", None) or error
    code = getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None)
    key = error.key if isinstance(error, BoardError) else None  # the name of a sentence, without its parameters
    told = [str(part) for part in (code, key) if part]
    return type(error).__name__ + (f" ({', '.join(told)})" if told else "")


def request_id() -> str:
    """The number of the current request; empty outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""
