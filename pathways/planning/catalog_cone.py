"""Everything below a target as items and trees over item ids: the walk from a catalog to a planning problem.

Ids of items: a catalog id; ``id@area`` for one area's version; ``id#2``, ``id#3`` ... for further items under a generic id;
``id~again`` where the one held does not count (too low a grade, too old, or about to lapse); ``id~part1`` ... for stretches of a
program larger than a term; ``claim:ag-001`` for an agreement that is another way to have its target; ``condition:...`` for a
license, an exam and the like; ``course:subject#1`` for a course outside the catalog that a rule leaves to the learner.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import get_args

from pathways.articulation.agreements import CLOSING_KINDS, Agreement
from pathways.catalog.entities import Catalog
from pathways.credential import Credential, Select
from pathways.graph.conditions import implies, name_of
from pathways.planning.catalog_figures import (
    fee_of,
    figures_of,
    lacks_credits,
    semester_credits,
    spread,
    stretches,
    terms_offered,
    terms_valid,
    terms_within,
)
from pathways.planning.problem import PlanItem, PlanTerm, Remark
from pathways.record import LearnerRecord
from pathways.requirements.conditions import check
from pathways.requirements.evidence import Evidence, expiry
from pathways.requirements.rules import NOTHING_REQUIRED, AllOf, AnyOf, Condition, Held, Requirement, walk
from pathways.requirements.verdicts import Truth
from pathways.units import show

#: What a course outside the catalog is taken to weigh, since no page says: the usual course.
USUAL_COURSE = Fraction(3)


@dataclass(frozen=True, slots=True)
class Version:
    """One item under a catalog id: which area's, which copy of a generic one, and whether it is done a second time."""

    id: str
    area: str | None = None
    copy: int = 1
    again: bool = False

    @property
    def item_id(self) -> str:
        """The id it has in the problem."""
        area = f"@{self.area}" if self.area else ""
        copy = f"#{self.copy}" if self.copy > 1 else ""
        return f"{self.id}{area}{copy}{'~again' if self.again else ''}"


class Cone:
    """Items found so far, and what the record holds among them.

    Parameters
    ----------
    catalog, record : Catalog, LearnerRecord
    terms : sequence of PlanTerm
        The horizon.
    load_max : Fraction
        Most load of a term: larger programs are spread over several.
    on : date
        Day on which the record is read.
    planned, excluded : collection of str
        Catalog ids planned for other reasons too, which may stand for a generic id as well; and ids that must not be used, in
        whose place any item they stand for is looked at.
    """

    def __init__(
        self, catalog: Catalog, record: LearnerRecord, terms: Sequence[PlanTerm], load_max: Fraction, on: date,
        *, planned: Collection[str] = (), excluded: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.catalog, self.record, self.terms, self.load_max, self.on = catalog, record, terms, load_max, on
        self._planned, self._excluded = frozenset(planned), frozenset(excluded)
        self.evidence = Evidence.gather(record, catalog, (), on)
        self.items: dict[str, PlanItem] = {}
        self.held: dict[str, int | None] = {}
        self.owner = ""
        self._remarks: dict[tuple[str, str], dict[str, None]] = {}
        self.queue: list[Version] = []
        self._own_ids = self._hold_everything()
        self._conditions: dict[Condition, str | None] = {}
        self._weighty: dict[str, Fraction] = {}

    def _hold_everything(self) -> list[str]:
        """Each achievement under an id of its own; those that count today are held."""
        names: list[str] = []
        for place, achievement in enumerate(self.record.achievements):
            copy = 1 + sum(other.id == achievement.id for other in self.record.achievements[:place])
            name = Version(achievement.id, copy=copy).item_id
            names.append(name)
            item = self.evidence.item_of(place)
            last = self._last_term(expiry(achievement, item))
            if self.evidence.standing(place).truth is Truth.MET and last != -1:
                load = semester_credits(achievement.credits or (item.credits if item else None)) or Fraction(0)
                self.items[name] = PlanItem(name, self.evidence.label(place), load=load, sources=(item.source,) if item else ())
                self.held[name] = last
        return names

    def _last_term(self, day: date | None) -> int | None:
        """Last term that ends by a day (-1: none does); None where all do."""
        if day is None or day >= self.terms[-1].end:
            return None
        return max((number for number, term in enumerate(self.terms) if term.end <= day), default=-1)

    # What a rule may be met by

    def records_of(self, rule: Held | Select, listed: Iterable[str] = ()) -> list[str]:
        """Held ids that meet a listed id or a selection today."""
        places = self.evidence.answering(rule, frozenset(listed)) if isinstance(rule, Held) else self.evidence.selected(rule)
        asked = rule if isinstance(rule, Held) else None
        good = [place for place in places if self.evidence.standing(place, asked).truth is Truth.MET]
        return [self._own_ids[place] for place in good if self._own_ids[place] in self.held]

    def ways(self, rule: Held, number: int = 1, listed: Iterable[str] = ()) -> tuple[Held, ...]:
        """Ids of which each one alone is the ``number``-th item that meets a listed id: held, to be earned, or to be claimed."""
        done = self.records_of(rule, listed)
        lasting = [name for name in done if self.held[name] is None]
        if number <= len(lasting):
            return (Held(lasting[number - 1]),)
        lapsing = [Held(name) for name in done if self.held[name] is not None][:1] if number == 1 else []
        return (*lapsing, *self._new(rule, number - len(lasting)))

    def _new(self, rule: Held, number: int) -> tuple[Held, ...]:
        """The ``number``-th item still to be earned under an id, and claims in its stead."""
        item = self.catalog.item(rule.id)
        if item is None:
            return ()
        taken = sum(achievement.id == rule.id for achievement in self.record.achievements) if item.generic else 0
        version = Version(rule.id, rule.area, taken + number if item.generic else 1)
        if version.item_id in self.held:
            version = replace(version, again=True)
        self._want(version, item)
        agreements = self._agreements(rule.id)
        claims = [self._claim(agreement, version) for agreement in agreements]
        ready = tuple(claim for claim, agreement in zip(claims, agreements, strict=True) if self._is_had(agreement, item, version))
        return ready or (Held(version.item_id), *claims)

    def _is_had(self, agreement: Agreement, item: Credential, version: Version) -> bool:
        """Whether a claim needs nothing but its form, and costs no more than earning the item: nobody takes a course they have."""
        if version.again or agreement.approval_first or agreement.min_grade is not None:
            return False
        if version.item_id in self._planned or f"claim:{agreement.id}" in self._excluded:
            return False
        fee, price = fee_of(agreement), figures_of(item, self.catalog)[2]
        if fee is not None and price is not None and fee > price:
            return False
        held = {name for name, until in self.held.items() if until is None}
        return version.copy == 1 and held.issuperset(agreement.from_ids)

    def stood_for(self, name: str) -> list[str]:
        """Every cataloged item that a generic id stands for."""
        item = self.catalog.item(name)
        selection = item.stands_for if item is not None and item.generic else None
        return [] if selection is None else [member for member in self.catalog.select(selection) if member != name]

    def members(self, rule: Held, listed: Collection[str] = ()) -> list[Held]:
        """Cataloged items that a generic id stands for and that may take its place, save those a list names itself.

        A nameless item under the id says as much as any one of them, so only those count that are planned for a reason of their
        own, unless the id itself cannot be used.
        """
        item = self.catalog.item(rule.id)
        found = [name for name in self.stood_for(rule.id) if name not in listed]
        is_closed = item is None or rule.id in self._excluded or terms_offered(item, self.terms) == frozenset()
        return [replace(rule, id=name) for name in found if name not in self._excluded and (is_closed or name in self._planned)]

    def is_shared(self) -> bool:
        """Whether an item of the cone could stand for a generic id in it: then the cone is worth walking with both in mind."""
        here = {base_id(name) for name in self.items}
        return any(not here.isdisjoint(self.stood_for(name)) for name in sorted(here))

    def _want(self, version: Version, item: Credential) -> None:
        if version.item_id in self.items:
            return
        load, hours, usd = figures_of(item, self.catalog)
        if item.credits is not None and semester_credits(item.credits) is None:
            self.remark(
                f"{{names}}: {item.credits} has no sourced conversion to semester credits and weighs nothing",
                f"{{count}} items of {item.credits} each weigh nothing, since no source makes that semester credits: {{names}}",
                version.item_id,
            )
        self.items[version.item_id] = PlanItem(
            version.item_id,
            _name(item, version),
            load=load,
            hours=hours,
            usd=usd,
            offered=terms_offered(item, self.terms),
            valid_terms=terms_valid(item.validity_months, self.terms),
            sources=(item.source,),
            is_unweighed=lacks_credits(item, self.catalog),
        )
        self.queue.append(version)

    def _agreements(self, credential_id: str) -> list[Agreement]:
        return [
            agreement
            for agreement in self.catalog.agreements_to.get(credential_id, ())
            if agreement.mode == "alternative"
            and agreement.kind in CLOSING_KINDS
            and (agreement.effective_until is None or agreement.effective_until >= self.on)
        ]

    def _claim(self, agreement: Agreement, version: Version) -> Held:
        name = f"claim:{agreement.id}" + (f"#{version.copy}" if version.copy > 1 else "")
        if name not in self.items:
            # Named before its parts are looked at: an agreement may lead back to where it started.
            self.items[name] = PlanItem(name, agreement.to_text or version.id, kind="claim")
            needs: list[Requirement] = [AnyOf(self._parts_of_claim(Held(one), version)) for one in agreement.from_ids]
            item = self.catalog.item(version.id)
            if agreement.approval_first:
                what = (
                    f"approval of {agreement.institution} before you start, so that {_name(item, version) if item else version.id}"
                )
                needs.append(
                    self.confirm(f"approval of {agreement.institution} for {agreement.id}", (agreement,), f"{what} is posted")
                )
            self.items[name] = PlanItem(
                name,
                f"{_name(item, version) if item else version.id}, posted by {agreement.institution}",
                kind="claim",
                usd=fee_of(agreement),
                offered=terms_within(self.terms, agreement.effective_from, agreement.effective_until),
                corequisites=AllOf(tuple(needs)),
                sources=(agreement.source,),
            )
        return Held(name)

    def _parts_of_claim(self, rule: Held, version: Version) -> tuple[Held, ...]:
        """What one claim is made with: each of several claims under one generic id with an item of its own."""
        target = self.catalog.item(version.id)
        members = self.members(rule)
        if target is not None and target.generic:
            members = members[version.copy - 1 : version.copy]
        others = (way for member in members for way in self.ways(member))
        return tuple(dict.fromkeys((*self.ways(rule, version.copy), *others)))

    # What a reader has to know

    def remark(self, one: str, many: str, item: str = "") -> None:
        """Note something left out or assumed about an item (default: the one whose rules are being read)."""
        self._remarks.setdefault((one, many), {})[item or self.owner] = None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Everything noted, with the names of the items."""
        named = ((one, many, [name for name in about if name in self.items]) for (one, many), about in self._remarks.items())
        return tuple(Remark(one, many, tuple((name, self.items[name].name) for name in about)) for one, many, about in named)

    # Conditions and courses outside the catalog

    def know_conditions(self, rules: Iterable[Requirement]) -> None:
        """Judge the conditions of some rules; those not met by the record become items."""
        for node in (node for rule in rules for node in walk(rule) if isinstance(node, get_args(Condition))):
            if node not in self._conditions:
                met = check(node, self.record, self.on).truth is Truth.MET
                self._conditions[node] = None if met else f"condition:{name_of(node)}"

    def condition(self, rule: Condition) -> Requirement:
        """The condition, or one that makes it true."""
        self.know_conditions([rule])
        enough = [other for other in self._conditions if implies(other, rule)]
        if any(self._conditions[other] is None for other in enough):
            return NOTHING_REQUIRED
        return AnyOf(tuple(self.confirm(name_of(other)) for other in enough))

    def confirm(self, words: str, agreements: Sequence[Agreement] = (), called: str = "") -> Held:
        """An item for something an office or the learner has to confirm."""
        name, sources = f"condition:{words}", tuple(one.source for one in agreements)
        self.items.setdefault(name, PlanItem(name, called or words, kind="condition", sources=sources))
        return Held(name)

    def outside(self, selection: Select, number: int) -> Held:
        """The ``number``-th course outside the catalog that an open selection leaves to the learner."""
        words = ", ".join(value for value in (selection.subject, selection.issuer) if value) or "any subject"
        name = f"course:{words}#{number}"
        if name not in self.items:
            self.items[name] = PlanItem(name, f"a course in {words} of your choice (no. {number})", load=USUAL_COURSE)
            taken = f"outside this catalog {{}} taken to have {USUAL_COURSE} semester credits"
            self.remark(f"{{names}}: a course {taken.format('is')}", f"{{count}} courses {taken.format('are')} each", name)
        return Held(name)

    def weigh(self, name: str, credits_: Fraction) -> list[str]:
        """Give an item the weight a credit rule needs, though it may add no load of its own; its id and those of its stretches.

        Stretches of a program supply their part of its credits.
        """
        self._weighty[name] = credits_
        count = stretches(credits_, self.load_max) if self._is_divisible(name) else 1
        return [name, *(f"{name}~part{number}" for number in range(1, count))]

    def finished(self) -> dict[str, PlanItem]:
        """All items, with the weights credit rules need, and programs larger than a term in stretches."""
        weights = self._weighty
        weighed = {name: replace(item, load=max(item.load, weights.get(name, item.load))) for name, item in self.items.items()}
        weighed = {name: replace(item, is_unweighed=item.is_unweighed and not item.load) for name, item in weighed.items()}
        for name in sorted(name for name, item in weighed.items() if item.is_unweighed):
            self.remark(
                "how many credits {names} carries is not published, so it adds none to any load",
                "how many credits {count} items carry is not published, so they add none to any load: {names}",
                name,
            )
        found = spread(weighed, {name for name in weighed if not self._is_divisible(name)}, self.load_max)
        for name in sorted(weighed):
            if found[name].load < weighed[name].load:
                words = f"{{names}} is spread over terms: its {show(weighed[name].load)} credits exceed one"
                self.remark(
                    words, f"{{count}} items of {show(weighed[name].load)} credits are each spread over terms: {{names}}", name
                )
        return found

    def _is_divisible(self, name: str) -> bool:
        """What is still to be earned and is no single course."""
        item = self.catalog.item(base_id(name))
        return name not in self.held and item is not None and item.type != "course"


def base_id(name: str) -> str:
    """Catalog id of an item id.

    Examples
    --------
    >>> base_id("nb-component-1@Art"), base_id("ag-mc#3"), base_id("a~again")
    ('nb-component-1', 'ag-mc', 'a')
    """
    return name.split("~", 1)[0].split("#", 1)[0].split("@", 1)[0]


def _name(item: Credential, version: Version) -> str:
    area = f" ({version.area})" if version.area else ""
    copy = f" no. {version.copy}" if item.generic and version.copy > 1 else ""
    return f"{item.name}{area}{copy}{' (again)' if version.again else ''}"
