"""How much credit done items supply to a credit rule, as the verifier adds it up: every cap that lists an item binds it.

Credit may be split in whole steps of the finest fraction the rule uses, as in an audit. Where caps lie inside one another or
apart, taking lots one by one reaches the most; where they overlap, every way is tried over lots, of which a rule has few.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from pathways.requirements.rules import AtMostCredits, CreditsFrom, Held

#: Places of the caps an item falls under, and how many steps such items hold together.
Lot = tuple[frozenset[int], int]


def credits_of(rule: CreditsFrom, done: frozenset[str], loads: Mapping[str, Fraction]) -> Fraction:
    """The most credit that done items supply under all caps; each id counts once.

    Parameters
    ----------
    rule : CreditsFrom
        Over item ids.
    done : frozenset of str
    loads : mapping of str to Fraction
        A missing id weighs nothing.
    """
    caps = [child for child in rule.children if isinstance(child, AtMostCredits)]
    under: dict[str, set[int]] = {child.id: set() for child in rule.children if isinstance(child, Held)}
    for place, cap in enumerate(caps):
        for child in cap.children:
            if isinstance(child, Held):
                under.setdefault(child.id, set()).add(place)
    amounts = [rule.min_credits, *(cap.max_credits for cap in caps), *(loads.get(name, Fraction(0)) for name in under)]
    scale = math.lcm(*(amount.denominator for amount in amounts))
    lots: dict[frozenset[int], int] = {}
    for name, places in under.items():
        if name in done:
            lots[frozenset(places)] = lots.get(frozenset(places), 0) + int(loads.get(name, Fraction(0)) * scale)
    return Fraction(_most(list(lots.items()), [int(cap.max_credits * scale) for cap in caps]), scale)


def _most(lots: list[Lot], caps: list[int]) -> int:
    """Steps that can be taken in all."""
    tight = {
        place for place, most in enumerate(caps) if sum(size for under, size in lots if place in under) > most
    }  # a cap that everything fits under binds nothing
    lots = [(under & tight, size) for under, size in lots]
    if _are_nested(lots, tight):
        return _in_turn(lots, caps)
    # What falls under a single cap is taken first: it uses up no other cap, so nothing is ever better in its place.
    single = [lot for lot in lots if len(lot[0]) < 2]
    left = list(caps)
    total = _in_turn(single, left)
    return total + _try([lot for lot in lots if len(lot[0]) > 1], tuple(left), {})


def _are_nested(lots: list[Lot], tight: set[int]) -> bool:
    members = [{number for number, (under, _) in enumerate(lots) if place in under} for place in sorted(tight)]
    return all(not (a & b) or a <= b or b <= a for number, a in enumerate(members) for b in members[:number])


def _in_turn(lots: list[Lot], left: list[int]) -> int:
    """Take each lot as far as its caps have room; what is used is taken off ``left``."""
    total = 0
    for under, size in lots:
        part = min([size, *(left[place] for place in under)])
        total += part
        for place in under:
            left[place] -= part
    return total


def _try(lots: list[Lot], left: tuple[int, ...], known: dict[tuple[int, tuple[int, ...]], int]) -> int:
    """The most of the last lots, by trying every amount of each."""
    if not lots:
        return 0
    key = (len(lots), left)
    if key not in known:
        under, size = lots[-1]
        most = min([size, *(left[place] for place in under)])
        known[key] = max(
            part + _try(lots[:-1], tuple(room - part * (place in under) for place, room in enumerate(left)), known)
            for part in range(most + 1)
        )
    return known[key]
