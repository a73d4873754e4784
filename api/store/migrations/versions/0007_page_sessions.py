"""What a browser without sign-in keeps: badges that were read, and steps it does not want to see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.migrations import place_of

revision, down_revision = place_of(__file__)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "page_sessions",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("institution_id", "id", "body", "changed_at")),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_page_sessions"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_page_sessions_institution_id"),
    )
    op.create_index("ix_page_sessions_changed_at", "page_sessions", ["changed_at"])
