"""Backups of the whole database in one portable file: `write_backup`, `check_backup`, `restore`.

The file is a tar: one compressed member for each table, in the text form of PostgreSQL's COPY, and
at last `manifest.json` with the structure's revision, rows and digest of every table. What SQLite
wrote can be restored into PostgreSQL and the other way round.

lines     one row as a line of text, and back       streams   the lines of a table, out of and into a database
archive   the file                                  run       the whole, in one transaction each way
"""

from data_access.backup.archive import Manifest, check_backup, manifest_of
from data_access.backup.run import Restored, restore, write_backup
from data_access.backup.shelf import newest_backup, remove_old

__all__ = [
    "Manifest",
    "Restored",
    "check_backup",
    "manifest_of",
    "newest_backup",
    "remove_old",
    "restore",
    "write_backup",
]
