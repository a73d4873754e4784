"""Courses, matches and decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.migrations import place_of

revision, down_revision = place_of(__file__)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "courses",
        *map(_text, ("institution_id", "id", "institution", "title", "description", "outcomes")),
        sa.Column("credits", sa.Text),
        *map(_text, ("level", "text_sha256", "imported_at")),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_courses"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_courses_institution_id"),
    )
    op.create_table(
        "matches",
        *map(_text, ("institution_id", "id")),
        _whole("version"),
        *map(_text, ("badges", "courses", "texts")),
        sa.Column("probability", sa.Float),
        *map(_text, ("proposal", "proposed_by", "state")),
        *map(_whole, ("current", "disputed", "count")),
        _text("made_at"),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_matches"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_matches_institution_id"),
    )
    op.create_table(
        "decisions",
        *map(_text, ("institution_id", "match_id")),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        _whole("match_version"),
        *map(_text, ("body", "person_id", "at")),
        sa.PrimaryKeyConstraint("institution_id", "match_id", "number", name="pk_decisions"),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name="fk_decisions_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "match_id"], ["matches.institution_id", "matches.id"], name="fk_decisions_institution_id_match_id"
        ),
    )
    op.create_index("ix_matches_state", "matches", ["institution_id", "state"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)
