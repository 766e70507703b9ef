"""JSON schemas of the answers, from their types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

REF = "#/components/schemas/{model}"
WALL_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"


class _Schemas(GenerateJsonSchema):
    """As orjson writes them: times without zone, named tuples as objects, fields with a default too."""

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        """Wall time of the deployment, to the second; no zone, so no `date-time` of RFC 3339."""
        return {"type": "string", "pattern": WALL_TIME, "examples": ["2024-05-07T13:00:00"]}

    def field_is_required(self, field: Any, *_: Any, **__: Any) -> bool:
        """Every answer has every field."""
        return True

    def named_tuple_schema(self, schema: Any) -> JsonSchemaValue:
        """A named tuple, which is written as an object."""
        made = {one["name"]: self.generate_inner(one["schema"]) for one in schema["fields"]}
        return {"type": "object", "properties": made, "required": list(made)}

    def is_instance_schema(self, schema: core_schema.IsInstanceSchema) -> JsonSchemaValue:
        """`object`: a text, a number, a time or nothing."""
        return {"type": ["string", "number", "boolean", "null"]}


def schemas(types: Sequence[Any]) -> tuple[list[JsonSchemaValue], dict[str, JsonSchemaValue]]:
    """The schema of each type, in their order, and the definitions that they refer to."""
    asked: list[Any] = [(at, "serialization", TypeAdapter(kind)) for at, kind in enumerate(types)]
    made, shared = TypeAdapter.json_schemas(asked, ref_template=REF, schema_generator=_Schemas)
    return [made[at, "serialization"] for at in range(len(types))], shared.get("$defs", {})


def closed(schema: Any) -> Any:
    """The same schema with nothing allowed that it does not name, for tests."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(one) for name, one in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made
