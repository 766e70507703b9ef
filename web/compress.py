"""Compressed answers. The bytes of static files are compressed once and kept (ARCHITECTURE 8)."""

from __future__ import annotations

from flask import Flask, Request
from flask_compress import Compress

TYPES = ["text/html", "text/css", "application/json", "application/javascript", "text/javascript", "image/svg+xml"]
_NOT_KEPT = ""


class StaticBytes:
    """Keeps compressed bytes of addresses that carry a fingerprint; forgets all others at once."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """The kept bytes, or None."""
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Keep `value` unless the address has no fingerprint."""
        if not key.endswith(";" + _NOT_KEPT):
            self._kept[key] = value


def compress(server: Flask) -> None:
    """Install compression on `server`: brotli, else gzip."""
    server.config.update(
        COMPRESS_MIMETYPES=TYPES,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=600,
        COMPRESS_CACHE_BACKEND=StaticBytes,
        COMPRESS_CACHE_KEY=static_key,
    )
    Compress(server)


def static_key(request: Request) -> str:
    """The address of a static file with a fingerprint; empty for everything else."""
    query = request.query_string.decode("ascii", "replace")
    fixed = request.path.startswith("/_dash-component-suites/") or (
        request.path.startswith("/assets/") and "m=" in query
    )
    return request.full_path if fixed else _NOT_KEPT
