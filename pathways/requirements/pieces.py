"""What groups share out: each different achievement once, and who wants it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from pathways.requirements.conditions import check
from pathways.requirements.counting import counts
from pathways.requirements.credit import rule_unit, supplies
from pathways.requirements.evidence import Evidence
from pathways.requirements.rules import AllOf, AtLeast, Condition, CreditsFrom, Groups, Held, Node, NoneOf, children_of
from pathways.requirements.verdicts import Truth

Piece = tuple[str, str | None, str | None]


def piece_of(evidence: Evidence, place: int) -> Piece:
    """The same item recorded twice is one piece; another area's version of a shared item is another."""
    achievement = evidence.record.achievements[place]
    return achievement.id, achievement.name, achievement.area


def wanted(node: Node, evidence: Evidence) -> frozenset[int]:
    """Achievements that count, or may count, somewhere in a tree.

    What stands under ``none`` only reads the record and takes nothing.
    """
    found: set[int] = set()
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, NoneOf):
            continue
        found.update(_wanted_here(current, evidence))
        if isinstance(current, AtLeast):
            stack += [child for child in children_of(current) if not isinstance(child, Held)]
        elif not isinstance(current, CreditsFrom):
            stack += children_of(current)
    return frozenset(found)


def _wanted_here(node: Node, evidence: Evidence) -> list[int]:
    match node:
        case Held():
            standings = [evidence.standing(place, node) for place in evidence.answering(node)]
        case AtLeast():
            standings = [standing for one in counts(node, evidence) for standing in one.standings]
        case CreditsFrom():
            standings = [one.standing for one in supplies(node, evidence, rule_unit(node, evidence))]
        case _:
            return []
    return [one.achievement for one in standings if one.truth is not Truth.UNMET]


@dataclass(frozen=True, slots=True)
class Demand:
    """So many different pieces out of some."""

    count: int
    pieces: tuple[Piece, ...]


def demands(node: Node, evidence: Evidence) -> list[Demand] | None:
    """A tree as counts of pieces, where it is that simple; None where it needs the solver.

    Meeting all demands with different pieces meets the tree (the reverse need not hold: rows joined by AND may read one piece).
    """
    found: list[Demand] = []
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        match current:
            case AllOf():
                stack += reversed(current.children)
            case Held():
                found.append(Demand(1, _sure(current, evidence)))
            case AtLeast():
                demand = _count_demand(current, evidence)
                if demand is None:
                    return None
                found.append(demand)
            case CreditsFrom() | Groups():
                return None
            case _ if not _is_met_condition(current, evidence):
                return None
            case _:
                pass
    return found


def _sure(rule: Held, evidence: Evidence) -> tuple[Piece, ...]:
    places = [place for place in evidence.answering(rule) if evidence.standing(place, rule).truth is Truth.MET]
    return tuple(dict.fromkeys(piece_of(evidence, place) for place in places))


def _count_demand(rule: AtLeast, evidence: Evidence) -> Demand | None:
    pieces: dict[Piece, None] = {}
    for one in counts(rule, evidence):
        mine = dict.fromkeys(piece_of(evidence, standing.achievement) for standing in one.standings if standing.truth is Truth.MET)
        if len(mine) > 1 or mine.keys() & pieces.keys():
            return None
        pieces.update(mine)
    is_plain = all(isinstance(child, Held) or not children_of(child) for child in rule.children)
    return Demand(rule.n, tuple(pieces)) if is_plain else None


def _is_met_condition(node: Node, evidence: Evidence) -> bool:
    return isinstance(node, Condition) and check(node, evidence.record, evidence.on).truth is Truth.MET


def share_out(owners: Sequence[Sequence[Demand]], allowed: Sequence[frozenset[Piece]]) -> list[set[Piece]] | None:
    """Give every demand its pieces, none to two owners, by augmenting paths (maximum flow with unit pieces).

    Parameters
    ----------
    owners : sequence of sequences of Demand
        The demands of each group.
    allowed : sequence of frozenset
        Pieces each group may take.

    Returns
    -------
    list of sets or None
        Pieces of each group; None where not every demand can be filled this way. Demands are served in order, pieces in record
        order, so equal input gives equal output.
    """
    flat = [(owner, demand) for owner, mine in enumerate(owners) for demand in mine]
    lists = [[piece for piece in demand.pieces if piece in allowed[owner]] for owner, demand in flat]
    held: dict[Piece, int] = {}
    missing: list[int] = []
    for number, (_, demand) in enumerate(flat):
        free = (piece for piece in lists[number] if piece not in held)
        given = list(islice(free, demand.count))
        held.update(dict.fromkeys(given, number))
        missing += [number] * (demand.count - len(given))
    if not all(_augment(number, lists, held) for number in missing):
        return None
    taken: list[set[Piece]] = [set() for _ in owners]
    for piece, number in held.items():
        taken[flat[number][0]].add(piece)
    return taken


def _augment(start: int, lists: list[list[Piece]], held: dict[Piece, int]) -> bool:
    """One more piece for a demand, moving others along a shortest path."""
    found_by: dict[Piece, int] = {}
    entered_by: dict[int, Piece | None] = {start: None}
    queue = deque([start])
    while queue:
        number = queue.popleft()
        for piece in lists[number]:
            if piece in found_by:
                continue
            found_by[piece] = number
            owner = held.get(piece)
            if owner is None:
                _shift(piece, found_by, entered_by, held)
                return True
            if owner not in entered_by:
                entered_by[owner] = piece
                queue.append(owner)
    return False


def _shift(free: Piece, found_by: dict[Piece, int], entered_by: dict[int, Piece | None], held: dict[Piece, int]) -> None:
    """Give a free piece to the demand that found it, that demand's own piece to the one before, and so on to the start."""
    piece: Piece | None = free
    while piece is not None:
        number = found_by[piece]
        held[piece] = number
        piece = entered_by[number]
