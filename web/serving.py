"""Serving with gunicorn: several processes, threads in each, and the worker beside them if asked."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from domain.errors import SettingsError
from web.metrics import MULTIPROCESS

MANAGE = Path(__file__).parent.parent / "manage.py"


class _Log(Logger):  # type: ignore[misc]
    """gunicorn's own records go through the program's log, which writes nothing personal."""

    def setup(self, cfg: Any) -> None:
        """Give up gunicorn's own handlers."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


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
    with _shared_counters():
        helper = subprocess.Popen([sys.executable, str(MANAGE), "worker"]) if with_worker else None  # noqa: S603
        try:
            _Server(make, options(address, workers, threads)).run()
        finally:
            if helper:
                helper.terminate()
                helper.wait(timeout=15)


@contextmanager
def _shared_counters() -> Iterator[None]:
    """A folder in which the processes count together; the process that made it removes it.

    gunicorn's processes are forked from this one and leave by the same way, hence the look at the number.
    """
    if os.environ.get(MULTIPROCESS):
        yield
        return
    folder, owner = tempfile.mkdtemp(prefix="board-metrics-"), os.getpid()
    os.environ[MULTIPROCESS] = folder
    try:
        yield
    finally:
        if os.getpid() == owner:
            os.environ.pop(MULTIPROCESS, None)
            shutil.rmtree(folder, ignore_errors=True)


def options(address: tuple[str, int], workers: int, threads: int) -> dict[str, Any]:
    """gunicorn's settings, for `manage.py serve` and `deploy/gunicorn_conf.py`."""
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
        "logger_class": _Log,
        "post_worker_init": settle,
    }


def settle(_process: object = None) -> None:
    """Leave what a ready process holds for good out of every later search for garbage.

    Without it each full collection walks through modules, rules and forms again, and the process answers nobody
    meanwhile.
    """
    gc.collect()
    gc.freeze()


def _must_be_free(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            detail = f"BOARD_HOST/BOARD_PORT: {address[0]}:{address[1]} cannot be used ({error.strerror})"
            raise SettingsError("error.setting", detail=detail) from error
