"""Whether a requirement tree holds for a set of done items: the verifier's own reading, apart from the audit and from every solver.

Selections and conditions never reach a plan (a problem lists items only), so they are refused here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pathways.planning.verify_credits import credits_of
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    Share,
    children_of,
)

Done = frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tree is read against: weights of the items, everything done, and whether groups keep their lists apart."""

    loads: Mapping[str, Fraction]
    everything: Done
    keeps_groups_apart: bool = True


def holds(rule: Requirement, done: Done, loads: Mapping[str, Fraction], *, keeps_groups_apart: bool = True) -> bool:
    """Whether a tree holds.

    Parameters
    ----------
    rule : Requirement
        Over item ids, without conditions and selections.
    done : frozenset of str
        Ids done. A ``none`` reads all of them, also inside ``groups``.
    loads : mapping of str to Fraction
        What an id weighs in a credit rule; a missing id weighs nothing.
    keeps_groups_apart : bool
        False reads ``groups`` as a plain list, to tell a missing item from one that is counted twice.

    Raises
    ------
    TypeError
        If the tree has a condition or a selection in it.
    """
    return _holds(rule, done, Reading(loads, done, keeps_groups_apart))


def _holds(rule: Node, mine: Done, reading: Reading) -> bool:
    match rule:
        case Held():
            return rule.id in mine
        case AllOf() | OpenAll() | Conflict():
            return all(_holds(child, mine, reading) for child in children_of(rule))
        case AnyOf() | OpenAny():
            return any(_holds(child, mine, reading) for child in rule.children)
        case NoneOf():
            return not _holds(rule.child, reading.everything, reading)
        case AtLeast():
            return sum(_holds(child, mine, reading) for child in dict.fromkeys(rule.children)) >= rule.n
        case CreditsFrom():
            return credits_of(rule, mine, reading.loads) >= rule.min_credits
        case Groups():
            if not reading.keeps_groups_apart:
                return all(_holds(child, mine, reading) for child in rule.children)
            return _Sharing(rule, mine, reading).is_possible()
    message = f"a plan cannot read {type(rule).__name__}: conditions are items and selections are expanded before planning."
    raise TypeError(message)


def _wanted(node: Node) -> Done:
    """Ids a tree would take for itself: all it names, but for what stands under ``none``."""
    found: set[str] = set()
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Held):
            found.add(current.id)
        elif not isinstance(current, NoneOf):
            stack.extend(children_of(current))
    return frozenset(found)


class _Sharing:
    """One groups rule and the ids it may give to its children."""

    def __init__(self, rule: Groups, mine: Done, reading: Reading) -> None:
        self._rule, self._mine, self._reading = rule, mine, reading
        self._wants = [_wanted(child) & mine for child in rule.children]
        names = sorted({name for wish in self._wants for name in wish})
        self._contended = [name for name in names if sum(name in wish for wish in self._wants) > 1]
        self._dead: set[tuple[int, tuple[Done, ...], tuple[Fraction, ...]]] = set()

    def is_possible(self) -> bool:
        """Whether the ids can be dealt out so that every child holds."""
        if not all(_holds(child, wish, self._reading) for child, wish in zip(self._rule.children, self._wants, strict=True)):
            return False
        lists = None if self._rule.shares else [_as_list(child) for child in self._rule.children]
        if lists is not None and all(entry is not None for entry in lists):
            return _matched([(n, ids & self._mine) for entry in lists if entry is not None for n, ids in entry])
        settled = [wish - frozenset(self._contended) for wish in self._wants]
        return self._deal(0, settled, tuple(share.amount for share in self._rule.shares))

    def _deal(self, place: int, given: list[Done], left: tuple[Fraction, ...]) -> bool:
        """Give the contended ids from ``place`` on, one after the other; a child only ever gains by having more."""
        key = (place, tuple(given), left)
        rest = frozenset(self._contended[place:])
        hopes = [mine | (wish & rest) for mine, wish in zip(given, self._wants, strict=True)]
        if key in self._dead or not self._all_hold(hopes):
            return False
        if place == len(self._contended) or self._all_hold(given):
            return True
        for to, after in self._choices(self._contended[place], left):
            name = self._contended[place]
            dealt = [mine | {name} if group in to else mine for group, mine in enumerate(given)]
            if self._deal(place + 1, dealt, after):
                return True
        self._dead.add(key)
        return False

    def _all_hold(self, given: Sequence[Done]) -> bool:
        return all(_holds(child, mine, self._reading) for child, mine in zip(self._rule.children, given, strict=True))

    def _choices(self, name: str, left: tuple[Fraction, ...]) -> list[tuple[frozenset[int], tuple[Fraction, ...]]]:
        """Where one id may count, with what each share has left after."""
        rule, wanting = self._rule, [group for group, wish in enumerate(self._wants) if name in wish]
        shared = []
        for number, share in enumerate(rule.shares):
            size = _size(share, self._reading.loads.get(name))
            to = frozenset(group for group in wanting if rule.names[group] in share.names)
            if len(to) > 1 and size is not None and size <= left[number]:
                shared.append((to, (*left[:number], left[number] - size, *left[number + 1 :])))
        return shared + [(frozenset({group}), left) for group in wanting]


def _size(share: Share, load: Fraction | None) -> Fraction | None:
    """What one id takes of a share; None where that is not known in its unit. Loads are semester credits."""
    if share.unit == "item":
        return Fraction(1)
    if load is None:
        return None
    return {"semester": load, "credit": load, "quarter": load * Fraction(3, 2)}.get(share.unit)


def _as_list(child: Node) -> list[tuple[int, Done]] | None:
    """A child as counts over lists that do not overlap; None where it is no such thing."""
    match child:
        case Held():
            return [(1, frozenset({child.id}))]
        case AnyOf() | OpenAny() | AtLeast() if all(isinstance(part, Held) for part in child.children):
            ids = frozenset(part.id for part in child.children if isinstance(part, Held))
            return [(child.n if isinstance(child, AtLeast) else 1, ids)]
        case AllOf() | OpenAll():
            parts = [_as_list(part) for part in dict.fromkeys(child.children)]
            lists = [entry for part in parts if part is not None for entry in part]
            overlaps = sum(len(ids) for _, ids in lists) > len({name for _, ids in lists for name in ids})
            return None if overlaps or any(part is None for part in parts) else lists
        case _:
            return None


def _matched(lists: Sequence[tuple[int, Done]]) -> bool:
    """Whether every list gets as many ids of its own as it asks for (augmenting paths)."""
    owner: dict[str, int] = {}

    def find(wish: int, tried: set[str]) -> bool:
        for name in sorted(lists[wish][1] - tried):
            tried.add(name)
            if name not in owner or find(owner[name], tried):
                owner[name] = wish
                return True
        return False

    return all(find(wish, set()) for wish, (count, _) in enumerate(lists) for _ in range(count))
