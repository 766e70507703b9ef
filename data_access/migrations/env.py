"""Run by Alembic. The caller hands over an open connection; nothing is read from an ini file."""

from __future__ import annotations

from alembic import context

from data_access.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
