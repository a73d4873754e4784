"""The tables of what lies on the catalog. One overlay for the whole store: a rule or an agreement says itself whom it binds.

``institution_id`` says who added a row. ``overlay_state`` has one row; its version grows with every change of the others, in the
same transaction, so that a server sees by one number whether its catalog is the present one.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Integer, Table, Text

from api.store.tables import METADATA, institution_column

overlay_state = Table(
    "overlay_state",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)

overlay_imports = Table(
    "overlay_imports",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sha256", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
)
"""Imported files, oldest first by ``id``, which is the overlay version that brought them."""

overlay_parts = Table(
    "overlay_parts",
    METADATA,
    Column("institution_id", Text, primary_key=True),
    Column("import_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(
        ["institution_id", "import_id"], [overlay_imports.c.institution_id, overlay_imports.c.id], ondelete="CASCADE"
    ),
)
"""What a file gave, in pieces that fit into memory many times over, however big the file is."""

overlay_rules = Table(
    "overlay_rules",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
)

overlay_agreements = Table(
    "overlay_agreements",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
)
