"""Tables of courses, matches and decisions, in the metadata of the store.

A decision is only ever added; what a match is now (``state``, ``current``, ``disputed``) is kept beside it for the queue and is
always what its decisions come to. Instants are ISO 8601 text in UTC.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKeyConstraint, Index, Integer, Table, Text

from api.store.tables import METADATA, institution_column

courses = Table(
    "courses",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("institution", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("outcomes", Text, nullable=False),
    Column("credits", Text),
    Column("level", Text, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("imported_at", Text, nullable=False),
)
"""An institution's own courses as last imported; ``institution`` is the name that learners read."""

matches = Table(
    "matches",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("badges", Text, nullable=False),
    Column("courses", Text, nullable=False),
    Column("texts", Text, nullable=False),
    Column("probability", Float),
    Column("proposal", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("current", Integer, nullable=False),
    Column("disputed", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("made_at", Text, nullable=False),
)
"""``version`` grows when a text on either side changes; ``count`` is the number of decisions so far."""

decisions = Table(
    "decisions",
    METADATA,
    institution_column(primary_key=True),
    Column("match_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("match_version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    ForeignKeyConstraint(["institution_id", "match_id"], ["matches.institution_id", "matches.id"]),
)

Index("ix_matches_state", matches.c.institution_id, matches.c.state)
