"""Tables of people, keys, the audit log and learners' records, in the metadata of the store.

A learner's row has an id that this program made; names, addresses and student numbers have no column. Instants are ISO 8601 text
in UTC.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Table, Text, UniqueConstraint

from api.store.tables import METADATA, institution_column

people = Table(
    "people",
    METADATA,
    institution_column(),
    Column("id", Text, primary_key=True),
    Column("issuer", Text),
    Column("subject", Text),
    Column("session_epoch", Integer, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("revoked_at", Text),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("institution_id", "id"),
)
"""People who sign in, known by provider and subject. A higher ``session_epoch`` ends every session that is open."""

memberships = Table(
    "memberships",
    METADATA,
    institution_column(primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("made_at", Text, nullable=False),
    ForeignKeyConstraint(["institution_id", "person_id"], ["people.institution_id", "people.id"]),
)

api_keys = Table(
    "api_keys",
    METADATA,
    institution_column(),
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("used_at", Text),
)
"""Keys of machines: the part that is shown in lists, and a keyed digest of the part that is not."""

audit_log = Table(
    "audit_log",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    institution_column(),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", Text, nullable=False),
)
"""One chain for the whole store; rows are only ever added."""

audit_head = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", Text, nullable=False),
)
"""Where the chain ends: one row."""

learners = Table(
    "learners",
    METADATA,
    institution_column(),
    Column("id", Text, primary_key=True),
    Column("person_id", Text),
    Column("version", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("consents", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    UniqueConstraint("institution_id", "id"),
)
"""``person_id`` is whose record it is: a person, or a machine that keeps one for itself (``key:...``)."""

learner_keys = Table(
    "learner_keys",
    METADATA,
    institution_column(),
    Column("learner_id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    ForeignKeyConstraint(["institution_id", "learner_id"], ["learners.institution_id", "learners.id"]),
)
"""What turns a learner's id into the pseudonym of the audit log; without it nobody can tell whose rows those were."""

disclosures = Table(
    "disclosures",
    METADATA,
    Column("id", Integer, primary_key=True),
    institution_column(),
    Column("learner_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    ForeignKeyConstraint(["institution_id", "learner_id"], ["learners.institution_id", "learners.id"]),
)
"""Who saw or got what of a learner's record, when and why; kept as long as the record (34 CFR 99.32)."""

Index("ix_disclosures_learner_id", disclosures.c.learner_id)

plan_owners = Table(
    "plan_owners",
    METADATA,
    institution_column(primary_key=True),
    Column("plan_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
)
"""Who made a plan: somebody without a staff role opens only their own. None for plans made without sign-in."""
