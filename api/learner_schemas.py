"""Bodies of learners' records: kept, exported, disclosed, erased."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from api.schemas import InBody, OutBody, Words

MOST_CONSENTS = 200
RECORD_EXAMPLE: dict[str, Any] = {
    "record": {"achievements": [{"id": "letrs-u1", "earned_on": "2026-05-01"}], "place": {"state": "US-OH"}},
    "consents": [{"purpose": "advising", "to": "State College", "given_on": "2026-09-01"}],
}
Purpose = Annotated[str, StringConstraints(max_length=200)]


class ConsentIn(InBody):
    """A learner agrees that their record is shared: what for, with whom, from when to when, and taken back when."""

    purpose: Words
    to: Words
    given_on: date
    until: date | None = None
    taken_back_on: date | None = None


class LearnerRecordIn(InBody):
    """A learner's record, as `--record FILE.json` reads it. It has no field for a name, an address or a birth date."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECORD_EXAMPLE]})

    record: dict[str, Any] = Field(description="A learner record. Its `learner` is always the id it is kept under.")
    consents: list[ConsentIn] = Field(default=[], max_length=MOST_CONSENTS)

    @field_validator("record")
    @classmethod
    def _is_plain_json(cls, value: dict[str, Any]) -> dict[str, Any]:
        """Refuse what JSON text cannot carry back."""
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ValueError("The record holds NaN, half a character, or lists nested too deep.") from None
        return value


class LearnerQuery(InBody):
    """What somebody wants the record for: written into the disclosures, which the learner reads."""

    purpose: Purpose = ""


class LearnersQuery(InBody):
    """A page of ids."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str = Field(default="", max_length=200, description="`next_cursor` of the page before.")


class ConsentOut(OutBody):
    """A consent as it was given."""

    purpose: str
    to: str
    given_on: date
    until: date | None = None
    taken_back_on: date | None = None


class LearnerRecordOut(OutBody):
    """A learner's record under its pseudonym."""

    id: str
    version: int
    record: dict[str, Any]
    consents: list[ConsentOut]
    made_at: str
    changed_at: str


class LearnerSummaryOut(OutBody):
    """A record in a list: nothing of what it says."""

    id: str
    version: int
    changed_at: str


class LearnersOut(OutBody):
    """One page of the records that the asker may see."""

    items: list[LearnerSummaryOut]
    next_cursor: str | None


class DisclosureOut(OutBody):
    """Somebody other than the learner saw, got or changed the record."""

    at: str
    person_id: str = Field(description="A pseudonym; `key:...` for a machine.")
    roles: list[str]
    action: str
    purpose: str


class DisclosuresOut(OutBody):
    """Everyone the record was disclosed to, oldest first."""

    items: list[DisclosureOut]


class LearnerExportOut(OutBody):
    """Everything that is kept of a learner, in one file."""

    learner: LearnerRecordOut
    disclosures: list[DisclosureOut]
    plans: list[Any] = Field(description="Every version of every plan that names the learner, with its reasons and warnings.")
    answers: list[Any] = Field(description="Answers kept for repeated requests.")
    other: dict[str, list[Any]] = Field(description="What else names the learner, by table.")


class ErasedOut(OutBody):
    """What was removed, and whether its bytes are gone from the store's files too."""

    id: str
    removed: dict[str, int] = Field(description="Rows and files, by kind.")
    overwritten: bool = Field(
        description="False where a reader held the file for too long, or the database server cleans up on its own."
    )
