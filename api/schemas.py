"""Request and response bodies, with examples. The JSON of ``pathways next`` and of the API is these classes.

Fields are only ever added within ``/v1``. Amounts are JSON numbers beside the exact words (``text``);
unknown is ``null``, never zero.
Leaves out how a body is filled (:mod:`api.service`) and the shape of errors (:mod:`api.errors`).
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from api.examples import AUDIT_IN, RECOMMENDATION_IN

MAX_GOAL = 100_000
MAX_HELD = 10_000
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Truth = Literal["met", "unmet", "unknown"]
Answer = Literal["yes", "yes, with prior approval", "no", "no rule found"]
Number = int | float


class InBody(BaseModel):
    """A request body: a field nobody knows is refused, and what was sent never comes back inside an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class OutBody(BaseModel):
    """A response body. Schemas are built on first use, which keeps the command line quick to start."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class LearnerIn(InBody):
    """What a person holds and where they work: the part of a request that questions and audits share."""

    have: list[Id] = Field(default=[], max_length=MAX_HELD, description="Ids held; `id*9` for nine items under a generic id.")
    record: dict[str, Any] | None = Field(default=None, description="A learner record, as `--record FILE.json` reads it.")
    progress: list[Words] = Field(default=[], max_length=100, description="Amounts already earned toward renewal: `48 PDP`.")
    place: Words | None = Field(default=None, description="`US-OH`, `OH` or `Ohio`.")
    district: Words | None = Field(default=None, description="District, as its own pages name it.")
    license: Words | None = Field(default=None, description="The license held, in the authority's words.")

    @field_validator("record")
    @classmethod
    def _is_plain_json(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """Refuse what JSON text cannot carry back: NaN, half characters, nesting without end."""
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ValueError("The record holds NaN, half a character, or lists nested too deep.") from None
        return value


class RecommendationIn(LearnerIn):
    """What should I earn next?"""

    model_config = ConfigDict(json_schema_extra={"examples": [RECOMMENDATION_IN]})

    goal: str = Field(default="", max_length=MAX_GOAL, description="In your own words. May be empty only where `targets` is not.")
    targets: list[Id] = Field(default=[], max_length=20, description="Catalog ids, or `renewal:US-TN`.")
    exclude: list[Id] = Field(default=[], max_length=1000, description="Ids not to show.")
    budget_usd: float | None = Field(default=None, ge=0, le=1_000_000)
    hours_per_week: float | None = Field(default=None, gt=0, le=168)
    by: str | None = Field(default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Last month, `YYYY-MM`.")
    k: int = Field(default=5, ge=1, le=50, description="Steps to show.")


class PinIn(InBody):
    """Count one held item in a named group of the requirement, and nowhere else."""

    id: Id
    group: Words


class AuditIn(LearnerIn):
    """How far is this record from one target?"""

    model_config = ConfigDict(json_schema_extra={"examples": [AUDIT_IN]})

    target: Id
    pins: list[PinIn] = Field(default=[], max_length=200)


class FactOut(OutBody):
    """One fact: where it was read, how surely, and the date of the page. `source_url` is null for a computed fact.

    `note` warns about the address itself: a copy, an archive, a secondary table.
    """

    text: str = ""
    source_url: str | None = None
    confidence: Literal["stated", "inferred", "unknown", "computed"]
    date: str
    note: str = ""


class ItemOut(OutBody):
    """A credential in short."""

    id: str
    name: str
    type: str
    issuer: str


class CreditsOut(OutBody):
    """So much of one unit; `text` is exact."""

    amount: Number
    unit: str
    level: str | None = None
    text: str


class SumOut(OutBody):
    """A sum of which part is known: `known` of the unit, and how many of `items` have no published figure."""

    known: Number
    unknown_items: int
    items: int
    text: str


class ReasonOut(OutBody):
    """Why a step is shown."""

    kind: str
    text: str
    facts: list[FactOut] = []


class WarningOut(OutBody):
    """What to know before acting. A warning never blocks."""

    kind: str
    text: str
    facts: list[FactOut] = []


class MissingOut(OutBody):
    """Something still needed before the step may start; `truth` unknown means it must be confirmed."""

    text: str
    id: str | None = None
    truth: Literal["unmet", "unknown"]
    facts: list[FactOut] = []


class EffectOut(OutBody):
    """What a step does for one target: what is left before and after it, and how far that is proven."""

    id: str
    name: str
    remaining_before: int | None
    remaining_after: int | None
    unit: str = "steps"
    proof: str


class UseOut(OutBody):
    """One sourced statement of a ledger: who says it (`where`), what it is worth, on which conditions."""

    answer: Answer
    where: str
    what: str = ""
    text: str
    amount: Number | None = None
    unit: str | None = None
    maximum: bool = False
    fee_usd: Number | None = None
    fee_per: Literal["item", "credit"] | None = None
    conditions: list[str] = []
    facts: list[FactOut]


class LedgerOut(OutBody):
    """One ledger: renewal, pay, or endorsement and degree. `uses` holds every statement the answer rests on."""

    answer: Answer
    text: str
    amount: Number | None = None
    unit: str | None = None
    fee_usd: Number | None = None
    fee_per: Literal["item", "credit"] | None = None
    conditions: list[str] = []
    note: str = ""
    ask: str = ""
    uses: list[UseOut] = []
    facts: list[FactOut] = []


class ValueHereOut(OutBody):
    """What an item counts for in one place: three separate ledgers, never added together."""

    place: str
    renewal: LedgerOut
    pay: LedgerOut
    degree: LedgerOut


class ClaimOut(OutBody):
    """Something that may be claimed now: a form to send and a fee to pay, not an item to earn."""

    to: str
    to_id: str | None = None
    institution: str
    uses: list[str]
    via: list[str] = []
    credits: CreditsOut | None = None
    maximum: bool = False
    fee_usd: Number | None = None
    fee_per: Literal["item", "credit"] | None = None
    approval_first: bool = False
    conditions: str = ""
    agreement_id: str | None = None
    elsewhere: str = Field(default="", description="Said where it is of another state than the learner's.")
    facts: list[FactOut]


class ScorePartOut(OutBody):
    """One part of the fit, between 0 and 1."""

    name: str
    value: float


class StepOut(OutBody):
    """One ranked next step."""

    rank: int
    action: Literal["earn", "claim", "renew", "post"]
    credential: ItemOut
    fit: int = Field(ge=0, le=100, description="Match to the goal, 0 to 100; not a chance of acceptance.")
    score: list[ScorePartOut]
    ready: Literal["yes", "no", "unknown"]
    missing: list[MissingOut]
    targets: list[EffectOut]
    value_here: ValueHereOut
    warnings: list[WarningOut]
    reasons: list[ReasonOut]
    hours: Number | None = None
    cost_usd: Number | None = None
    credits: CreditsOut | None = None
    claim: ClaimOut | None = None
    also: list[str] = Field(default=[], description="Ids that are similar, or in the same stack, and not shown on their own.")
    also_items: list[ItemOut] = Field(default=[], description="The same, with their names.")
    description: str = Field(default="", description="What it is, in a line.")
    facts: list[FactOut] = Field(default=[], description="Where its description, price and hours were read.")


class NearOut(OutBody):
    """A credential the learner is close to without having asked for it."""

    credential: ItemOut
    remaining: int
    missing: list[str]
    proof: str


class RouteStepOut(OutBody):
    """One step of a route: `item` is earned, `claim` is granted by an agreement, `condition` is shown to an authority."""

    id: str | None
    name: str
    kind: Literal["item", "claim", "condition"]
    agreement_id: str | None = None


class RouteOut(OutBody):
    """One way to a target, in an order its steps can be taken in."""

    steps: list[RouteStepOut]
    hours: SumOut
    cost_usd: SumOut
    credits: list[CreditsOut]
    credits_unknown: int
    uses_degree: bool
    proven: bool
    notes: list[str]


class TargetRoutesOut(OutBody):
    """Ways to one target, and what may be said of them. `cheapest` and `fastest` are indexes of routes, null unless certain."""

    id: str
    name: str
    remaining: int | None
    proof: str
    routes: list[RouteOut]
    cheapest: int | None = None
    fastest: int | None = None
    fewest_steps: int | None = None
    comparison: str = ""
    note: str = ""


class DeadEndOut(OutBody):
    """Something that leads nowhere the learner may think it does."""

    id: str
    text: str
    kind: str
    facts: list[FactOut] = []


class AskOut(OutBody):
    """A question to put in writing, and to whom."""

    whom: str
    question: str
    about: str
    facts: list[FactOut] = []


class RenewalOut(OutBody):
    """A renewal target: what it asks, what is done, what remains and the ways to get there."""

    id: str
    load: str
    done: str
    remaining: str
    ways: list[FactOut]
    notes: list[FactOut]


class RecommendationOut(OutBody):
    """Ranked next steps. `steps` may be empty: then `message` says why."""

    goal: str
    place: str
    data_version: str
    model: str
    date: str
    steps: list[StepOut]
    near: list[NearOut]
    routes: list[TargetRoutesOut]
    dead_ends: list[DeadEndOut]
    ask: list[AskOut]
    renewals: list[RenewalOut]
    claims: list[ClaimOut]
    message: str = ""
    notes: list[FactOut] = []
