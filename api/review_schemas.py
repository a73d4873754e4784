"""Bodies of matching and review: matches with their evidence, decisions, the articulation table.

The probability means "colleges recorded this match", is shown to evaluators only, and names its model and data.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, StringConstraints

from api.audit_schemas import PageIn
from api.review.state import ReasonCode, State
from api.schemas import Id, InBody, ItemOut, Number, OutBody, Words

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]
Sought = Annotated[Words, StringConstraints(pattern=r"^[^\x00]*$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Asked = Literal["approve", "approve_changed", "reject", "skip", "undo", "dissent", "uphold", "overturn"]
ASKED: tuple[Asked, ...] = get_args(Asked)
Order = Literal["surest", "least_sure", "oldest"]
Share = Annotated[float, Field(ge=0, le=1)]


class MatchesIn(InBody):
    """Look for courses that badges could count as, or put one match on the queue by hand."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"badges": ["letrs-v1"], "k": 3}]})

    badges: Annotated[list[Id], Field(min_length=1, max_length=200)]
    courses: Annotated[list[Id], Field(max_length=20)] = Field(
        default=[], description="By hand: all these badges together for these courses. Otherwise each badge is matched by itself."
    )
    k: Annotated[int, Field(ge=1, le=10)] = Field(default=3, description="Proposals kept for each badge.")


class MatchesMadeOut(OutBody):
    """What was put on the queue."""

    added: int
    renewed: int
    abstained: list[str] = Field(description="Badges for which the model puts no course forward, each with why.")
    text: str


class ChangesIn(InBody):
    """What is approved otherwise than proposed."""

    credits: Annotated[float, Field(ge=0, le=100)] | None = None
    min_grade: Annotated[str, StringConstraints(pattern=r"^[A-F][+-]?$")] | None = None
    expires_on: Day | None = None
    conditions: Reason = ""


class DecisionIn(InBody):
    """One decision, with its reason."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "reject", "reason_code": "content_gap", "reason": "No assessment of fluency."}]}
    )

    kind: Asked
    reason_code: ReasonCode
    reason: Reason = Field(default="", description="In words: for a rejection, changes, a dissent and its settling.")
    changes: ChangesIn | None = None
    settles: int | None = Field(default=None, description="Number of the dissent that is upheld or overturned.")


class BulkIn(InBody):
    """The same decision for every open match that fits, if there are exactly as many as the person was shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "approve", "reason_code": "precedent", "least": 0.9}]})

    kind: Literal["approve", "reject", "skip"]
    reason_code: ReasonCode
    reason: Reason = ""
    least: Share | None = None
    most: Share | None = None
    words: Sought = ""
    expected: int | None = Field(default=None, description="How many the person was shown; without it they are only counted.")


class BulkOut(OutBody):
    """What a bulk decision did or would do."""

    matches: int
    decided: int
    left: int = Field(description="Changed by somebody else meanwhile.")
    expected_errors: Number | None = Field(description="How many of them are probably wrong; null where that is unknown.")
    text: str


class ChangesOut(OutBody):
    """What was approved otherwise than proposed."""

    credits: Number | None
    min_grade: str | None
    expires_on: str | None
    conditions: str


class DecisionOut(OutBody):
    """One decision: who, when, why, and what they saw."""

    number: int
    match_version: int
    kind: str
    reason_code: str
    reason: str
    person: str
    at: str
    changes: ChangesOut | None
    settles: int | None
    seen_probability: float | None
    seen_model: str


class CourseOut(OutBody):
    """One course of an institution."""

    id: str
    institution: str
    title: str
    description: str
    outcomes: list[str]
    credits: Number | None
    level: str


class MatchOut(OutBody):
    """Badges beside courses, what was proposed, where it stands."""

    id: str
    version: int
    tag: str = Field(description="What a decision must send in `If-Match`.")
    state: State
    badges: list[ItemOut]
    courses: list[CourseOut]
    probability: float | None = Field(description="Colleges recorded this match. Not a learner's chance of anything.")
    proposal: dict[str, Any] = Field(description="Range, count behind it, evidence field by field, model, data; as proposed.")
    proposed_by: str
    disputes: int
    made_at: str
    decided: DecisionOut | None = None
    history: list[DecisionOut] = Field(default=[])


class MatchFilter(PageIn):
    """Which matches."""

    state: State | None = None
    least: Share | None = None
    most: Share | None = None
    words: Sought = ""
    disputed: bool | None = None
    order: Order = "surest"


class MatchPageOut(OutBody):
    """One page of the queue."""

    items: list[MatchOut]
    next_cursor: str | None
    counts: dict[str, int]


class NothingIn(InBody):
    """No query parameters: one that is sent all the same is a typing error, and is said to be one."""


class ArticulationFilter(InBody):
    """Which approved rows."""

    unused: bool = Field(default=False, description="Only credit that no plan and no record uses.")


class ArticulationOut(OutBody):
    """One approved row of the articulation table."""

    agreement: str
    match: str
    badges: list[ItemOut]
    course: str
    title: str
    institution: str
    credits: Number | None
    min_grade: str | None
    expires_on: str | None
    expired: bool = Field(description="Past its last day: it counts in no audit and no plan any more.")
    conditions: str
    person: str
    at: str
    reason_code: str
    reason: str
    probability: float | None
    model: str
    used: int = Field(description="Plans and records that use it.")


class ArticulationsOut(OutBody):
    """All approved rows."""

    items: list[ArticulationOut]


class CoursesImportedOut(OutBody):
    """What an import of courses did."""

    total: int
    added: int
    changed: int
    removed: int
    reopened: list[str] = Field(description="Matches that are open again because a text they rest on changed.")
    text: str
