"""Why a step is shown and what to know before taking it: facts first, then one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from pathways.articulation.ledger import Ledger, LedgerLine
from pathways.articulation.value import ValueHere
from pathways.catalog.entities import Catalog
from pathways.catalog.evidence import effects_on
from pathways.credential import Credential
from pathways.places import Place, elsewhere
from pathways.recommendation.answer import Action, Fact, Reason, ReasonKind, TargetEffect, Warn, usd
from pathways.recommendation.columns import PLACE_BOUND
from pathways.record import Limits
from pathways.requirements.rules import AllOf, OpenAll
from pathways.requirements.verdicts import Offer
from pathways.units import show

_FINDINGS_SHOWN = 2
_ENDING_SOON = timedelta(days=365)


@dataclass(frozen=True)
class StepCase:
    """Everything the reasons of one step are made from."""

    item: Credential
    action: Action
    catalog: Catalog
    value: ValueHere
    targets: tuple[TargetEffect, ...]
    held: frozenset[str]
    place: Place
    limits: Limits
    weeks: float | None
    goal_share: float | None
    on: date
    offer: Offer | None = None
    other_routes: tuple[str, ...] = ()


def reasons(case: StepCase) -> tuple[Reason, ...]:
    """Reasons for a step, strongest first: targets, claims, parts of stacks, the goal, value here, evidence."""
    return (
        *_claim(case),
        *_targets(case),
        *_other_routes(case),
        *_parts(case),
        *_goal(case),
        *_ledgers(case),
        *_evidence(case),
        *_recognition(case),
    )


def warnings(case: StepCase) -> tuple[Warn, ...]:
    """What to know before acting, the costly first."""
    return (*_approval(case), *_place(case), *_limits(case), *_row(case), *_no_study(case))


def _targets(case: StepCase) -> Iterator[Reason]:
    for effect in case.targets:
        basis = (Fact("counted over the requirement rows of this catalog"),)
        how = "" if effect.proof in {"proven", "bounds"} else f"; {effect.proof}"
        if effect.remaining_after == 0 and not how:
            yield Reason("closes", f"Completes {effect.name}.", basis)
        elif effect.remaining_after == 0:
            yield Reason("target", f"The last listed step toward {effect.name}{how}.", basis)
        else:
            least = "at most " if effect.proof == "bounds" else ""
            left = f"leaves {least}{effect.remaining_after} of {effect.remaining_before} steps"
            yield Reason("target", f"Toward {effect.name}: {left}{how}.", basis)


def _other_routes(case: StepCase) -> Iterator[Reason]:
    for name in case.other_routes:
        text = f"Is on another route to {name}, which takes more steps than the shortest; compare the routes."
        yield Reason("target", text, (Fact("counted over the requirement rows of this catalog"),))


def _parts(case: StepCase) -> Iterator[Reason]:
    named = {effect.id for effect in case.targets}
    for parent in case.catalog.named_by.get(case.item.id, ()):
        parts = case.catalog.parts.get(parent, frozenset())
        if parent in named or case.item.id not in parts or not parts & case.held:
            continue
        rows = [row for row in case.catalog.rows_by_credential[parent] if row.kind == "component"]
        name = case.catalog.credentials[parent].name
        # A count says something only where every listed part is needed.
        plain = all(isinstance(row.rule, AllOf | OpenAll) for row in rows)
        count = f": you hold {len(parts & case.held)} of its {len(parts)} listed parts" if plain else ""
        yield Reason("part_of", f"Is a listed part of {name}{count}.", (Fact("listed part", rows[0].source),))


def _goal(case: StepCase) -> Iterator[Reason]:
    if case.goal_share is None:
        return
    skills = "; ".join(case.item.competencies[:3])
    how = "Matches your goal" if case.goal_share >= 0.5 else "Comes near your goal"
    yield Reason("goal", f"{how}: {skills or case.item.subject}.", (Fact(case.item.description, case.item.source),))


def _claim(case: StepCase) -> Iterator[Reason]:
    if case.offer is not None:
        fee = f", fee {usd(case.offer.fee_usd)} per {case.offer.fee_per}" if case.offer.fee_usd is not None else ""
        text = f"You can ask {case.offer.institution} to post it now: what its agreement names is on your record{fee}."
        yield Reason("claim", text, (Fact(case.offer.conditions or "no conditions read", case.offer.source),))
    elif case.action == "renew":
        yield Reason("renew", "You hold it, but it has expired or expires within six months.", (Fact("your record"),))


def _ledgers(case: StepCase) -> Iterator[Reason]:
    kinds: tuple[tuple[ReasonKind, Ledger], ...] = (
        ("renewal", case.value.renewal), ("pay", case.value.pay), ("degree", case.value.degree),
    )  # fmt: skip
    for kind, ledger in kinds:
        if ledger.answer.startswith("yes"):
            line = next(line for line in ledger.lines if line.answer == ledger.answer)
            words = {"renewal": "Counts for renewal", "pay": "Counts for pay", "degree": "Counts toward credit or an endorsement"}
            facts = tuple(Fact(line.what or kind, source) for source in line.sources)
            yield Reason(kind, f"{words[kind]} {line_words(line)}.", facts)


def line_words(line: LedgerLine) -> str:
    """One sourced statement in a few words: where, how much, and that approval comes first where it does."""
    amount = f": {'up to ' if line.maximum else ''}{line.amount}" if line.amount is not None else ""
    first = ", after approval" if line.answer == "yes, with prior approval" else ""
    return f"at {line.where}{amount}{first}"


def _evidence(case: StepCase) -> Iterator[Reason]:
    for finding in effects_on(case.catalog, case.item.id)[:_FINDINGS_SHOWN]:
        text = f"Study ({finding.study_type}, {finding.year or 'no year'}), {finding.direction}: {finding.finding}."
        yield Reason("evidence", text, (Fact(f"{finding.measure}: {finding.value}", finding.source),))


def _recognition(case: StepCase) -> Iterator[Reason]:
    if case.item.transcripted:
        yield Reason("recognition", "Stands on a college transcript.", (Fact("transcripted", case.item.source),))


def _approval(case: StepCase) -> Iterator[Warn]:
    needing = [line for line in _lines(case.value) if line.answer == "yes, with prior approval"]
    if (case.offer is not None and case.offer.approval_first) or needing:
        source = needing[0].sources[0] if needing and needing[0].sources else None
        yield Warn("approval first", "Approval must come first: get it in writing before you start.", source)


def _lines(value: ValueHere) -> Sequence[LedgerLine]:
    return (*value.renewal.lines, *value.pay.lines, *value.degree.lines)


def _place(case: StepCase) -> Iterator[Warn]:
    theirs, bound = case.item.place, "It binds license holders there" if case.item.type in PLACE_BOUND else "Its issuer is there"
    if case.offer is not None and case.offer.place.state is not None:
        theirs, bound = case.offer.place, f"{case.offer.institution} is there"
    text = elsewhere(theirs, case.place, bound)
    if text:
        yield Warn("another place", text, case.item.source if case.offer is None else case.offer.source)


def _limits(case: StepCase) -> Iterator[Warn]:
    budget, weekly, cost, hours = case.limits.budget_usd, case.limits.hours_per_week, case.item.cost_usd, case.item.hours
    if cost is None and case.offer is None:
        yield Warn("price unknown", "Price not published on the page read.", case.item.source)
    elif cost is not None and budget is not None and cost > budget:
        yield Warn("over budget", f"Costs {usd(cost)}, over your budget of {usd(budget)}.", case.item.source)
    if weekly is not None and case.weeks is not None:
        if hours is None:
            yield Warn("time unknown", "Hours not published on the page read.", case.item.source)
        elif hours > weekly * Fraction(case.weeks):
            text = f"Takes {show(hours)} hours; you have about {float(weekly) * case.weeks:.0f} until then."
            yield Warn("over time", text, case.item.source)


def _row(case: StepCase) -> Iterator[Warn]:
    item = case.item
    if item.status == "unknown":
        yield Warn("status unknown", "The page read does not show whether it is still offered; check first.", item.source)
    if item.offer_until is not None and case.on <= item.offer_until <= case.on + _ENDING_SOON:
        yield Warn("offer window", f"Offered until {item.offer_until.isoformat()}.", item.source)
    if item.source.confidence == "inferred":
        yield Warn("inferred", "This row was read between the lines of its source; check with the issuer.", item.source)
    if item.validity_months is not None:
        yield Warn("expires", f"Valid for {item.validity_months} months, then to be renewed.", item.source)


def _no_study(case: StepCase) -> Iterator[Warn]:
    if not effects_on(case.catalog, case.item.id):
        yield Warn("no outcome study", "No outcome study found.")
