"""A record indexed for an audit: which achievements answer to an id or a selection, and how each one stands on the day.

The index is built once, so that each node of a tree costs only the achievements that concern it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pathways.credential import Credential, Select
from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.conditions import add_months, anchor_day
from pathways.requirements.rules import Held, Window
from pathways.requirements.verdicts import Facts, Offer, SpareReason, Truth
from pathways.units import GRADES

_COLUMNS = ("issuer", "subject", "type")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one achievement stands with what a node asks.

    Parameters
    ----------
    achievement : int
        Index into the record.
    truth : Truth
        Met where it counts; unknown where a date, grade or area that is asked for is not recorded.
    reason : str or None
        Why it does not count (or not surely).
    note : str
        The same in a sentence; empty where the reason says it all.
    last_day : date or None
        Last day it still counts; None where it has no end.
    why : str
        What ends on that day.
    """

    achievement: int
    truth: Truth
    reason: SpareReason | None = None
    note: str = ""
    last_day: date | None = None
    why: str = ""


def expiry(achievement: EarnedCredential, item: Credential | None) -> date | None:
    """Last day of an achievement: its own, else the day it was earned plus the catalog's validity; None where neither is known."""
    if achievement.expires_on is not None or achievement.earned_on is None or item is None or item.validity_months is None:
        return achievement.expires_on
    return add_months(achievement.earned_on, item.validity_months)


def grade_truth(least: str, grade: str | None) -> Truth:
    """Whether a grade reaches another: unknown where it is not recorded or is of another scale (``P`` against ``B``)."""
    if grade is None:
        return Truth.UNKNOWN
    mine, theirs = _rank(grade), _rank(least)
    if mine is None or theirs is None or mine[0] != theirs[0]:
        return Truth.UNKNOWN
    return Truth.MET if mine >= theirs else Truth.UNMET


def _rank(grade: str) -> tuple[str, float] | None:
    text = grade.strip().upper()
    if text in GRADES:
        return "letter", GRADES.index(text)
    return ("number", float(text)) if text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 9 else None


def weaker(first: Standing, second: Standing) -> Standing:
    """The less favorable of two standings of one achievement, with the earlier end."""
    low, high = (first, second) if first.truth <= second.truth else (second, first)
    if high.last_day is not None and (low.last_day is None or high.last_day < low.last_day):
        return replace(low, last_day=high.last_day, why=high.why)
    return low


@dataclass(frozen=True)
class Evidence:
    """A record on a day, beside a catalog and what could be claimed.

    ``barred`` are achievements that count in another group, so that here they count for nothing.
    """

    record: LearnerRecord
    facts: Facts
    offers: Sequence[Offer]
    on: date
    barred: frozenset[int] = frozenset()
    _base: dict[int, Standing] = field(default_factory=dict, repr=False, compare=False)
    _selected: dict[Select, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)
    _index: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)
    _members: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)
    _offered: dict[str, list[Offer]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def gather(cls, record: LearnerRecord, facts: Facts, offers: Sequence[Offer], on: date) -> Evidence:
        """Index a record: one pass over achievements and offers."""
        found = cls(record, facts, offers, on)
        for place, achievement in enumerate(record.achievements):
            found._index.setdefault(achievement.id, []).append(place)
        for credential_id, places in found._index.items():
            for generic in facts.generics_of(credential_id):
                found._members.setdefault(generic, []).extend(places)
        for offer in offers:
            if offer.to_id is not None:
                for credential_id in (offer.to_id, *facts.generics_of(offer.to_id)):
                    found._offered.setdefault(credential_id, []).append(offer)
        return found

    def without(self, barred: Collection[int]) -> Evidence:
        """The same evidence with some achievements counting elsewhere."""
        return replace(self, barred=self.barred | frozenset(barred))

    def whole(self) -> Evidence:
        """The same evidence with nothing counting elsewhere."""
        return replace(self, barred=frozenset())

    def item_of(self, place: int) -> Credential | None:
        """Catalog item of an achievement, where there is one."""
        return self.facts.item(self.record.achievements[place].id)

    def label(self, place: int) -> str:
        """What to call an achievement: its own name, the catalog's, or its id."""
        achievement = self.record.achievements[place]
        item = self.item_of(place)
        return achievement.name or (item.name if item else achievement.id)

    def item_key(self, place: int) -> tuple[str, str | None]:
        """What makes two achievements the same item: the id, and the name under a generic id."""
        achievement = self.record.achievements[place]
        return achievement.id, achievement.name

    def claims(self, ids: Iterable[str], held: Collection[tuple[str, str | None]] = ()) -> tuple[Offer, ...]:
        """Offers to any of these ids (or to an item a generic one among them stands for), less what is already held."""
        found = [offer for credential_id in ids for offer in self._offered.get(credential_id, ())]
        unique = {id(offer): offer for offer in found if (offer.to_id, offer.name) not in held}
        return tuple(unique.values())

    def answering(self, rule: Held, listed: Collection[str] = ()) -> list[int]:
        """Achievements that could meet a listed id, in record order.

        Those of the id itself, and for a generic id those of the items it stands for, save items that are listed themselves.
        An achievement of another area than the rule's is none of them.
        """
        own = self._index.get(rule.id, [])
        others = [place for place in self._members.get(rule.id, ()) if self.record.achievements[place].id not in listed]
        places = sorted({*own, *others}) if others else own
        if rule.area is None:
            return places
        asked = rule.area.casefold()
        return [place for place in places if (self.record.achievements[place].area or asked).casefold() == asked]

    def selected(self, selection: Select) -> tuple[int, ...]:
        """Achievements a selection matches, by the catalog's columns or their own, in record order."""
        if selection not in self._selected:
            members = self.facts.select(selection)
            known = self._index.keys() & members if len(members) < len(self._index) else self._index.keys() & set(members)
            places = {place for credential_id in known for place in self._index[credential_id]}
            places.update(place for place in self._own_candidates(selection) if self._own_matches(selection, place))
            self._selected[selection] = tuple(sorted(places))
        return self._selected[selection]

    @cached_property
    def _own_columns(self) -> dict[tuple[str, str], list[int]]:
        """Achievements that state columns of their own, by each column's value."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, achievement in enumerate(self.record.achievements):
            if any(getattr(achievement, column) is not None for column in _COLUMNS):
                for column in _COLUMNS:
                    if (value := self._column(place, column)) is not None:
                        found.setdefault((column, value.casefold()), []).append(place)
        return found

    def _column(self, place: int, column: str) -> str | None:
        """A column of an achievement: its own, else the catalog's."""
        own: str | None = getattr(self.record.achievements[place], column)
        item = self.item_of(place)
        return own if own is not None or item is None else getattr(item, column)

    def _own_candidates(self, selection: Select) -> Sequence[int]:
        asked = [(column, getattr(selection, column)) for column in _COLUMNS]
        lists = [self._own_columns.get((column, value.casefold()), []) for column, value in asked if value is not None]
        return min(lists, key=len, default=[])

    def _own_matches(self, selection: Select, place: int) -> bool:
        asked = [(column, getattr(selection, column)) for column in _COLUMNS]
        return all(value is None or value.casefold() == (self._column(place, column) or "").casefold() for column, value in asked)

    def standing(self, place: int, rule: Held | None = None) -> Standing:
        """How an achievement stands with a listed id (None: as a member of a selection)."""
        if place in self.barred:
            return Standing(place, Truth.UNMET, "counted in another group")
        if place not in self._base:
            self._base[place] = self._today(place)
        standing = self._base[place]
        if rule is None or (rule.area is None and rule.min_grade is None and rule.within is None):
            return standing
        for asked in self._asked(place, rule):
            standing = weaker(standing, asked)
        return standing

    def _today(self, place: int) -> Standing:
        """Granted, and not expired on the day."""
        achievement = self.record.achievements[place]
        if achievement.stage not in {"earned", "posted"}:
            return Standing(place, Truth.UNMET, "not granted yet", f"{self.label(place)} is {achievement.stage}, not granted yet")
        last = expiry(achievement, self.item_of(place))
        if last is not None and last < self.on:
            return Standing(place, Truth.UNMET, "expired", f"{self.label(place)} expired on {last.isoformat()}")
        return Standing(place, Truth.MET, last_day=last, why="it expires" if last else "")

    def _asked(self, place: int, rule: Held) -> Iterable[Standing]:
        achievement = self.record.achievements[place]
        if rule.area is not None and achievement.area is None:
            yield Standing(place, Truth.UNKNOWN, "area not stated", f"the area of {self.label(place)} is not recorded")
        if rule.min_grade is not None:
            yield self.graded(place, rule.min_grade)
        if rule.within is not None:
            yield self._recent(place, rule.within)

    def graded(self, place: int, least: str) -> Standing:
        """How an achievement stands with a minimum grade."""
        grade = self.record.achievements[place].grade
        truth = grade_truth(least, grade)
        if truth is Truth.MET:
            return Standing(place, truth)
        if truth is Truth.UNMET:
            return Standing(place, truth, "grade too low", f"{self.label(place)}: grade {grade}, {least} or better needed")
        said = "not recorded" if grade is None else f'"{grade}", which does not compare with {least}'
        return Standing(place, truth, "grade not stated", f"the grade of {self.label(place)} is {said}")

    def _recent(self, place: int, window: Window) -> Standing:
        """How an achievement stands with a window before an event of the learner's path."""
        earned = self.record.achievements[place].earned_on
        if earned is None:
            return Standing(place, Truth.UNKNOWN, "date not stated", f"the day {self.label(place)} was earned is not recorded")
        day, stated = anchor_day(self.record, window.anchor, self.on)
        last = add_months(earned, window.months)
        if last < day:
            note = f"{self.label(place)} was earned more than {window.months} months before {window.anchor}"
            return Standing(place, Truth.UNMET, "too old", note)
        # A recorded event fixes the window for good; only one still to come lets it run out.
        why = f"{window.anchor} must come within {window.months} months of earning it"
        return Standing(place, Truth.MET) if stated else Standing(place, Truth.MET, last_day=last, why=why)
