"""The JSON interface on the marked world of `tests/support/walk.py`: tokens, examples for every address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from domain.access import Role
from services.api_tokens import NewToken, add
from tests.support import walk
from web.api_table import HEAD, ROUTES, Route

ROLES = {
    Role.COMMAND: {},
    Role.DISTRICT: {"district": walk.OWN_DISTRICT},
    Role.STATION: {"station": walk.OWN},
}
QUERIES = {
    "map": ("preset=365d&base=none", "preset=30d&ring=120.2,30.1", "preset=7d&base=prev"),
    "spots": ("preset=365d",),
    "incidents": ("preset=365d&class=accident,order", "preset=7d&base=prev&of=base"),
    "points": ("bbox=119,29,122,32&preset=365d",),
    "shapes": ("kind=station", "kind=city", "kind=background"),
    "hotspots": ("status=all",),
    "cell": ("part=all&size=5", "part=done&page=2"),
    "compare": ("preset=month", "preset=year&unit=kind", "unit=district&preset=week"),
    "clocks": ("preset=30d&who=squadron", "preset=365d"),
    "trend": ("step=week", "step=month&preset=year"),
    "ranking": ("month=2024-04", "month=2024-05"),
    "sheet": ("month=2024-04", "month=2024-05"),
    "versus": (f"first={walk.OWN}&second={walk.OWN}&month=2024-05", "first={unit}&second={unit}&month=2024-04"),
    "what_if": ("month=2024-05", "month=2024-05&try.helmets=1"),
}
CODES = {"task": "T1-01", "theme": "T1"}


def new_token(engine: Engine, role: Role, name: str = "", **more: Any) -> str:
    """A token of a role; station and district are those of `walk`'s own unit."""
    given = {"days": 30, "role": role, **ROLES[role], **more}
    return add(engine, NewToken(name or f"{role.value} {len(more)}", **given), by="tests", now=walk.NOW)[0]


def bearer(token: str) -> dict[str, str]:
    """The header of a token."""
    return {"Authorization": f"Bearer {token}"}


def addresses(route: Route, unit: str) -> Iterator[str]:
    """Example addresses of a route about the station `unit`; first without parameters where that makes sense."""
    path = f"{HEAD}{route.rule}".replace("<task>", "T1-01").replace("<hotspot_id>", "H1").replace("<station>", unit)
    path = path.replace("<code>", CODES.get(route.name, unit))
    if not any(one.required for one in route.params):
        yield path
    yield from (f"{path}?{query.format(unit=unit)}" for query in QUERIES.get(route.name, ()))


def everywhere(unit: str) -> Iterator[tuple[Route, str]]:
    """Every address of the table."""
    for route in ROUTES:
        for address in addresses(route, unit):
            yield route, address


@dataclass
class Api:
    """A program that asks the interface with tokens."""

    server: Any
    engine: Engine
    tokens: dict[Role, str]

    def get(self, address: str, token: str | Role = Role.COMMAND, **more: Any) -> Any:
        """The answer; while the server is still reading, the one after it."""
        shown = self.tokens[token] if isinstance(token, Role) else token
        for _ in range(25):
            answer = self.server.test_client().get(address, headers=bearer(shown), **more)
            if answer.status_code != 503:
                break
        return answer
