"""Serving with gunicorn: several processes, threads in each, and the worker beside them if asked."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from domain.errors import SettingsError

MANAGE = Path(__file__).parent.parent / "manage.py"


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, make: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make, self._options = make, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make()


def serve(
    make: Callable[[], Flask], address: tuple[str, int], *, workers: int, threads: int, with_worker: bool
) -> None:
    """Serve until stopped.

    Args:
        make: builds the application, once in each process.
        with_worker: start `manage.py worker` too and end it at the end.

    Raises:
        SettingsError: the port is taken or the address is not this machine's.
    """
    _must_be_free(address)
    helper = subprocess.Popen([sys.executable, str(MANAGE), "worker"]) if with_worker else None  # noqa: S603
    try:
        _Server(make, _options(address, workers, threads)).run()
    finally:
        if helper:
            helper.terminate()
            helper.wait(timeout=15)


def _options(address: tuple[str, int], workers: int, threads: int) -> dict[str, Any]:
    return {
        "bind": f"{address[0]}:{address[1]}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "reuse_port": True,
        "keepalive": 75,
        "graceful_timeout": 5,
        "timeout": 120,
        "max_requests": 200_000,
        "max_requests_jitter": 20_000,
        "proc_name": "daily-clear-board",
        "loglevel": "warning",
    }


def _must_be_free(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            detail = f"BOARD_HOST/BOARD_PORT: {address[0]}:{address[1]} cannot be used ({error.strerror})"
            raise SettingsError("error.setting", detail=detail) from error
