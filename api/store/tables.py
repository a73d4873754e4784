"""The tables of the foundation: institutions, plans, answers kept for repeated requests.

Other areas keep their tables in modules of their own (``api/store/NOUN_tables.py`` or beside their code), in the same
:data:`METADATA`; a test holds the migrations to exactly these tables. Every row belongs to an institution. Instants are ISO 8601
text in UTC, bodies JSON text: both read the same from SQLite and PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables; constraints get the same names everywhere, so that a migration can name them."""

institutions = Table(
    "institutions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("made_at", Text, nullable=False),
)


def institution_column(*, primary_key: bool = False) -> Column[str]:
    """The column that says to whom a row belongs."""
    return Column("institution_id", Text, ForeignKey("institutions.id"), primary_key=primary_key, nullable=False)


plans = Table(
    "plans",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
)
"""Every version of every plan."""

idempotency = Table(
    "idempotency",
    METADATA,
    institution_column(primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", Text),
)
"""Answers of creating requests by their ``Idempotency-Key``; ``status`` is null while the first request still runs."""
