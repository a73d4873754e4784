"""What lies on the catalog: imported files, local rules, approved agreements, and a number that tells when they changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.migrations import place_of

revision, down_revision = place_of(__file__)


def upgrade() -> None:
    """Make the tables; the overlay starts empty at version 0."""
    state = op.create_table(
        "overlay_state",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_overlay_state"),
    )
    op.bulk_insert(state, [{"id": 1, "version": 0}])
    _rows("overlay_imports", sa.Column("id", sa.Integer, autoincrement=False, nullable=False), "sha256", "file", "format")
    op.create_table(
        "overlay_parts",
        sa.Column("institution_id", sa.Text, nullable=False),
        sa.Column("import_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "import_id", "number", name="pk_overlay_parts"),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["overlay_imports.institution_id", "overlay_imports.id"],
            name="fk_overlay_parts_institution_id_import_id",
            ondelete="CASCADE",
        ),
    )
    _rows("overlay_rules", sa.Column("id", sa.Text, nullable=False), "body")
    _rows("overlay_agreements", sa.Column("id", sa.Text, nullable=False), "body")


def _rows(table: str, key: sa.Column[int] | sa.Column[str], *columns: str) -> None:
    op.create_table(
        table,
        sa.Column("institution_id", sa.Text, nullable=False),
        key,
        *(sa.Column(column, sa.Text, nullable=False) for column in (*columns, "kept_at")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=f"fk_{table}_institution_id"),
    )
