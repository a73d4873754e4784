"""What a browser without sign-in keeps on this machine, in the metadata of the store."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from api.store.tables import METADATA, institution_column

page_sessions = Table(
    "page_sessions",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Index("ix_page_sessions_changed_at", "changed_at"),
)
"""``id`` is a digest of the session's id: who reads the store cannot take a session over. ``body`` is JSON text."""
