"""Bodies of plans: the question, the plan or the reason why there is none, its changes, alternatives and what-ifs.

Terms are named as people name them (`Fall 2026`). An amount nobody published is ``null`` and counted, never zero.
Leaves out how a body is filled (:mod:`api.plan_bodies`) and what a request means (:mod:`api.plan_questions`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from api.examples import ALTERNATIVES_IN, PLAN_CHANGE_IN, PLAN_IN, WHAT_IF_IN
from api.schemas import FactOut, Id, InBody, ItemOut, LearnerIn, Number, OutBody, SumOut, Words

MOST_SECONDS = 30
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
TermsText = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
LoadText = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Aim = Literal["terms", "cost", "hours", "balance"]


def _each_once(aims: list[Aim]) -> list[Aim]:
    twice = next((aim for number, aim in enumerate(aims) if aim in aims[:number]), None)
    if twice is not None:
        message = f"{twice} is named twice; name each aim once"
        raise ValueError(message)
    return aims


Aims = Annotated[list[Aim], Field(min_length=1, max_length=4, json_schema_extra={"uniqueItems": True}), AfterValidator(_each_once)]
Pins = Annotated[dict[Id, Words], Field(max_length=1000)]
Ids = Annotated[list[Id], Field(max_length=1000)]
Dollars = Annotated[float, Field(ge=0, le=1_000_000)]
WeekHours = Annotated[float, Field(gt=0, le=168)]
Seconds = Annotated[float, Field(gt=0, le=MOST_SECONDS)]
Outcome = Literal["plan", "infeasible", "undecided"]


class PlanIn(LearnerIn):
    """In which terms can I earn this, and what is the best I can do?"""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN_IN]})

    target: Id
    terms: TermsText | None = Field(
        default=None, description="`Fall 2026..Summer 2028`, or terms one by one. Without it, three years from the next term on."
    )
    load: LoadText = Field(
        default="0..9", description="Credits a term: least and most of every term that is used, or only the most."
    )
    budget_usd: Dollars | None = Field(default=None, description="Against the prices that are published.")
    hours_per_week: WeekHours | None = Field(default=None, description="Against the hours that are published.")
    by: Month | None = Field(default=None, description="Last month, `YYYY-MM`.")
    pins: Pins = Field(default={}, description="Id to the term it must stand in.")
    exclude: Ids = Field(default=[], description="Ids that must not be used.")
    require: Ids = Field(default=[], description="Ids that must be used.")
    objective: Aims = Field(default=["terms", "cost", "hours"], description="What is made small, one after the other.")
    fill: bool = Field(default=False, description="Fill terms under the least load with other courses of your choice.")
    seconds: Seconds = Field(default=10, description="How long the search may take.")


class PlanChangeIn(InBody):
    """What changes; a field that is left out stays as it is, and `null` takes a limit away."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN_CHANGE_IN]})

    have: Ids | None = Field(default=None, description="All ids held now, in place of those held before.")
    place: Words | None = None
    terms: TermsText | None = None
    load: LoadText | None = None
    budget_usd: Dollars | None = None
    hours_per_week: WeekHours | None = None
    by: Month | None = None
    pins: Pins | None = None
    exclude: Ids | None = None
    require: Ids | None = None
    objective: Aims | None = None
    fill: bool | None = None
    seconds: Seconds | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> PlanChangeIn:
        if not self.model_fields_set:
            raise ValueError("Nothing is changed. Name at least one field.")
        return self


class MoveIn(InBody):
    """One step to another term, wherever that is; what it breaks is said, not forbidden."""

    item: Id
    term: Words


class PinIn(InBody):
    """Keep one step in its term when the plan is made again, or let it go."""

    item: Id
    keep: bool = True


class AcceptIn(InBody):
    """Leave something broken, for a reason that stays visible. It is never called met."""

    about: Annotated[str, StringConstraints(max_length=200)] = ""
    rule: Words
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class ArrangeIn(InBody):
    """Exactly one thing done to a plan by hand. Nothing is solved again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"move": {"item": "letrs-u3", "term": "Summer 2027"}}]})

    move: MoveIn | None = None
    pin: PinIn | None = None
    accept: AcceptIn | None = None
    undo: Literal[True] | None = Field(default=None, description="Back to exactly the version before.")
    use: Id | None = Field(default=None, description="Take over this other plan of the same target.")

    @model_validator(mode="after")
    def _is_one(self) -> ArrangeIn:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            message = f"Expected exactly one thing to do, found {len(given)}. Choose from: {', '.join(type(self).model_fields)}."
            raise ValueError(message)
        return self


class OneChangeIn(InBody):
    """Exactly one change."""

    add: Id | None = Field(default=None, description="Suppose this id were held.")
    drop: Id | None = Field(default=None, description="Suppose this id could not be used.")
    require: Id | None = Field(default=None, description="Suppose this id had to be used.")
    by: Month | None = Field(default=None, description="Suppose this were the last month.")
    terms: TermsText | None = None
    load: LoadText | None = None
    budget_usd: Dollars | None = None
    hours_per_week: WeekHours | None = None
    place: Words | None = Field(default=None, description="Suppose this were the place.")
    pin: Annotated[dict[Id, Words], Field(min_length=1, max_length=1)] | None = Field(
        default=None, description="Suppose this one id had to stand in this term."
    )

    @model_validator(mode="after")
    def _is_one(self) -> OneChangeIn:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            message = f"Expected exactly one change, found {len(given)}. Choose from: {', '.join(type(self).model_fields)}."
            raise ValueError(message)
        return self


class WhatIfIn(InBody):
    """What would happen to a plan if one thing were different?"""

    model_config = ConfigDict(json_schema_extra={"examples": [WHAT_IF_IN]})

    plan: Id
    change: OneChangeIn


class AlternativesIn(InBody):
    """Other plans of the same question."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALTERNATIVES_IN]})

    count: int = Field(default=2, ge=0, le=10, description="Plans beside the fastest, the cheapest and the lightest.")
    differ_in: int = Field(default=2, ge=1, le=20, description="In how many items two of them differ at least.")
    seconds: Seconds = Field(default=10, description="For all of them together.")


class PlanItemOut(OutBody):
    """One item in its term. `needs` stand in earlier terms, `alongside` in earlier ones or the same; both may be held."""

    id: str
    name: str
    kind: Literal["earn", "claim", "condition"]
    load: Number
    load_known: bool = Field(default=True, description="False: it carries credits that nobody published, so `load` is 0.")
    usd: Number | None
    hours: Number | None
    pinned: bool = False
    needs: list[str] = Field(default=[])
    alongside: list[str] = Field(default=[])
    leads_to: list[str] = Field(default=[])
    facts: list[FactOut] = Field(default=[])


class PlanTermOut(OutBody):
    """One term with its items. A term without items stands between two that have some."""

    name: str
    start: str
    end: str
    load: Number
    load_unknown: int = Field(default=0, description="Items whose credits nobody published.")
    cost_usd: SumOut
    hours: SumOut
    items: list[PlanItemOut]


class HeldOut(OutBody):
    """Something held that the plan builds on; it takes no place."""

    id: str
    name: str
    leads_to: list[str] = Field(default=[])


class PlanTotalsOut(OutBody):
    """What the whole plan comes to. `terms` is its length on the calendar, from the first term of the horizon."""

    terms: int
    ends: str | None
    items: int
    load: Number
    load_unknown: int = Field(default=0, description="Items whose credits nobody published.")
    load_unit: str
    most_load: Number
    cost_usd: SumOut
    hours: SumOut


class ProvenOut(OutBody):
    """One objective: what the plan reaches and the bound below which nothing is possible."""

    objective: Aim
    value: Number
    bound: Number
    proven: bool
    text: str


class PlanProofOut(OutBody):
    """How far the plan is the best, and over what that is proven."""

    status: Literal["optimal", "feasible"]
    objectives: list[ProvenOut]
    over: str
    unpriced: int
    untimed: int
    to_confirm: int
    method: str
    text: str


class PlanFactOut(OutBody):
    """One fact a reason rests on."""

    kind: str
    about: str
    text: str
    facts: list[FactOut] = Field(default=[])


class ReasonLineOut(OutBody):
    """One sentence of a reason, for one fact or for all that say alike; `about` names what it stands for."""

    kind: str
    about: list[str]
    text: str
    facts: list[FactOut] = Field(default=[])


class PlanRemedyOut(OutBody):
    """One change that was solved again and makes a plan possible."""

    kind: str
    text: str
    gives_up: Number
    terms: int
    ends: str | None
    cost_usd: SumOut


class NoPlanOut(OutBody):
    """Why there is no plan. `minimal`: leave any one fact out, and a plan may be possible.

    `facts` has every fact on its own; `lines` and `text` tell those that say alike together.
    """

    text: str
    minimal: bool = False
    facts: list[PlanFactOut] = Field(default=[])
    lines: list[ReasonLineOut] = Field(default=[])
    changes: list[PlanRemedyOut] = Field(default=[])


class RadarOut(OutBody):
    """A day that can undo the plan: the last on which something still counts, is offered, or can be done."""

    kind: str
    day: str
    about: str
    endangers: list[str] = Field(default=[])
    late: bool = Field(description="The day lies before the plan needs it.")
    text: str
    facts: list[FactOut] = Field(default=[])


class MoveOut(OutBody):
    """One item that stands elsewhere than before; `from_term` null: it is new; `to_term` null: it is gone."""

    id: str
    name: str
    from_term: str | None
    to_term: str | None
    why: str


class PlanWarningOut(OutBody):
    """A rule that an arrangement by hand breaks. It blocks nothing; `accepted` is the advisor's reason for leaving it so."""

    about: str = Field(description="Id of the item, or empty where it concerns a whole term or the plan.")
    term: str | None
    rule: str
    text: str
    accepted: str = ""


class PlanOut(OutBody):
    """A plan, or why there is none. `id` is null where the plan is not kept."""

    id: str | None
    version: int
    outcome: Outcome
    target: ItemOut
    asked: PlanIn = Field(description="The question, with the terms it was answered for.")
    horizon: list[str]
    last_term: str = Field(description="The last term that may be used.")
    place: str
    held: list[HeldOut] = Field(default=[])
    terms: list[PlanTermOut] = Field(default=[])
    totals: PlanTotalsOut | None = None
    proof: PlanProofOut | None = None
    reason: NoPlanOut | None = None
    radar: list[RadarOut] = Field(default=[])
    moved: list[MoveOut] = Field(default=[], description="What stands elsewhere than in the version before.")
    changed: str = Field(default="", description="What the last change did, in a sentence.")
    by_hand: bool = Field(default=False, description="A person moved steps since the plan was made, so nothing is proven of it.")
    warnings: list[PlanWarningOut] = Field(default=[], description="What the arrangement by hand breaks.")
    follows: int | None = Field(default=None, description="The version that undo leads back to.")
    notes: list[str] = Field(default=[])
    date: str
    data_version: str


class DifferenceOut(OutBody):
    """One row of a comparison: one value for each plan."""

    what: str
    values: list[str]
    differs: bool


class ComparisonOut(OutBody):
    """Plans side by side. `plans` names the columns."""

    plans: list[str]
    rows: list[DifferenceOut]


class AlternativesOut(OutBody):
    """Other plans of the same question, each kept under its own id, and how they differ."""

    plan: PlanOut
    alternatives: list[AlternativeOut]
    comparison: ComparisonOut
    text: str


class AlternativeOut(OutBody):
    """One other plan and what it is good for."""

    label: str
    plan: PlanOut


class WhatIfOut(OutBody):
    """The plan as it is and as it would be, what would move, and why. Nothing is kept."""

    change: str
    before: PlanOut
    after: PlanOut
    moved: list[MoveOut]
    comparison: ComparisonOut
    text: str
