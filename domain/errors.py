"""The tree of errors this program raises on purpose.

    BoardError
    +-- SettingsError          a setting is unknown, missing or wrong
    +-- CatalogueError         a catalogue file has a wrong key or value
    +-- NotFound               no such thing, or not in the asker's scope
    +-- BadRequest             an address or parameter that makes no sense
    +-- Refused                a deed that a rule, or what somebody else wrote meanwhile, does not allow
    +-- Forbidden              a deed or a page that is not for the asker's role
    +-- SwitchedOff            a deed that this deployment does not offer
    +-- TokenRefused           a wall display's token is missing, unknown or revoked
    +-- ImportRefused          a whole file cannot be imported
    +-- DataUnavailable        the database does not answer

Each carries a translation key and its parameters; the text on screen comes from `i18n`.
"""

from __future__ import annotations


class BoardError(Exception):
    """Base of all errors with a translated sentence.

    Usage::

        raise NotFound("error.station_unknown", code="990109010000")
    """

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        self.params = params
        shown = ", ".join(f"{name}={value!r}" for name, value in params.items())
        super().__init__(f"{key}({shown})")


class SettingsError(BoardError):
    """`SettingsError("error.setting", detail="POLL_SECONDS must be at least 1")`."""

    def __str__(self) -> str:
        return str(self.params.get("detail", self.key))


class CatalogueError(BoardError):
    """`CatalogueError("error.catalogue", file="tasks.toml", where="T1-01.period", detail="…")`."""

    def __str__(self) -> str:
        return "{file}: {where}: {detail}".format_map({"file": "?", "where": "?", "detail": "?", **self.params})


class NotFound(BoardError):
    """`NotFound("error.not_found", what="station", code="…")`; also used for out of scope."""


class BadRequest(BoardError):
    """`BadRequest("error.bad_as_of", value="yesterday-ish")`."""


class Refused(BoardError):
    """`Refused("hotspot.refused.no_plan")`: nothing was written."""


class Forbidden(BoardError):
    """`Forbidden("access.refused.role")`: others may, the asker may not; written to the audit log."""


class SwitchedOff(BoardError):
    """`SwitchedOff("hotspot.error.off")`: a setting forbids it to everybody."""


class TokenRefused(BoardError):
    """`TokenRefused("revoked")`: `code` is "no_token", "unknown" or "revoked".

    Args:
        lang: the language of the display, where it is known.
    """

    def __init__(self, code: str, lang: str | None = None) -> None:
        super().__init__(f"wallkey.{code}")
        self.code, self.lang = code, lang


class ImportRefused(BoardError):
    """`ImportRefused("error.import_encoding", file="a.csv", detail="…")`: nothing of the file was loaded."""

    def __str__(self) -> str:
        return "; ".join(f"{name}: {value}" for name, value in self.params.items()) or self.key


class DataUnavailable(BoardError):
    """`DataUnavailable("error.database")`: the last good picture stays on screen, marked."""
