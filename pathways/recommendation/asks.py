"""Who to ask what: each unknown as a question ready to send to HR, a registrar or a state office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pathways.articulation.value import ValueHere
from pathways.credential import Credential, Source
from pathways.places import Place
from pathways.recommendation.answer import Ask, usd
from pathways.recommendation.audits import TargetAudit
from pathways.requirements.describe import describe
from pathways.requirements.rules import Conflict, Manual, OpenAll, OpenAny
from pathways.requirements.verdicts import AuditNode, Offer, Truth


def value_questions(item: Credential, value: ValueHere, place: Place) -> Iterator[Ask]:
    """One question per ledger that has no rule, and one per ledger that needs approval first."""
    here = str(place) if place.state or place.district else "my state and district"
    state = str(Place(place.nation, place.state)) if place.state else "your state"
    offices = (
        (value.renewal, f"educator licensing office of {state}", f"count toward renewing my license in {here}"),
        (value.pay, f"human resources of {place.district or 'your district'}", "count toward pay or a salary lane"),
        (value.degree, "registrar of the college you have in mind", "be accepted as credit toward a degree or an endorsement"),
    )
    for ledger, whom, what in offices:
        source = ledger.sources[0] if ledger.sources else None
        if ledger.answer == "no rule found":
            text = f'Will "{item.name}" ({item.issuer}) {what}? If so, how much, and what must I send you?'
            yield Ask(whom, text, item.id, source)
        elif ledger.answer == "yes, with prior approval":
            where = next(line.where for line in ledger.lines if line.answer == ledger.answer)
            start = f'I want to start "{item.name}" ({item.issuer}).'
            yield Ask(where, f"{start} Please confirm in writing, before I enroll, that it will {what}.", item.id, source)


def claim_questions(offers: Iterable[Offer]) -> Iterator[Ask]:
    """One question for each thing that can be claimed, however many items can be sent in for it."""
    groups: dict[tuple[str, str], list[Offer]] = {}
    for offer in offers:
        groups.setdefault((offer.institution, offer.to_text), []).append(offer)
    for (institution, what), claims in groups.items():
        first = claims[0]
        if first.agreement_id is None:
            text = f"I have done every listed part of {what}. Will you issue it, and what do you need from me?"
            yield Ask(institution, text, first.to_id or what, first.source)
            continue
        many = f" I have {len(claims)} such items." if len(claims) > 1 else ""
        fee = f" The published fee is {usd(first.fee_usd)} per {first.fee_per}." if first.fee_usd is not None else ""
        page = f" The page I read says: {first.conditions}." if first.conditions else ""
        text = f"I hold what your agreement for {what} names.{many} Will you post it for me, and what do you need?{fee}{page}"
        yield Ask(f"registrar of {institution}", text, first.to_id or what, first.source)


def audit_questions(target: TargetAudit, name_of: Callable[[str], str]) -> tuple[Ask, ...]:
    """Everything about one target that a person has to confirm: disagreements first, each question once."""
    item = target.credential
    asks: list[Ask] = []
    if not target.has_requirements:
        text = f'What are the full requirements for "{item.name}" today, and which of them do I still have to meet?'
        asks.append(Ask(item.issuer, text, item.id, item.source))
    nodes = [node for part in (target.requires, target.composed_of) if part is not None for node in _undecided(part.root)]
    nodes.sort(key=lambda node: not isinstance(node.rule, Conflict))
    asks.extend(_question(node, item, name_of, target.source_of(node.rule)) for node in nodes)
    asks.extend(claim_questions(target.offers))
    return tuple({(ask.whom, ask.question): ask for ask in asks}.values())


def _undecided(root: AuditNode) -> Iterator[AuditNode]:
    """Disagreements, and the lowest nodes that are unknown for a reason of their own (a list that is not published, say)."""
    stack = [root]
    while stack:
        node = stack.pop(0)
        if node.truth is Truth.MET:
            continue
        undecided_below = any(child.truth is Truth.UNKNOWN for child in node.children)
        if isinstance(node.rule, Conflict) or (node.truth is Truth.UNKNOWN and not undecided_below):
            yield node
        else:
            stack = [*node.children, *stack]


def _question(node: AuditNode, item: Credential, name_of: Callable[[str], str], source: Source) -> Ask:
    match node.rule:
        case Conflict(first, second):
            lists = f"({describe(first, name_of)}) and ({describe(second, name_of)})"
            text = f'Your pages give two different lists for "{item.name}": {lists}. Which one applies to me?'
        case OpenAll() | OpenAny():
            text = f'The list I found for "{item.name}" is not complete: {describe(node.rule, name_of)}. What is the full list?'
        case Manual(words):
            text = f'For "{item.name}": do I meet "{words}", and what proof do you accept?'
        case rule:
            text = f'For "{item.name}" you ask for {describe(rule, name_of)}. Do I meet it, and what proof do you accept?'
    return Ask(item.issuer, text, item.id, source)
