"""The audit log as a text table."""

from __future__ import annotations

import csv
import io

from domain.audit import AuditView
from exports.book import neutral
from i18n import Translator

COLUMNS = ("sequence", "at", "actor", "action", "subject", "detail")


def audit_csv(view: AuditView, t: Translator) -> bytes:
    """UTF-8 with byte order mark; text that a spreadsheet would take for a formula is made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([t(f"audit.column.{name}") for name in COLUMNS])
    for entry in view.entries:
        told = (entry.actor, entry.action, entry.subject, entry.detail)
        writer.writerow([entry.sequence, f"{entry.at:%Y-%m-%d %H:%M:%S}", *(neutral(text) for text in told)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
