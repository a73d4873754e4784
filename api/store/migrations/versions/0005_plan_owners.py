"""Who made a plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.migrations import place_of

revision, down_revision = place_of(__file__)


def upgrade() -> None:
    """Make the table; plans kept before were made without sign-in."""
    op.create_table(
        "plan_owners",
        sa.Column("institution_id", sa.Text, nullable=False),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "plan_id", name="pk_plan_owners"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_plan_owners_institution_id"),
    )
