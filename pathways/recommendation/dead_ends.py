"""Things that lead nowhere a learner may think they do: closed programs, series without a license, credit that never counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pathways.articulation.ledger import LedgerLine
from pathways.articulation.transfer import InsideCount, Refusal
from pathways.articulation.value import ValueHere
from pathways.catalog.entities import Catalog
from pathways.credential import Credential
from pathways.recommendation.answer import DeadEnd
from pathways.recommendation.targets import TargetState
from pathways.record import LearnerRecord

SHOWN = 8


def dead_ends(
    catalog: Catalog,
    record: LearnerRecord,
    *,
    considered: Iterable[Credential],
    values: Iterable[tuple[Credential, ValueHere]],
    refused: Iterable[Refusal],
    inside: Mapping[str, InsideCount],
    states: Iterable[TargetState],
) -> tuple[DeadEnd, ...]:
    """Collect dead ends, those about the learner's own items first, each once.

    Parameters
    ----------
    considered : iterable of Credential
        Matches of the goal and parts of targets, retired ones included.
    values : iterable of (Credential, ValueHere)
        Ledgers already computed for matches of the goal.
    refused : iterable of Refusal
        Agreements that do not accept what the learner holds.
    inside : mapping of str to InsideCount
        Credit that counts inside targets, with what is over a cap.
    states : iterable of TargetState
        Targets worked toward.

    Returns
    -------
    tuple of DeadEnd
        At most :data:`SHOWN`.
    """
    found = [
        *_closed_for_holder(catalog, record),
        *_not_accepted(refused),
        *_spare(catalog, inside),
        *_no_route(states),
        *_says_no(values, {item.id for item in record.achievements}),
        *_closed(catalog, considered),
    ]
    first: dict[tuple[str, str], DeadEnd] = {}
    for end in found:
        first.setdefault((end.id, end.kind), end)
    return tuple(first.values())[:SHOWN]


def _closed_for_holder(catalog: Catalog, record: LearnerRecord) -> Iterator[DeadEnd]:
    held = {item.id for item in record.achievements}
    for parent in dict.fromkeys(parent for item in sorted(held) for parent in catalog.named_by.get(item, ())):
        target = catalog.credentials[parent]
        if target.status != "retired" or parent in held or parent not in catalog.parts:
            continue
        have = len(catalog.parts[parent] & held)
        since = f" since {target.retired_on.isoformat()}" if target.retired_on else ""
        text = (
            f"{target.name} is closed{since}: the {have} of its parts you hold stay valid, but the whole can no longer be earned."
        )
        yield DeadEnd(parent, text, "closed", target.source)


def _closed(catalog: Catalog, considered: Iterable[Credential]) -> Iterator[DeadEnd]:
    items = list(considered)
    closed = {item.id for item in items if item.status == "retired"}
    for item in items:
        whole_closed = not closed.isdisjoint(catalog.named_by.get(item.id, ()))
        if item.status == "retired" and not whole_closed:
            since = f" since {item.retired_on.isoformat()}" if item.retired_on else ""
            yield DeadEnd(item.id, f"{item.name} matches, but is closed{since}. Earned ones stay valid.", "closed", item.source)


def _says_no(values: Iterable[tuple[Credential, ValueHere]], held: Collection[str]) -> Iterator[DeadEnd]:
    """Sourced refusals, one for each statement however many items it speaks of."""
    groups: dict[tuple[str, str], list[tuple[Credential, LedgerLine]]] = {}
    for item, value in values:
        # Where somebody else counts it, one refusal is part of its ledger and a dead end only for those who hold it.
        for line in value.degree.lines if value.degree.answer == "no" or item.id in held else ():
            if line.answer == "no":
                groups.setdefault((line.where, line.conditions[-1] if line.conditions else line.what), []).append((item, line))
    for (where, words), named in groups.items():
        item, line = named[0]
        others = f" and {len(named) - 1} more" if len(named) > 1 else ""
        text = f"{item.name}{others}: {words.rstrip('.')} ({where})."
        yield DeadEnd(item.id, text, "no license", line.sources[0] if line.sources else None)


def _not_accepted(refused: Iterable[Refusal]) -> Iterator[DeadEnd]:
    for refusal in refused:
        if refusal.reason in {"window ended", "closed"}:
            yield DeadEnd(refusal.agreement_id or refusal.to_id or "", refusal.sentence, "not counted", refusal.source)


def _spare(catalog: Catalog, inside: Mapping[str, InsideCount]) -> Iterator[DeadEnd]:
    for target, count in inside.items():
        if count.spare is not None and count.spare.amount > 0:
            yield DeadEnd(target, f"{catalog.credentials[target].name}: {count.sentence}", "spare", count.source)


def _no_route(states: Iterable[TargetState]) -> Iterator[DeadEnd]:
    for state in states:
        if not state.left.reachable:
            text = f"No route to {state.name} in this catalog: something it needs is closed or not listed here."
            yield DeadEnd(state.id, text, "no route")
