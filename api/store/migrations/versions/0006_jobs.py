"""Caseloads and their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.migrations import place_of

revision, down_revision = place_of(__file__)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jobs",
        *map(_text, ("institution_id", "id", "key", "name", "state")),
        *map(_whole, ("total", "done", "failed")),
        *map(_text, ("data_version", "marks", "owner", "lease_until", "person_id", "made_at")),
        sa.Column("ended_at", sa.Text),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_jobs"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_jobs_institution_id"),
    )
    op.create_table(
        "job_rows",
        *map(_text, ("institution_id", "job_id")),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        _text("given"),
        sa.Column("result", sa.Text),
        sa.Column("problem", sa.Text),
        sa.PrimaryKeyConstraint("institution_id", "job_id", "number", name="pk_job_rows"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_job_rows_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "job_id"], ["jobs.institution_id", "jobs.id"], name="fk_job_rows_institution_id_job_id"
        ),
    )
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_index("ix_jobs_key", "jobs", ["institution_id", "key"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)
