"""Who to ask what: each unknown as a question ready to send to HR, a registrar or a state office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pathways.articulation.value import ValueHere
from pathways.credential import Credential
from pathways.places import Place
from pathways.recommendation.answer import Ask
from pathways.recommendation.audits import TargetAudit
from pathways.requirements.describe import describe
from pathways.requirements.rules import Conflict, Manual
from pathways.requirements.verdicts import AuditNode, Offer, Truth


def value_questions(item: Credential, value: ValueHere, place: Place) -> Iterator[Ask]:
    """One question per ledger that has no rule, and one per ledger that needs approval first."""
    here = str(place) if place.state or place.district else "my state and district"
    offices = {
        "renewal": (
            f"the license office of {here}" if place.state else "your state's license office",
            "count toward renewing my license",
        ),
        "pay": ("district HR", "count toward pay or a salary lane"),
        "degree": ("the registrar of the college you have in mind", "be accepted as credit toward a degree or endorsement"),
    }
    for name, (whom, what) in offices.items():
        ledger = getattr(value, name)
        source = ledger.sources[0] if ledger.sources else None
        if ledger.answer == "no rule found":
            text = f'Does "{item.name}" ({item.issuer}) {what} in {here}? If so, how much, and what must I send you?'
            yield Ask(ledger.ask or whom, text, item.id, source)
        elif ledger.answer == "yes, with prior approval":
            text = (
                f'I want to start "{item.name}" ({item.issuer}). Please confirm in writing, before I enroll, that it will {what}.'
            )
            yield Ask(ledger.ask or whom, text, item.id, source)


def claim_questions(offers: Iterable[Offer]) -> Iterator[Ask]:
    """One question per claim: conditions, fee, and approval before paying."""
    for offer in offers:
        fee = f" The published fee is {offer.fee_usd} USD per {offer.fee_per}." if offer.fee_usd is not None else ""
        text = f"I hold what your agreement for {offer.to_text} names. Will you post it for me, and what do you need?{fee}"
        if offer.conditions:
            text += f" The page I read says: {offer.conditions}."
        yield Ask(f"the registrar of {offer.institution}", text, offer.to_id or offer.to_text, offer.source)


def audit_questions(target: TargetAudit, name_of: Callable[[str], str]) -> tuple[Ask, ...]:
    """Everything about one target that a person has to confirm, each question once."""
    office = target.credential.issuer
    asks = list(claim_questions(target.offers))
    if not target.has_requirements:
        text = f'What are the full requirements for "{target.credential.name}" today, and which of them do I still have to meet?'
        asks.append(Ask(office, text, target.credential.id, target.credential.source))
    for part in (target.requires, target.composed_of):
        if part is not None:
            asks.extend(_node_questions(part.root, target.credential, name_of))
    return tuple({(ask.whom, ask.question): ask for ask in asks}.values())


def _node_questions(node: AuditNode, item: Credential, name_of: Callable[[str], str]) -> Iterator[Ask]:
    stack = [node]
    while stack:
        current = stack.pop(0)
        if current.truth is not Truth.UNKNOWN:
            continue
        match current.rule:
            case Conflict(first, second):
                lists = f"({describe(first, name_of)}) and ({describe(second, name_of)})"
                text = f'Your pages give two different lists for "{item.name}": {lists}. Which one applies to me?'
                yield Ask(item.issuer, text, item.id, item.source)
            case Manual(words):
                yield Ask(
                    item.issuer, f'For "{item.name}": do I meet "{words}", and what proof do you accept?', item.id, item.source
                )
            case _ if not current.children and current.notes:
                rule = f"{describe(current.rule, name_of)}. {' '.join(current.notes)}"
                text = f'For "{item.name}": {rule} Please confirm what applies to me.'
                yield Ask(item.issuer, text, item.id, item.source)
            case _:
                stack = [*current.children, *stack]
