"""How these tests ask: a desk with the bundled catalog behind it, and ways to read an answer without looking at its wording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from pathways.articulation.value import ValueHere, value_here
from pathways.credential import Source
from pathways.places import Place, parse_place
from pathways.recommendation.answer import Question, Recommendation, Step
from pathways.recommendation.audits import TargetAudit, audit_target
from pathways.recommendation.engine import Engine
from pathways.recommendation.pipeline import recommend
from pathways.record import EarnedCredential, ExperienceDone, LearnerRecord
from pathways.record_files import parse_have, parse_progress
from pathways.requirements.rules import Conflict, CreditsFrom, Node
from pathways.requirements.verdicts import Audit, AuditNode

ON = date(2026, 11, 21)


class Desk:
    """Where a question is asked. No dataclass: Hypothesis would print the whole catalog with every failing example."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def learner(
        self, *have: str | EarnedCredential, place: str | None = None, progress: str | None = None, **more: Any
    ) -> LearnerRecord:
        """A record from ids as they are typed (``letrs-u1``, ``nea-mc-generic*10``) or achievements, a place and a sum."""
        catalog = self.engine.catalog.credentials
        held = [
            item for entry in have for item in ((entry,) if isinstance(entry, EarnedCredential) else parse_have(entry, catalog))
        ]
        here = parse_place(place, district=more.pop("district", None)) if place else Place()
        sums = (parse_progress(progress),) if progress else ()
        return LearnerRecord(achievements=tuple(held), place=here, progress=sums, **more)

    def ask(
        self, goal: str, record: LearnerRecord | None = None, *targets: str, k: int = 5, excluded: Iterable[str] = ()
    ) -> Recommendation:
        """The whole answer."""
        question = Question(goal, record or LearnerRecord(), ON, targets=targets, excluded=tuple(excluded), k=k)
        return recommend(question, self.engine)

    def audit(self, target: str, record: LearnerRecord | None = None) -> TargetAudit:
        """Where a record stands on one credential."""
        return audit_target(target, record or LearnerRecord(), self.engine.catalog, ON)

    def worth(self, item: str, record: LearnerRecord) -> ValueHere:
        """What an item counts for where the learner works."""
        catalog = self.engine.catalog
        return value_here(
            catalog.credentials[item], record, catalog, catalog.agreements, catalog.policies, place=record.place, on=ON
        )


def ids(answer: Recommendation) -> list[str]:
    """Credentials shown as steps, best first."""
    return [step.credential.id for step in answer.steps]


def step_of(answer: Recommendation, credential_id: str) -> Step:
    """The step for one credential; fails where it is not shown."""
    found = [step for step in answer.steps if step.credential.id == credential_id]
    assert found, f"{credential_id} is not among the steps: {ids(answer)}"
    return found[0]


def mentioned(answer: Recommendation) -> set[str]:
    """Every credential an answer puts before the learner: steps, their targets and variants, routes, near stacks."""
    found = set(ids(answer)) | {near.credential.id for near in answer.near}
    for step in answer.steps:
        found |= {effect.id for effect in step.targets} | set(step.also)
    for ways in answer.routes:
        found |= {ways.id} | {each.id for route in ways.routes for each in route.steps if each.id is not None}
    return found


def sentences(answer: Recommendation) -> Iterator[str]:
    """Everything an answer says in words."""
    yield answer.message
    for step in answer.steps:
        yield from (reason.text for reason in step.reasons)
        yield from (warning.text for warning in step.warnings)
        yield from (missing.text for missing in step.missing)
        for ledger in (step.value.renewal, step.value.pay, step.value.degree):
            yield from (ledger.note, ledger.ask, *ledger.conditions)
            yield from (words for line in ledger.lines for words in (line.what, *line.conditions))
    for ways in answer.routes:
        yield ways.note
        yield ways.comparison.note if ways.comparison else ""
        yield from (step.name for route in ways.routes for step in route.steps)
    yield from (end.text for end in answer.dead_ends)
    yield from (ask.question for ask in answer.ask)
    yield from (words for near in answer.near for words in near.missing)
    for renewal in answer.renewals:
        yield from (renewal.load, renewal.done, renewal.remaining, *(fact.text for fact in (*renewal.ways, *renewal.notes)))
    yield from (fact.text for fact in answer.notes)


def sources(answer: Recommendation) -> Iterator[Source]:
    """Every page an answer rests on, beside those of the shown credentials themselves."""
    for step in answer.steps:
        facts = [fact for reason in step.reasons for fact in reason.facts]
        cited = [fact.source for fact in facts] + [item.source for item in step.warnings] + [item.source for item in step.missing]
        ledgers = [source for ledger in (step.value.renewal, step.value.pay, step.value.degree) for source in ledger.sources]
        yield from (source for source in (*cited, *ledgers) if source is not None)
    yield from (end.source for end in answer.dead_ends if end.source is not None)
    yield from (ask.source for ask in answer.ask if ask.source is not None)
    yield from (claim.source for claim in answer.claims)
    for renewal in answer.renewals:
        yield from (fact.source for fact in (*renewal.ways, *renewal.notes) if fact.source is not None)


def urls(answer: Recommendation) -> set[str]:
    """Addresses of those pages."""
    return {source.url for source in sources(answer)}


def nodes(audit: Audit | None) -> Iterator[AuditNode]:
    """Every node of an audit, parents first."""
    stack = [audit.root] if audit is not None else []
    while stack:
        node = stack.pop(0)
        yield node
        stack = [*node.children, *stack]


def rule_of_kind(audit: Audit | None, kind: type[Node], *, need: int | None = None) -> AuditNode:
    """The one node of a kind of rule (with this amount needed)."""
    found = [node for node in nodes(audit) if isinstance(node.rule, kind) and (need is None or node.need == need)]
    assert len(found) == 1, f"{len(found)} nodes of {kind.__name__}"
    return found[0]


def disagreement(audit: Audit | None) -> AuditNode:
    """The node where two pages disagree."""
    return rule_of_kind(audit, Conflict)


def credit_rule(audit: Audit | None, need: int) -> AuditNode:
    """The node that asks for so many credits."""
    return rule_of_kind(audit, CreditsFrom, need=need)


def administrator(years: int) -> ExperienceDone:
    """So many years as an administrator."""
    return ExperienceDone("administrator", years=Fraction(years))
