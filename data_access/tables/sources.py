"""Rows that other systems write."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table

from data_access.tables.columns import code, flag, metadata, moment, text, written
from data_access.types import number

incident = Table(
    "incident",
    metadata,
    code("incident_id", key=True),
    code("source"),
    code("source_no"),
    code("station_code"),
    code("squadron_code"),
    code("grid_code"),
    code("class_code"),  # accident | order | other
    code("subclass"),
    code("external_class"),
    code("reclassified_from"),
    code("channel"),
    code("found_by"),  # citizen | officer
    flag("is_valid", 1),
    text("invalid_reason"),
    code("repeat_of"),
    moment("occurred_at", null=False),
    moment("reported_at"),
    moment("entered_at"),
    moment("closed_at"),
    moment("traced_at"),
    text("address", 400),
    text("road"),
    text("cross_road"),
    Column("lng", Float),
    Column("lat", Float),
    code("cell"),
    code("crs"),
    Column("raw_x", Float),
    Column("raw_y", Float),
    code("place_issue"),  # missing | impossible | outside | null when usable
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("injuries", Integer, nullable=False, server_default="0"),
    Column("serious_injuries", Integer, nullable=False, server_default="0"),
    Column("loss_yuan", number()),
    code("severity"),
    text("tags", 400),
    text("weather"),
    text("surface"),
    text("lighting"),
    text("road_type"),
    text("content", 2000),
    text("caller_name"),
    text("caller_phone"),
    moment("source_updated_at"),
    *written(),
    Index("ix_incident_occurred", "occurred_at", "class_code", "station_code"),
    Index("ix_incident_closed", "closed_at"),
    Index("ix_incident_station", "station_code", "occurred_at"),
    Index("ix_incident_updated", "updated_at"),
)

incident_party = Table(
    "incident_party",
    metadata,
    code("incident_id", key=True),
    code("party_no", key=True),
    code("person_role"),
    Column("vehicle_no", Integer),
    text("vehicle_kind"),
    text("vehicle_state"),
    text("plate"),
    code("plate_colour"),
    flag("protection_worn"),
    code("sex"),
    Column("age", Integer),
    code("injury"),
    flag("is_dead", 0),
    code("liability"),
    code("occupation"),
    code("licence_state"),
    flag("is_local"),
    flag("is_unit_owned"),
    code("unit_code"),
    text("unit_name"),
    text("person_name"),
    text("id_number"),
    text("phone"),
    text("tags", 400),
    *written(),
    Index("ix_party_updated", "updated_at"),
)

dispatch_order = Table(
    "dispatch_order",
    metadata,
    code("order_id", key=True),
    code("source"),
    code("incident_id"),
    code("station_code"),
    code("unit_kind"),  # station | squadron
    code("unit_code"),
    code("class_code"),
    flag("is_valid", 1),
    moment("assigned_at", null=False),
    moment("signed_at"),
    moment("set_out_at"),
    moment("arrived_at"),
    moment("first_feedback_at"),
    moment("handled_at"),
    moment("closed_at"),
    *written(),
    Index("ix_dispatch_assigned", "assigned_at", "station_code"),
    Index("ix_dispatch_station", "station_code", "assigned_at"),
    Index("ix_dispatch_incident", "incident_id"),
    Index("ix_dispatch_updated", "updated_at"),
)

work_order = Table(
    "work_order",
    metadata,
    code("order_id", key=True),
    code("source"),
    code("kind"),  # tracing | hazard | supervision | assignment | enterprise | callback
    code("station_code"),
    code("owner_kind"),  # station | squadron
    text("owner_unit"),
    text("owner_name"),
    code("incident_id"),
    code("hotspot_id"),
    code("model_code"),
    code("grade"),
    text("title", 400),
    text("requirement", 1000),
    moment("created_at", null=False),
    moment("due_at"),
    moment("signed_at"),
    moment("surveyed_at"),
    moment("planned_at"),
    moment("closed_at"),
    moment("verified_at"),
    code("review_result"),  # pass | return
    code("status"),  # open | closed | withdrawn
    text("withdrawn_reason", 400),
    flag("is_listed", 0),
    text("place", 400),
    Column("lng", Float),
    Column("lat", Float),
    *written(),
    Index("ix_work_order_created", "kind", "created_at"),
    Index("ix_work_order_due", "kind", "due_at"),
    Index("ix_work_order_closed", "kind", "closed_at", "due_at"),
    Index("ix_work_order_verified", "kind", "verified_at"),
    Index("ix_work_order_station", "station_code", "kind", "due_at"),
    Index("ix_work_order_updated", "updated_at"),
)

work_record = Table(
    "work_record",
    metadata,
    code("record_id", key=True),
    code("source"),
    code("kind"),
    code("subkind"),
    code("station_code"),
    moment("at", null=False),
    Column("quantity", number(), nullable=False, server_default="1"),
    flag("has_evidence", 1),
    text("place", 400),
    Column("lng", Float),
    Column("lat", Float),
    text("owner_name"),
    text("evidence", 400),
    text("tags", 400),
    text("note", 1000),
    *written(),
    Index("ix_work_record_at", "kind", "at", "station_code"),
    Index("ix_work_record_station", "station_code", "kind", "at"),
    Index("ix_work_record_updated", "updated_at"),
)

sample = Table(
    "sample",
    metadata,
    code("sample_id", key=True),
    code("source"),
    code("kind"),
    code("station_code"),
    moment("at", null=False),
    Column("numerator", number(), nullable=False),
    Column("denominator", number(), nullable=False),
    text("place", 400),
    text("owner_name"),
    text("note", 1000),
    *written(),
    Index("ix_sample_at", "kind", "at", "station_code"),
    Index("ix_sample_station", "station_code", "kind", "at"),
    Index("ix_sample_updated", "updated_at"),
)

risk_code = Table(
    "risk_code",
    metadata,
    code("code_id", key=True),
    code("source"),
    code("subject_kind"),  # person | enterprise | village
    code("subject_id"),
    text("subject_name"),
    code("station_code"),
    code("colour"),  # green | yellow | red
    moment("valid_from", null=False),
    moment("valid_to"),
    *written(),
    Index("ix_risk_code_subject", "subject_kind", "subject_id", "valid_from"),
    Index("ix_risk_code_valid", "subject_kind", "valid_to", "valid_from"),
    Index("ix_risk_code_updated", "updated_at"),
)

SOURCES = {
    table.name: table
    for table in (incident, incident_party, dispatch_order, work_order, work_record, sample, risk_code)
}
"""Tables that other systems write rows into, by name."""
