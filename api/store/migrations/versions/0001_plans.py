"""Institutions, plans, and answers for repeated requests; takes over the plans of the file that had no versions."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from api.store.migrations import place_of

revision, down_revision = place_of(__file__)


def upgrade() -> None:
    """Make the tables and the local institution; plans kept before are its."""
    had_plans = sa.inspect(op.get_bind()).has_table("plans")
    if had_plans:
        op.rename_table("plans", "plans_before")
    institutions = op.create_table(
        "institutions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_institutions"),
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    op.bulk_insert(institutions, [{"id": "local", "name": "This machine", "made_at": now}])
    _plans()
    _idempotency()
    if had_plans:
        op.execute(
            "insert into plans (institution_id, id, version, body, kept_at)"
            " select 'local', id, version, body, kept_at from plans_before"
        )
        op.drop_table("plans_before")


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("institution_id", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("kept_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", "version", name="pk_plans"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_plans_institution_id"),
    )


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("institution_id", sa.Text, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request_sha256", sa.Text, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.Text),
        sa.Column("body", sa.Text),
        sa.PrimaryKeyConstraint("institution_id", "operation", "key", name="pk_idempotency"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_idempotency_institution_id"),
    )
