"""Pictures of wall displays, kept as compressed bytes: a hundred displays of the same kind cost one picture."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import brotli
import orjson
from flask import current_app

from components.look import Look
from components.wall_ground import ground_json
from components.wall_payload import WallLook, payload
from data_access.engine import reading
from domain.access import Scope
from domain.display import Display, scope_of
from domain.wall import BROKEN
from i18n import translator
from services.wall import picture
from services.wall_ground import WallGround
from services.wall_map import ground_digest, ground_shapes
from services.wall_units import check_preview
from web.answers import guarded
from web.assessment_answers import desk
from web.cached import token
from web.context import Context, context
from web.wall_slow import Key, Mark, Slow

EXTENSION = "walls"
PATIENCE, FIRST_PATIENCE = 1.5, 6.0
"""Seconds that a picture waits for its slow answers; the first one of its kind."""
RETRY = 0.8
"""Seconds after which a picture with a broken panel is made anew although nothing changed."""
STAND_IN = 20.0
"""Seconds since the last picture was right up to which it is given while another request makes the next one."""
MOST_PICTURES, MOST_GROUNDS = 120, 24
QUALITY = 5


@dataclass(frozen=True)
class Body:
    """An answer's bytes in every coding that a browser may ask for; each is made once."""

    plain: bytes

    def coded(self, coding: str) -> bytes:
        """In "br", "gzip" or, for "", as they are. Browsers ask for br over secure connections only."""
        return {"br": self._brotli, "gzip": self._gzip}.get(coding, lambda: self.plain)()

    @cached_property
    def _brotli_bytes(self) -> bytes:
        return bytes(brotli.compress(self.plain, quality=QUALITY))

    @cached_property
    def _gzip_bytes(self) -> bytes:
        return gzip.compress(self.plain, compresslevel=6, mtime=0)

    def _brotli(self) -> bytes:
        return self._brotli_bytes

    def _gzip(self) -> bytes:
        return self._gzip_bytes


@dataclass
class Answer:
    """A picture as it is sent.

    Args:
        stamp: what it was made for. asked: its slow questions, and which answers it holds. at: seconds of the clock.
        right_at: when it was last seen to be right, on the same clock.
    """

    etag: str
    body: Body
    stamp: str
    asked: Mapping[Key, Mark] = field(default_factory=dict)
    at: float = 0.0
    broken: bool = False
    right_at: float = 0.0


@dataclass(slots=True)
class Walls:
    """What this process keeps for walls."""

    slow: Slow
    context: Context
    clock: Callable[[], float] = time.monotonic
    pictures: OrderedDict[object, Answer] = field(default_factory=OrderedDict)
    grounds: OrderedDict[object, Body] = field(default_factory=OrderedDict)
    locks: dict[object, threading.Lock] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def lock(self, key: object) -> threading.Lock:
        """One picture of a kind is made at a time."""
        with self.guard:
            if len(self.locks) > 4 * MOST_PICTURES:
                self.locks.clear()
            return self.locks.setdefault(key, threading.Lock())


def walls() -> Walls:
    """Of the running application; anew when its context is another."""
    found = current_app.extensions.get(EXTENSION)
    if not isinstance(found, Walls) or found.context is not context():
        here = context()
        found = current_app.extensions[EXTENSION] = Walls(Slow(here.now), here)
    return found


def picture_of(display: Display) -> Answer:
    """The display's picture, kept as long as data, tick and slow answers stay; names of displays do not matter.

    Raises:
        BadRequest: there is no such playlist, or what a preview (without name) asks for does not exist.
        DataUnavailable: the database does not answer.
    """
    here, stamp = walls(), token()
    if not display.name:
        guarded(lambda: check_preview(_ground(here.context), display))
    display = replace(display, name="")
    known = here.pictures.get(display)
    if known and _stands(here, known, stamp):
        known.right_at = here.clock()
        return known
    lock = here.lock(display)
    young = known is not None and here.clock() - max(known.at, known.right_at) < STAND_IN
    if not lock.acquire(blocking=not young):
        assert known is not None
        return known
    try:
        known = here.pictures.get(display)
        if known and _stands(here, known, stamp):
            return known
        patience = PATIENCE if known else FIRST_PATIENCE
        made = guarded(lambda: _made(here, display, stamp, patience))
        _keep(here.pictures, display, made, MOST_PICTURES)
        return made
    finally:
        lock.release()


def _stands(here: Walls, known: Answer, stamp: str) -> bool:
    if known.stamp != stamp or tuple(known.asked.values()) != here.slow.marks(known.asked):
        return False
    return not known.broken or here.clock() - known.at < RETRY


def _made(here: Walls, display: Display, stamp: str, patience: float) -> Answer:
    now = here.context.now()
    asking = here.slow.round(patience)
    found = picture(_ground(here.context), display, now, stamp, asking)
    shown = payload(found, _look(here.context, display, stamp))
    body = Body(orjson.dumps({"now": now.isoformat(timespec="seconds"), **shown}))
    states = {code: str(panel["state"]) for code, panel in shown["panels"].items()}
    broken = BROKEN in states.values()
    return Answer(_etag(states, display, stamp, asking.asked), body, stamp, asking.asked, here.clock(), broken)


def _etag(states: Mapping[str, str], display: Display, stamp: str, asked: Mapping[Key, Mark]) -> str:
    """Equal in all processes for the same data, so that a display may ask any of them."""
    held = sorted(asked.items(), key=repr)
    told = repr((stamp, context().build, display, context().wall.version, sorted(states.items()), held))
    return f'"{hashlib.blake2b(told.encode(), digest_size=10).hexdigest()}"'


def _ground(here: Context) -> WallGround:
    return WallGround(here.wall, desk(), here.map_rules, here.compare_rules, here.calendar)


def _look(here: Context, display: Display, stamp: str) -> WallLook:
    about = {"build": here.build, "version": stamp, "unit": here.unit_name}
    return WallLook(
        Look(translator(display.lang), here.catalogue), here.wall, here.compare_rules, about, here.poll_seconds
    )


def ground_of(display: Display, digest: str) -> tuple[Body, bool]:
    """The outlines below the display's map, and whether they are those of `digest`, which pictures name.

    Raises:
        DataUnavailable: the database does not answer.
    """
    here, key = walls(), (scope_of(display), digest)
    found = here.grounds.get(key)
    if found is not None:
        return found, True
    known, body = guarded(lambda: _outlines(here.context, key[0]))
    if known == digest:
        _keep(here.grounds, key, body, MOST_GROUNDS)
    return body, known == digest


def _outlines(here: Context, scope: Scope) -> tuple[str, Body]:
    with reading(here.engine) as connection:
        shapes = ground_shapes(connection, scope)
    digest = ground_digest(shapes)
    return digest, Body(orjson.dumps(ground_json(shapes, digest)))


def _keep(kept: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
