"""People, roles, keys, the audit log, learners' records and who saw them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.migrations import place_of

revision, down_revision = place_of(__file__)


def upgrade() -> None:
    """Make the tables."""
    _people()
    _keys()
    _audit_log()
    _learners()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def _of_institution(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=f"fk_{table}_institution_id")


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    target = [f"{other}.institution_id", f"{other}.id"]
    return sa.ForeignKeyConstraint(["institution_id", column], target, name=f"fk_{table}_institution_id_{column}")


def _people() -> None:
    op.create_table(
        "people",
        _text("institution_id"),
        _text("id"),
        _text("issuer", nullable=True),
        _text("subject", nullable=True),
        _whole("session_epoch"),
        _text("made_at"),
        _text("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("issuer", "subject", name="uq_people_issuer_subject"),
        sa.UniqueConstraint("institution_id", "id", name="uq_people_institution_id_id"),
        _of_institution("people"),
    )
    op.create_table(
        "memberships",
        _text("institution_id"),
        _text("person_id"),
        _text("role"),
        _text("made_at"),
        sa.PrimaryKeyConstraint("institution_id", "person_id", "role", name="pk_memberships"),
        _of_institution("memberships"),
        _of("memberships", "person_id", "people"),
    )


def _keys() -> None:
    op.create_table(
        "api_keys",
        _text("institution_id"),
        _text("id"),
        _text("digest"),
        _text("role"),
        _text("note"),
        _text("made_at"),
        _text("expires_at"),
        _text("revoked_at", nullable=True),
        _text("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        _of_institution("api_keys"),
    )


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        _whole("seq"),
        *map(_text, ("institution_id", "at", "actor", "action", "subject", "detail", "previous", "hash", "seal")),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_log"),
        _of_institution("audit_log"),
    )
    op.create_table(
        "audit_head",
        _whole("id"),
        _whole("seq"),
        _text("hash"),
        _text("seal"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )


def _learners() -> None:
    op.create_table(
        "learners",
        _text("institution_id"),
        _text("id"),
        _text("person_id", nullable=True),
        _whole("version"),
        *map(_text, ("record", "consents", "made_at", "changed_at")),
        sa.PrimaryKeyConstraint("id", name="pk_learners"),
        sa.UniqueConstraint("institution_id", "id", name="uq_learners_institution_id_id"),
        _of_institution("learners"),
    )
    op.create_table(
        "learner_keys",
        *map(_text, ("institution_id", "learner_id", "key")),
        sa.PrimaryKeyConstraint("learner_id", name="pk_learner_keys"),
        _of_institution("learner_keys"),
        _of("learner_keys", "learner_id", "learners"),
    )
    op.create_table(
        "disclosures",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        *map(_text, ("institution_id", "learner_id", "at", "person_id", "roles", "action", "purpose")),
        sa.PrimaryKeyConstraint("id", name="pk_disclosures"),
        _of_institution("disclosures"),
        _of("disclosures", "learner_id", "learners"),
    )
    op.create_index("ix_disclosures_learner_id", "disclosures", ["learner_id"])
