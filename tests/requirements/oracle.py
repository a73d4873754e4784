"""A slow, independent reading of the requirement language: try every way of counting.

Written from the meaning of the forms, not from the code that audits. Only for small worlds: it enumerates every amount of credit
each item could supply and every way of sharing achievements out among groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product

from pathways.catalog.entities import Catalog
from pathways.credential import Select
from pathways.record import LearnerRecord
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    Manual,
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
)  # fmt: skip
from pathways.requirements.verdicts import Truth
from pathways.units import GRADES

UNMET, UNKNOWN, MET = Truth.UNMET, Truth.UNKNOWN, Truth.MET
Places = frozenset[int]


class Oracle:
    """Truth of trees for one record and one catalog."""

    def __init__(self, record: LearnerRecord, world: Catalog, on: date) -> None:
        self.record, self.world, self.on = record, world, on
        self.all = frozenset(range(len(record.achievements)))
        self._known: dict[tuple[int, Places], Truth] = {}

    def truth(self, node: Node, here: Places | None = None) -> Truth:
        """Truth of a node when only some achievements may count."""
        here = self.all if here is None else here
        key = (id(node), here)
        if key not in self._known:
            self._known[key] = self._truth(node, here)
        return self._known[key]

    def _truth(self, node: Node, here: Places) -> Truth:  # noqa: PLR0911  one line per form
        match node:
            case Held():
                return max((self.status(node, place) for place in here if self.answers(node, place)), default=UNMET)
            case AllOf():
                return min((self.truth(child, here) for child in node.children), default=MET)
            case AnyOf():
                return max((self.truth(child, here) for child in node.children), default=UNMET)
            case NoneOf():
                return Truth(2 - self.truth(node.child, self.all))
            case OpenAll():
                return min([UNKNOWN, *(self.truth(child, here) for child in node.children)])
            case OpenAny():
                return max([UNKNOWN, *(MET for child in node.children if self.truth(child, here) is MET)])
            case Conflict():
                both = {self.truth(node.first, here), self.truth(node.second, here)}
                return both.pop() if len(both) == 1 else UNKNOWN
            case AtLeast():
                return self._interval(self._count(node, here, MET), self._count(node, here, UNKNOWN), node.n)
            case CreditsFrom():
                sure, could = self._credits(node, here, MET), self._credits(node, here, UNKNOWN)
                return self._interval(sure, could, node.min_credits)
            case Groups():
                (met, _), possible = self.groups(node, here)
                return MET if met == len(node.children) else UNKNOWN if possible else UNMET
            case Manual():
                return UNKNOWN
            case _:
                raise NotImplementedError(type(node))

    @staticmethod
    def _interval(low: Fraction | int, high: Fraction | int, need: Fraction | int) -> Truth:
        return MET if low >= need else UNKNOWN if high >= need else UNMET

    def answers(self, rule: Held, place: int, listed: frozenset[str] = frozenset()) -> bool:
        """Whether an achievement is the listed item, or one it stands for that is not listed itself."""
        mine = self.record.achievements[place]
        if rule.area and mine.area and rule.area != mine.area:
            return False
        generic = self.world.item(rule.id)
        stands = generic.stands_for if generic else None
        member = stands is not None and mine.id in self.world.select(stands) and mine.id not in listed
        return mine.id == rule.id or (member and mine.id != rule.id)

    def in_selection(self, rule: Select, place: int) -> bool:
        mine = self.record.achievements[place]
        own = mine.type or mine.subject or mine.issuer
        return mine.id in self.world.select(rule) or (
            own is not None and all(asked is None or asked == getattr(mine, name) for name, asked in self._asked(rule))
        )

    @staticmethod
    def _asked(rule: Select) -> list[tuple[str, str | None]]:
        return [("type", rule.type), ("subject", rule.subject), ("issuer", rule.issuer)]

    def status(self, rule: Held | None, place: int) -> Truth:
        mine = self.record.achievements[place]
        found = [MET if mine.stage in {"earned", "posted"} else UNMET]
        found.append(UNMET if mine.expires_on is not None and mine.expires_on < self.on else MET)
        if rule is not None and rule.area:
            found.append(MET if mine.area else UNKNOWN)
        if rule is not None and rule.min_grade:
            found.append(self._graded(rule.min_grade, mine.grade))
        if rule is not None and rule.within:
            days = None if mine.earned_on is None else (self.on - mine.earned_on).days
            found.append(UNKNOWN if days is None else MET if days <= rule.within.months * 30 else UNMET)
        return min(found)

    @staticmethod
    def _graded(least: str, grade: str | None) -> Truth:
        if grade is None:
            return UNKNOWN
        return MET if GRADES.index(grade) >= GRADES.index(least) else UNMET

    def _count(self, rule: AtLeast, here: Places, least: Truth) -> int:
        listed = frozenset(child.id for child in rule.children if isinstance(child, Held)) if rule.distinct else frozenset()
        seen: set[object] = set()
        forms = 0
        for child in rule.children:
            if isinstance(child, Held):
                for place in here:
                    if self.answers(child, place, listed) and self.status(child, place) >= least:
                        seen.add(self._item(place) if rule.distinct else (child.id, child.area))
            elif isinstance(child, Select):
                for place in here:
                    if self.in_selection(child, place) and self.status(None, place) >= least:
                        seen.add(self._item(place) if rule.distinct else (self.record.achievements[place].id, None))
            else:
                forms += self.truth(child, here) >= least
        return len(seen) + forms

    def _item(self, place: int) -> tuple[str, str | None]:
        mine = self.record.achievements[place]
        return mine.id, mine.name

    def _credits(self, rule: CreditsFrom, here: Places, least: Truth) -> int:
        """Most credit, trying every whole amount of every item under every cap; never more than the rule asks for."""
        need = int(rule.min_credits)
        caps = [child for child in rule.children if isinstance(child, AtMostCredits)]
        listed = frozenset(item.id for item in self._listed(rule) if isinstance(item, Held))
        most: dict[tuple[str, str | None], int] = {}
        for place in here:
            amount = self._supply(rule, listed, place, least, need)
            most[self._item(place)] = max(most.get(self._item(place), 0), amount)
        under = [
            {self._item(place) for place in here if any(self._in(item, place, listed) for item in cap.children)} for cap in caps
        ]
        items = [item for item, amount in most.items() if amount]
        best = 0
        for amounts in product(*(range(min(need, most[item]) + 1) for item in items)):
            given = dict(zip(items, amounts, strict=True))
            if all(sum(given.get(item, 0) for item in mine) <= cap.max_credits for cap, mine in zip(caps, under, strict=True)):
                best = max(best, sum(amounts))
        return best

    def most_credit(self, rule: CreditsFrom) -> int:
        """Most credit that surely counts, up to what the rule asks for."""
        return min(int(rule.min_credits), self._credits(rule, self.all, MET))

    def _listed(self, rule: CreditsFrom | AtMostCredits) -> Iterator[Held | Select]:
        for child in rule.children:
            if isinstance(child, AtMostCredits):
                yield from self._listed(child)
            else:
                yield child

    def _in(self, item: Held | Select, place: int, listed: frozenset[str]) -> bool:
        return self.answers(item, place, listed) if isinstance(item, Held) else self.in_selection(item, place)

    def _supply(self, rule: CreditsFrom, listed: frozenset[str], place: int, least: Truth, need: int) -> int:
        mine, item = self.record.achievements[place], self.world.item(self.record.achievements[place].id)
        fitting = [child for child in self._listed(rule) if self._in(child, place, listed)]
        best = max((self.status(child if isinstance(child, Held) else None, place) for child in fitting), default=UNMET)
        value = mine.credits or (item.credits if item else None)
        found = [best]
        if rule.min_grade:
            found.append(self._graded(rule.min_grade, mine.grade))
        if rule.level:
            level = mine.level or (value.level if value else None) or (item.level if item else None)
            found.append(UNKNOWN if level is None else MET if level == rule.level else UNMET)
        if value is not None and value.unit not in {"semester", "quarter"}:
            return 0
        if value is None:
            found.append(UNKNOWN)
        if min(found) < least:
            return 0
        if value is None:
            return need
        return int(value.amount * (Fraction(2, 3) if value.unit == "quarter" else 1))

    def groups(self, rule: Groups, here: Places) -> tuple[tuple[int, int], bool]:
        """Most children met at once with, of those ways, most not unmet; and whether some way leaves none unmet."""
        best, possible = (0, 0), False
        for given in self.ways(rule, here):
            truths = [self.truth(child, mine) for child, mine in zip(rule.children, given, strict=True)]
            best = max(best, (truths.count(MET), len(truths) - truths.count(UNMET)))
            possible = possible or UNMET not in truths
        return best, possible

    def ways(self, rule: Groups, here: Places) -> Iterator[tuple[Places, ...]]:
        """Every way to give each different achievement to one group, or to groups that share it."""
        pieces: dict[tuple[str, str | None, str | None], list[int]] = {}
        for place in sorted(here):
            mine = self.record.achievements[place]
            pieces.setdefault((mine.id, mine.name, mine.area), []).append(place)
        options: list[tuple[frozenset[str], int | None]] = [(frozenset(), None)]
        options += [(frozenset({name}), None) for name in rule.names]
        for number, share in enumerate(rule.shares):
            for mask in product((False, True), repeat=len(share.names)):
                if sum(mask) > 1:
                    options.append((frozenset(name for name, on in zip(share.names, mask, strict=True) if on), number))
        for choice in product(options, repeat=len(pieces)):
            if self._within_shares(rule, list(pieces.values()), [number for _, number in choice]):
                yield tuple(self._places_of(name, list(pieces.values()), [names for names, _ in choice]) for name in rule.names)

    @staticmethod
    def _places_of(name: str, pieces: list[list[int]], owners: list[frozenset[str]]) -> Places:
        return frozenset(place for places, names in zip(pieces, owners, strict=True) if name in names for place in places)

    def _within_shares(self, rule: Groups, pieces: list[list[int]], shared: list[int | None]) -> bool:
        for number, share in enumerate(rule.shares):
            total = Fraction(0)
            for places in (mine for mine, used in zip(pieces, shared, strict=True) if used == number):
                achievement = self.record.achievements[places[0]]
                item = self.world.item(achievement.id)
                value = achievement.credits or (item.credits if item else None)
                if share.unit == "item":
                    total += 1
                elif value is None or value.unit not in {"semester", "quarter"}:
                    return False
                else:
                    total += value.amount * (Fraction(2, 3) if value.unit == "quarter" else 1)
            if total > share.amount:
                return False
        return True
