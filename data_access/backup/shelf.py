"""The folder of backups: which is the newest, which may go."""

from __future__ import annotations

from pathlib import Path

PATTERN = "board-*.tar"


def kept_backups(folder: Path) -> list[Path]:
    """The backups in `folder` that carry names of ours, newest first (the name holds the time)."""
    return sorted(folder.glob(PATTERN), key=lambda path: path.name, reverse=True) if folder.is_dir() else []


def newest_backup(folder: Path) -> Path | None:
    """The newest backup in `folder`; None when there is none."""
    return next(iter(kept_backups(folder)), None)


def remove_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; those removed."""
    old = kept_backups(folder)[max(keep, 1) :]
    for path in old:
        path.unlink(missing_ok=True)
    return old
