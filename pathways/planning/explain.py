"""Why there is no plan: the smallest conflict, told from the goal downward, with changes that were solved again.

Each fact of the reason is needed: without any one of them there is a plan (where ``minimal`` is True). Facts that are not named
play no part in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from pathways.credential import Source
from pathways.planning.bounds import Selection, bounds, room, term_count
from pathways.planning.changes import changes
from pathways.planning.conflict import Conflict, conflict
from pathways.planning.facts import keeping
from pathways.planning.problem import Change, FactKind, Infeasible, PlanFact, Problem
from pathways.planning.relaxed import NEVER, cone, earliest_terms
from pathways.planning.scaling import as_usd
from pathways.planning.solving import Clock
from pathways.requirements.describe import describe
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, CreditsFrom, Held, Requirement, held_ids, walk
from pathways.units import show, unit_words

#: From the goal downward: what is asked, what that needs, when it is given, what the learner allows.
TOLD: tuple[FactKind, ...] = (
    "goal", "prerequisite", "corequisite", "groups", "cap", "expiry", "offered", "closed", "no route", "excluded", "pin", "budget",
    "hours", "minimum load", "load", "deadline",
)  # fmt: skip
#: A requirement longer than this is named, not quoted.
LONGEST_QUOTE = 240


def explain(problem: Problem, clock: Clock) -> Infeasible:
    """The reason why a problem has no plan.

    Parameters
    ----------
    problem : Problem
        Checked, and proven to have no plan.
    clock : Clock
        Where its time ends the search, the set is larger than need be (``minimal`` False) or changes are missing.

    Returns
    -------
    Infeasible
    """
    found = conflict(problem, clock)
    needed = _needed_load(problem, found, clock)
    facts = _facts(_Teller(problem, found, clock, needed), found)
    ways = changes(problem, found.facts, clock)
    return Infeasible(facts, found.is_minimal, _text(problem, facts, ways, _shortfall(problem, found, needed)), ways)


def _facts(teller: _Teller, found: Conflict) -> tuple[PlanFact, ...]:
    ordered = sorted(found.facts, key=lambda fact: (TOLD.index(fact[0]), fact[1]))
    return tuple(PlanFact(kind, about, teller.text(kind, about), teller.sources(kind, about)) for kind, about in ordered)


def _text(problem: Problem, facts: tuple[PlanFact, ...], ways: tuple[Change, ...], shortfall: str) -> str:
    # The deadline stands in the headline, so it is not told a second time.
    by = next((f" by {fact.text.removeprefix('The plan ends with ')}" for fact in facts if fact.kind == "deadline"), "")
    told = [fact.text for fact in facts if fact.kind != "deadline"]
    numbered = " ".join(f"({number}) {text}." for number, text in enumerate(told, 1))
    text = " ".join(part for part in (f"No plan reaches *{problem.name}*{by}.", numbered, shortfall) if part)
    if not ways:
        return text
    lead = {1: "This would work", 2: "Either would work"}.get(len(ways), "Any of these would work")
    listed = "; or ".join(one.text for one in ways)
    return f"{text} {lead}: {listed}."


def _needed_load(problem: Problem, found: Conflict, clock: Clock) -> Fraction | None:
    """Least load any plan takes by the facts of the reason, without regard to terms; None where load plays no part."""
    if ("load", "") not in found.facts:
        return None
    loose = keeping(problem, [fact for fact in found.facts if fact not in {("load", ""), ("deadline", "")}])
    return bounds(loose, cone(loose), clock).load


def _shortfall(problem: Problem, found: Conflict, needed: Fraction | None) -> str:
    """What does not fit, where a sum shows it."""
    space = room(problem, term_count(problem))
    if needed is None or needed <= space or ("deadline", "") not in found.facts:
        return ""
    over = needed - space
    return f"So {show(over)} {unit_words(problem.load_unit, over)} {'does' if over == 1 else 'do'} not fit."


class _Teller:
    """Sentences, without their full stop, for the facts of one reason."""

    def __init__(self, problem: Problem, found: Conflict, clock: Clock, needed: Fraction | None) -> None:
        self._problem, self._found, self._clock = problem, found, clock
        self._needed = needed

    def sources(self, kind: FactKind, about: str) -> tuple[Source, ...]:
        """Where a fact was read."""
        problem = self._problem
        if kind == "goal":
            return problem.goal_sources
        if kind == "cap":
            return tuple(cap.source for cap in problem.caps if cap.group == about and cap.source is not None)
        if kind in {"prerequisite", "corequisite", "offered", "expiry"} and about in problem.items:
            return problem.items[about].sources
        return ()

    def text(self, kind: FactKind, about: str) -> str:
        """One fact, said with what it is about."""
        tellers: Mapping[FactKind, Callable[[str], str]] = {
            "goal": lambda _: self._goal(),
            "prerequisite": lambda name: self._needs(name, self._problem.items[name].requires, "first"),
            "corequisite": lambda name: self._needs(name, self._problem.items[name].corequisites, "before or beside it"),
            "groups": lambda _: "Nothing may count in two groups, unless a share allows it",
            "cap": self._cap,
            "expiry": self._expiry,
            "offered": self._offered,
            "excluded": lambda name: f"{self._name(name)} is excluded",
            "pin": self._pin,
            "budget": lambda _: self._budget(),
            "hours": lambda _: self._hours(),
            "minimum load": lambda _: self._least_load(),
            "load": lambda _: self._load(),
            "deadline": lambda _: f"The plan ends with {self._last}",
        }
        return tellers[kind](about)

    @property
    def _last(self) -> str:
        return self._problem.terms[term_count(self._problem) - 1].name

    def _name(self, name: str) -> str:
        return self._problem.items[name].name if name in self._problem.items else name

    def _credits(self, load: Fraction) -> str:
        return f"{show(load)} {unit_words(self._problem.load_unit, load)}"

    def _goal(self) -> str:
        problem = self._problem
        if self._needed and ("deadline", "") in self._found.facts:
            named = held_ids(problem.goal)
            has = sum((problem.items[name].load for name in named if name in problem.held and name in problem.items), Fraction(0))
            if has:
                return f"You hold {show(has)} of its {self._credits(has + self._needed)}, so at least {show(self._needed)} remain"
            return f"It takes at least {self._credits(self._needed)}"
        return f"It needs {self._quote(problem.goal)}{self._unknown(problem.goal)}"

    def _needs(self, name: str, tree: Requirement, when: str) -> str:
        return f"{self._name(name)} needs {when}: {self._quote(tree)}{self._unknown(tree)}"

    def _quote(self, tree: Requirement) -> str:
        text = describe(tree, self._name)
        if any(isinstance(node, CreditsFrom) for node in walk(tree)):
            items = [self._problem.items[name] for name in held_ids(tree) if name in self._problem.items]
            text += f" ({', '.join(f'{item.name} has {show(item.load)}' for item in items)})" if items else ""
        return text if len(text) <= LONGEST_QUOTE else self._summary(tree)

    def _summary(self, tree: Requirement) -> str:
        """A long rule by its kind and number of items; a nested one says so."""
        count = len(held_ids(tree))
        if isinstance(tree, AllOf | AnyOf | AtLeast) and all(isinstance(child, Held) for child in tree.children):
            return f"{describe(tree, self._name).partition(': ')[0]} {count} items"
        return f"what its rule over {count} items asks"

    def _unknown(self, tree: Requirement) -> str:
        """Ids that nobody here gives: often the whole reason."""
        problem = self._problem
        lost = [node.id for node in walk(tree) if isinstance(node, Held) and node.id not in problem.items.keys() | problem.held]
        names = ", ".join(dict.fromkeys(lost))
        return f"; no route to {names} is known here" if names and len(names) <= LONGEST_QUOTE else ""

    def _cap(self, group: str) -> str:
        most = min(cap.most for cap in self._problem.caps if cap.group == group)
        return f"At most {self._credits(most)} of {group} count"

    def _expiry(self, name: str) -> str:
        problem = self._problem
        if name in problem.held_until:
            until = problem.held_until[name]
            when = problem.terms[until].name if 0 <= until < len(problem.terms) else "the first term begins"
            return f"{self._name(name)}, which you hold, counts until {when}"
        valid = problem.items[name].valid_terms or 0
        return f"{self._name(name)} lapses {valid} term{'' if valid == 1 else 's'} after its own"

    def _offered(self, name: str) -> str:
        problem = self._problem
        offered = problem.items[name].offered or frozenset()
        terms = [problem.terms[term].name for term in sorted(offered) if 0 <= term < term_count(problem)]
        if not terms:
            return f"{self._name(name)} is not offered in any term to {self._last}"
        text = f"{self._name(name)} is offered only in {', '.join(terms)}"
        first = earliest_terms(keeping(problem, self._found.facts), [*cone(problem)]).get(name, NEVER)
        return text + (", before what it needs can be done" if first == NEVER else "")

    def _pin(self, name: str) -> str:
        problem = self._problem
        if name in problem.pins:
            return f"You put {self._name(name)} in {problem.terms[problem.pins[name]].name}"
        return f"You want {self._name(name)} in the plan"

    def _budget(self) -> str:
        problem = self._problem
        loose = keeping(problem, [fact for fact in self._found.facts if fact[0] != "budget"])
        times = earliest_terms(loose, cone(loose))
        selection = Selection(loose, list(times), times)
        solved = selection.least(selection.amounts.usd, self._clock, "least cost")
        least = as_usd(solved.bound, selection.amounts.usd_scale) if solved.has_plan else None
        over = least is not None and problem.budget is not None and least > problem.budget
        return f"The budget is ${problem.budget:,}" + (f", and the known prices come to at least ${least:,}" if over else "")

    def _least_load(self) -> str:
        text = f"Each term that is used must carry at least {self._credits(self._problem.load_min)}"
        return text if self._problem.optional else f"{text}, and what the target can use does not fill them"

    def _hours(self) -> str:
        """What the week leaves room for, and what does not fit in it: the hours of a week alone explain nothing."""
        problem, count = self._problem, term_count(self._problem)
        weekly = problem.hours_per_week or Fraction(0)
        text = f"You have {self._time(weekly)} a week"
        if ("deadline", "") in self._found.facts:
            terms = "the one term" if count == 1 else f"the {count} terms"
            space = sum((weekly * term.weeks for term in problem.terms[:count]), Fraction(0))
            least = self._needed_hours()
            over = f", and it takes at least {self._time(least)}" if least is not None and least > space else ""
            return f"{text}, so {terms} to {self._last} hold{'s' if count == 1 else ''} {self._time(math.floor(space))}{over}"
        most = max(weekly * term.weeks for term in problem.terms)
        timed = [(item.name, item.hours) for item in (problem.items[name] for name in cone(problem)) if item.hours is not None]
        listed = " and ".join(f"{name} takes {self._time(hours)}" for name, hours in timed if hours > most)
        text += f", so a term holds {self._time(math.floor(most))} at most"
        return f"{text}, and {listed}" if listed and len(listed) <= LONGEST_QUOTE else text

    @staticmethod
    def _time(hours: Fraction | int) -> str:
        return f"{show(Fraction(hours))} hour{'' if hours == 1 else 's'}"

    def _needed_hours(self) -> Fraction | None:
        """Fewest known hours any plan takes by the facts of the reason, without regard to terms; None where none was proven."""
        loose = keeping(self._problem, [fact for fact in self._found.facts if fact[0] not in {"hours", "deadline"}])
        times = earliest_terms(loose, cone(loose))
        selection = Selection(loose, list(times), times)
        solved = selection.least(selection.amounts.hours, self._clock, "least hours")
        return Fraction(solved.bound, selection.amounts.hours_scale) if solved.has_plan else None

    def _load(self) -> str:
        problem, count = self._problem, term_count(self._problem)
        text = f"At {self._credits(problem.load_max)} a term"
        single = [
            f"{show(most)} in {problem.terms[term].name}" for term, most in sorted(problem.load_of_term.items()) if term < count
        ]
        text += f" ({', '.join(single)})" if single else ""
        if ("deadline", "") not in self._found.facts:
            heavy = [item for item in (problem.items[name] for name in cone(problem)) if item.load > problem.load_max]
            listed = ", ".join(f"{item.name} ({show(item.load)})" for item in heavy)
            room_for = listed if listed and len(listed) <= LONGEST_QUOTE else "everything that has to stand in one term"
            return f"{text} there is no room for {room_for}"
        terms = "the one term" if count == 1 else f"the {count} terms"
        return f"{text}, {terms} to {self._last} hold{'s' if count == 1 else ''} {show(room(problem, count))}"
