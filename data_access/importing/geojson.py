"""GeoJSON: a feature is a row, its properties and its geometry are the cells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data_access.importing.encoding import fingerprint
from data_access.importing.header import HeaderPicker
from data_access.importing.limits import Limits
from data_access.importing.rows import Batch
from domain.errors import ImportRefused

GEOMETRY = "geometry"


class GeojsonSource:
    """A feature collection; rows are numbered from 1 in the order of the features."""

    skipped = 0

    def __init__(self, path: Path, label: str, picker: HeaderPicker, limits: Limits) -> None:
        self.digest, self.size, self._limits = fingerprint(path), path.stat().st_size, limits
        if self.size > limits.geojson:
            raise ImportRefused("error.import_bomb", file=label, member=label)
        features = _features(path, label)
        names = sorted({name for feature in features for name in _properties(feature)} - {GEOMETRY})
        columns = [*names, GEOMETRY]
        self.header, _ = picker.best([("", [(0, 0, columns)])], label)
        self._rows = [[_cell(_properties(f).get(name)) for name in names] + [_geometry(f)] for f in features]

    def parts(self) -> Iterator[GeojsonSource]:
        """The collection itself."""
        yield self

    def batches(self) -> Iterator[Batch]:
        """One row per feature."""
        for start in range(0, len(self._rows), self._limits.chunk):
            rows = self._rows[start : start + self._limits.chunk]
            lines = list(range(start + 1, start + 1 + len(rows)))
            yield Batch(lines, rows, suspicious=True, position=self.size)


def _features(path: Path, label: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ImportRefused("error.import_json", file=label, detail=str(error)) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise ImportRefused("error.import_json", file=label, detail="no FeatureCollection")
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _geometry(feature: dict[str, Any]) -> str:
    found = feature.get("geometry")
    return json.dumps(found, separators=(",", ":")) if found else ""


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return (
        str(int(value)) if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()) else str(value)
    )
