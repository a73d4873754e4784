"""Tables of caseloads, in the metadata of the store.

A row of a caseload is answered once: ``result`` or ``problem`` is set, never both. ``lease_until`` says how long the process that
works on a job may still be believed to live. Instants are ISO 8601 text in UTC.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Table, Text

from api.store.tables import METADATA, institution_column

jobs = Table(
    "jobs",
    METADATA,
    institution_column(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("data_version", Text, nullable=False),
    Column("marks", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("lease_until", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("ended_at", Text),
)
"""``key`` is the same for the same file; ``marks`` say what the rules were that the answers rest on."""

job_rows = Table(
    "job_rows",
    METADATA,
    institution_column(primary_key=True),
    Column("job_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("given", Text, nullable=False),
    Column("result", Text),
    Column("problem", Text),
    ForeignKeyConstraint(["institution_id", "job_id"], ["jobs.institution_id", "jobs.id"]),
)
"""``number`` is the line of the file, the header being line 1."""

Index("ix_jobs_state", jobs.c.state)
Index("ix_jobs_key", jobs.c.institution_id, jobs.c.key)
