"""Bodies of an audit, a letter, and the catalog: the answers that are not recommendations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.schemas import AskOut, ClaimOut, CreditsOut, FactOut, InBody, ItemOut, Number, OutBody, Truth, ValueHereOut


class CountedOut(OutBody):
    """One held item counting at one node; `credits` is how much of it counts there."""

    id: str
    name: str
    credits: Number | None = None


class SpareOut(CountedOut):
    """One held item, or part of it, that a node could not use, and why."""

    reason: str


class NodeOut(OutBody):
    """The verdict on one node of a requirement, its children inside."""

    rule: str = Field(description="The node as requirement text.")
    text: str = Field(description="The node in words.")
    truth: Truth
    in_progress: bool
    have: Number
    need: Number
    unit: str
    uses: list[CountedOut] = Field(default=[])
    spare: list[SpareOut] = Field(default=[])
    claims: list[ClaimOut] = Field(default=[])
    notes: list[str] = Field(default=[])
    children: list[NodeOut] = Field(default=[])
    facts: list[FactOut] = Field(default=[], description="Where it was read, on the top node of each requirement row.")


class TreeOut(OutBody):
    """A requirement against a record: the verdict, what expires, and pins that could not be honored."""

    truth: Truth
    root: NodeOut
    expiring: list[ExpiringOut] = Field(default=[])
    refused_pins: list[RefusedPinOut] = Field(default=[])


class ExpiringOut(OutBody):
    """An item that counts now and stops counting after `last_day`."""

    id: str
    name: str
    last_day: str
    why: str


class RefusedPinOut(OutBody):
    """A pin that was not honored, and why."""

    id: str
    group: str
    why: str


class RefusedOut(OutBody):
    """An agreement that looks as if it applied and does not, and why."""

    agreement_id: str | None = None
    to_id: str | None = None
    to: str
    reason: str
    text: str
    facts: list[FactOut]


class HeldOut(OutBody):
    """One thing on the record, in words; `id` names a credential."""

    kind: Literal["credential", "license", "degree", "exam", "progress"]
    id: str | None = None
    text: str


class AuditOut(OutBody):
    """How far a record is from one target. A missing tree means the requirement is not in this catalog."""

    target: ItemOut
    verdict: Truth
    summary: str
    requires: TreeOut | None
    composed_of: TreeOut | None
    offers: list[ClaimOut]
    refused: list[RefusedOut]
    value_here: ValueHereOut
    evidence: list[FactOut]
    ask: list[AskOut]
    sources: list[FactOut]
    place: str
    date: str
    data_version: str
    holds: list[HeldOut] = Field(default=[], description="What the record holds, as it was read.")
    facts: list[FactOut] = Field(default=[], description="The page of the target itself.")


class LetterOut(OutBody):
    """Questions to put in writing before enrolling or paying: one letter for each office."""

    target: ItemOut
    letters: list[OneLetterOut]
    date: str
    data_version: str


class OneLetterOut(OutBody):
    """One letter: to whom, about what, its questions, and its whole text."""

    to: str
    subject: str
    questions: list[AskOut]
    text: str


class RowOut(OutBody):
    """One requirement row: its kind, its text and its meaning in words."""

    kind: Literal["component", "prerequisite", "corequisite", "precedes"]
    rule: str
    text: str
    facts: list[FactOut]


class AgreementOut(OutBody):
    """One agreement: what earned elsewhere counts for what, where, and since when."""

    id: str
    from_ids: list[str]
    to_id: str | None
    to: str
    institution: str
    kind: str
    mode: str | None = None
    credits: CreditsOut | None = None
    maximum: bool = False
    fee_usd: Number | None = None
    fee_per: str | None = None
    approval_first: bool = False
    effective_from: str | None = None
    effective_until: str | None = None
    conditions: str
    facts: list[FactOut]


class PolicyOut(OutBody):
    """One rule of a place or institution, as it stands."""

    id: str
    place: str
    kind: str
    text: str
    standing: str
    facts: list[FactOut]


class CredentialOut(ItemOut):
    """One credential with everything the catalog knows of it."""

    subject: str
    audience: str
    description: str
    competencies: list[str]
    status: str
    place: str
    hours: Number | None = None
    cost_usd: Number | None = None
    credits: CreditsOut | None = None
    validity_months: int | None = None
    assessment: str | None = None
    level: str | None = None
    transcripted: bool | None = None
    offer_from: str | None = None
    offer_until: str | None = None
    retired_on: str | None = None
    generic: bool = False
    has_requirements: bool
    requirements: list[RowOut]
    part_of: list[ItemOut] = Field(description="Credentials whose requirement names this one.")
    agreements_in: list[AgreementOut] = Field(description="What counts toward this.")
    agreements_out: list[AgreementOut] = Field(description="What this counts toward.")
    policies: list[PolicyOut]
    evidence: list[FactOut]
    facts: list[FactOut]
    data_version: str


class PageIn(InBody):
    """Which part of a list."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=400, description="`next_cursor` of the page before.")


class CredentialFilter(PageIn):
    """Which credentials; every filter given must hold."""

    type: str | None = Field(default=None, max_length=100, description="`badge`, `micro-credential`, `certificate` ...")
    subject: str | None = Field(default=None, max_length=200)
    issuer: str | None = Field(default=None, max_length=200)
    place: str | None = Field(default=None, max_length=100, description="What binds in this place: `US-OH`, `OH` or `Ohio`.")
    status: Literal["active", "retired", "unknown"] | None = None
    q: str | None = Field(default=None, max_length=1000, description="Words that must all occur, in any order.")


class TargetFilter(PageIn):
    """Which targets; every filter given must hold."""

    type: str | None = Field(default=None, max_length=100, description="A credential type, or `renewal`.")
    place: str | None = Field(default=None, max_length=100, description="What binds in this place: `US-OH`, `OH` or `Ohio`.")
    q: str | None = Field(default=None, max_length=1000, description="Words that must all occur, in any order.")


class SummaryOut(ItemOut):
    """A credential in a list."""

    subject: str
    place: str
    status: str
    hours: Number | None = None
    cost_usd: Number | None = None
    credits: CreditsOut | None = None


class CredentialPageOut(OutBody):
    """One page of credentials; `next_cursor` is null on the last."""

    items: list[SummaryOut]
    next_cursor: str | None = None
    data_version: str


class TargetOut(ItemOut):
    """Something worth working toward: its own requirement is known, or it is a renewal load."""

    place: str
    requirements_known: bool
    text: str
    facts: list[FactOut] = Field(default=[])


class TargetPageOut(OutBody):
    """One page of targets; `next_cursor` is null on the last."""

    items: list[TargetOut]
    next_cursor: str | None = None
    data_version: str
