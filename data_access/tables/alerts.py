"""What the duty room is told of: alerts with their acknowledgement, and who leads the duty."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table

from data_access.tables.columns import code, metadata, moment, text, written

alert = Table(
    "alert",
    metadata,
    code("alert_id", key=True),
    code("kind", null=False),  # red | major
    code("station_code"),
    code("task_code"),
    code("incident_id"),
    moment("began_at", null=False),
    moment("ended_at"),
    Column("value", Float),
    Column("target", Float),
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("injuries", Integer, nullable=False, server_default="0"),
    moment("acked_at"),
    text("acked_by"),
    text("ack_note", 400),
    moment("updated_at", null=False),
    Index("ix_alert_ended", "ended_at"),
    Index("ix_alert_incident", "incident_id"),
)

duty_roster = Table(
    "duty_roster",
    metadata,
    code("district_code", key=True),
    Column("starts_at", moment("starts_at").type, primary_key=True),
    moment("ends_at"),
    Column("leader_name", text("leader_name").type, nullable=False),
    *written(),
)
