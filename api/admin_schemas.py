"""Bodies of administration on the command line: institutions, people, keys, and what a check of the audit log found."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.schemas import OutBody

RoleName = Literal["learner", "advisor", "evaluator", "administrator"]


class InstitutionOut(OutBody):
    """An institution whose rows stay its own."""

    id: str
    name: str
    made_at: str


class PersonOut(OutBody):
    """Somebody who signs in, under a pseudonym."""

    id: str
    institution_id: str
    roles: list[RoleName]
    issuer: str | None = Field(description="The provider that vouches for them.")
    subject: str | None = Field(description="Who they are there.")
    made_at: str
    revoked_at: str | None


class KeyOut(OutBody):
    """A key, without its secret."""

    id: str
    institution_id: str
    role: RoleName
    note: str
    made_at: str
    expires_at: str
    revoked_at: str | None
    used_at: str | None


class KeyMadeOut(OutBody):
    """A new key; `secret` is shown this once and kept nowhere."""

    key: KeyOut
    secret: str


class AuditCheckOut(OutBody):
    """Whether the audit log is as it was written."""

    intact: bool
    rows: int
    head: str | None = Field(description="Where the log ends, `ROW:HASH`: keep it elsewhere and give it to the next check.")
    first_bad_row: int | None
    what: str | None
