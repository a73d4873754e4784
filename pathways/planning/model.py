"""The time-indexed model: which item stands in which term, with step variables (done before a term) under every rule.

With ``guards`` every rule is held by a literal of its own, so that a set of rules can be found impossible together; without them
the rules are built in, which solves faster.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

from pathways.planning.problem import FactKind, Objective, Problem
from pathways.planning.scaling import scaled
from pathways.planning.trees import Leaves, Literal, Trees
from pathways.requirements.rules import NOTHING_REQUIRED, Requirement, is_monotone

Fact = tuple[FactKind, str]


class TimeModel:
    """A problem over terms.

    Parameters
    ----------
    problem : Problem
        Checked.
    ids : sequence of str
        Items that may be placed, sorted. Others never are.
    guarded : bool
        Whether rules hang on literals (``guards``).
    """

    def __init__(self, problem: Problem, ids: Sequence[str], *, guarded: bool = False) -> None:
        self.problem, self.ids, self.guarded = problem, list(ids), guarded
        self.model = cp_model.CpModel()
        self.guards: dict[Fact, Literal] = {}
        self.one, self.zero = self.model.new_constant(1), self.model.new_constant(0)
        self.amounts = scaled(problem, self.ids)
        self.length = len(problem.terms)
        self.last = self.length - 1 if problem.deadline is None else min(problem.deadline, self.length - 1)
        self.place: dict[str, dict[int, Literal]] = {}
        self._done: dict[str, list[Literal]] = {}
        for name in self.ids:
            self._steps(name)
        self.used = [self._used(term) for term in range(self.length)]
        self._after = self._afters()
        self._windows: dict[tuple[str, int, int], Literal] = {}
        self._trees = Trees(self.model, self.amounts.load, self.amounts.load_scale, self._on("groups", "") if guarded else None)
        self._load_of = [self._sum(self.amounts.load, term) for term in range(self.length)]
        self._limits()
        self._sums()
        self._asked()
        self._requirements()

    # --- literals -------------------------------------------------------------------------------------------------------

    def _on(self, kind: FactKind, about: str) -> Literal:
        """The literal a rule hangs on; always true in a model without guards."""
        if not self.guarded:
            return self.one
        fact: Fact = (kind, about)
        if fact not in self.guards:
            self.guards[fact] = self.model.new_bool_var(f"{kind} {about}")
        return self.guards[fact]

    def _rule(self, row: Any, kind: FactKind, about: str = "") -> None:
        if isinstance(row, bool):
            if not row:
                self.model.add_implication(self._on(kind, about), self.zero)
            return
        constraint = self.model.add(row)
        if self.guarded:
            constraint.only_enforce_if(self._on(kind, about))

    def _slots(self, name: str) -> list[int]:
        """Terms an item may stand in by structure; with guards that is every term."""
        problem, item = self.problem, self.problem.items[name]
        if self.guarded:
            return list(range(self.length))
        if name in problem.excluded:
            return []
        if name in problem.pins:
            return [problem.pins[name]] if problem.pins[name] <= self.last else []
        return [term for term in range(self.last + 1) if item.offered is None or term in item.offered]

    def _steps(self, name: str) -> None:
        slots, done = set(self._slots(name)), [self.zero]
        place: dict[int, Literal] = {}
        for term in range(self.length):
            if term not in slots:
                done.append(done[-1])
                continue
            place[term] = self.model.new_bool_var(f"{name}@{term}")
            if len(place) == 1:
                done.append(place[term])
                continue
            done.append(self.model.new_bool_var(""))
            self.model.add(done[-1] == done[-2] + place[term])
        self.place[name], self._done[name] = place, done

    def _used(self, term: int) -> Literal:
        here = [place[term] for place in self.place.values() if term in place]
        if not here:
            return self.zero
        used = self.model.new_bool_var("")
        for literal in here:
            self.model.add_implication(literal, used)
        self.model.add_bool_or([used.negated(), *here])
        return used

    def _afters(self) -> list[Literal]:
        """Whether any term from each one on is used; the last entry is false."""
        after = [self.zero]
        for term in reversed(range(self.length)):
            bit = self.model.new_bool_var("")
            self.model.add_max_equality(bit, [self.used[term], after[-1]])
            after.append(bit)
        return after[::-1]

    def placed(self, name: str) -> Literal:
        """Whether an item is in the plan at all."""
        return self._done[name][self.length]

    # --- what counts when -----------------------------------------------------------------------------------------------

    def _counts(self, name: str, term: int, until: int) -> Literal:
        """Whether an id done before step ``until`` counts in ``term``."""
        problem = self.problem
        if name in problem.held and name not in problem.held_until:
            return self.one
        planned = self._window(name, term, until) if name in self.place else self.zero
        if name not in problem.held:
            return planned
        if term <= problem.held_until[name]:
            return self.one
        if not self.guarded:
            return planned
        return self._loosened(name, planned, ("held", name, term, until))

    def _window(self, name: str, term: int, until: int) -> Literal:
        valid, done = self.problem.items[name].valid_terms, self._done[name]
        if valid is None or term - valid <= 0:
            return done[until]
        key = (name, term, until)
        if key not in self._windows:
            gone = done[min(term - valid, until)]
            bit = self._windows[key] = self.model.new_bool_var("")
            self.model.add(bit >= done[until] - gone)
            self.model.add_implication(bit, done[until])
            self._rule(bit + gone <= 1, "expiry", name)
        return self._windows[key]

    def _loosened(self, name: str, planned: Literal, key: tuple[Any, ...]) -> Literal:
        """A held id that lapsed: it counts again while the expiry is not enforced."""
        bit = self.model.new_bool_var(str(key))
        self.model.add_implication(planned, bit)
        self._rule(bit <= planned, "expiry", name)
        return bit

    def _counts_at_end(self, name: str) -> Literal:
        """Whether an id counts when the last used term is over."""
        problem = self.problem
        ways: list[Literal] = []
        if name in problem.held:
            until = problem.held_until.get(name)
            ways.append(self.one if until is None else self._ended_by(until, name))
        if name in self.place and (name not in problem.held or name in problem.held_until):
            ways.append(self._lasting(name))
        return self._any(ways)

    def _lasting(self, name: str) -> Literal:
        valid = self.problem.items[name].valid_terms
        if valid is None:
            return self.placed(name)
        bit = self.model.new_bool_var("")
        self.model.add_implication(bit, self.placed(name))
        for term, literal in self.place[name].items():
            ended = self._after[min(term + valid + 1, self.length)].negated()
            self.model.add_bool_or([literal.negated(), ended.negated(), bit])
            self._rule(literal + bit - ended <= 1, "expiry", name)
        return bit

    def _ended_by(self, term: int, name: str) -> Literal:
        if term + 1 >= self.length:
            return self.one
        ended = self._after[max(term + 1, 0)].negated() if term >= -1 else self.zero
        if not self.guarded:
            return ended
        return self._loosened(name, ended, ("end", name))

    def _any(self, ways: list[Literal]) -> Literal:
        if len(ways) < 2:
            return ways[0] if ways else self.zero
        bit = self.model.new_bool_var("")
        self.model.add_max_equality(bit, ways)
        return bit

    # --- rules ----------------------------------------------------------------------------------------------------------

    def _sum(self, amounts: dict[str, int], term: int) -> Any:
        names = [name for name in self.ids if amounts.get(name) and term in self.place[name]]
        return cp_model.LinearExpr.weighted_sum([self.place[name][term] for name in names], [amounts[name] for name in names])

    def _total(self, amounts: dict[str, int], names: Sequence[str] | None = None) -> Any:
        names = [name for name in (self.ids if names is None else names) if amounts.get(name)]
        return cp_model.LinearExpr.weighted_sum([self.placed(name) for name in names], [amounts[name] for name in names])

    def _limits(self) -> None:
        problem, amounts = self.problem, self.amounts
        for term in range(self.length):
            used, load = self.used[term], self._load_of[term]
            most = math.floor(problem.load_of_term.get(term, problem.load_max) * amounts.load_scale)
            self._rule(load <= most * used, "load")
            if problem.load_min > 0:
                self._rule(load >= math.ceil(problem.load_min * amounts.load_scale) * used, "minimum load")
            if problem.hours_per_week is not None:
                hours = problem.hours_per_week * problem.terms[term].weeks
                self._rule(self._sum(amounts.hours, term) <= math.floor(hours * amounts.hours_scale) * used, "hours")
            if self.guarded and term > self.last:
                self._rule(used == 0, "deadline")

    def _sums(self) -> None:
        problem, amounts = self.problem, self.amounts
        if problem.budget is not None:
            most = math.floor(Fraction(problem.budget) * amounts.usd_scale)
            self._rule(self._total(amounts.usd) <= most, "budget")
        for cap in problem.caps:
            members = [name for name in self.ids if problem.items[name].group == cap.group]
            self._rule(self._total(amounts.load, members) <= math.floor(cap.most * amounts.load_scale), "cap", cap.group)

    def _asked(self) -> None:
        problem = self.problem
        for name, term in sorted(problem.pins.items()):
            self._rule(self.place.get(name, {}).get(term, self.zero) == 1, "pin", name)
        for name in sorted(problem.required - problem.held):
            self._rule((self.placed(name) if name in self.place else self.zero) == 1, "pin", name)
        if not self.guarded:
            return
        for name in self.ids:
            if name in problem.excluded:
                self._rule(self.placed(name) == 0, "excluded", name)
            offered = problem.items[name].offered
            for term, literal in self.place[name].items():
                if offered is not None and term not in offered:
                    self._rule(literal == 0, "offered", name)

    def _requirements(self) -> None:
        problem = self.problem
        self._trees.require(problem.goal, Leaves(self._counts_at_end), self._on("goal", ""))
        before = [self._leaves(term, term) for term in range(self.length)]
        by_end = [self._leaves(term, term + 1) for term in range(self.length)]
        lapsing = {name for name in self.ids if problem.items[name].valid_terms is not None} | set(problem.held_until)
        for name in self.ids:
            item = problem.items[name]
            self._needs(name, item.requires, before, "prerequisite", lapsing)
            self._needs(name, item.corequisites, by_end, "corequisite", lapsing)

    def _leaves(self, term: int, until: int) -> Leaves:
        memo: dict[str, Literal] = {}

        def literal(name: str) -> Literal:
            if name not in memo:
                memo[name] = self._counts(name, term, until)
            return memo[name]

        return Leaves(literal)

    def _needs(self, name: str, tree: Requirement, leaves: list[Leaves], kind: FactKind, lapsing: set[str]) -> None:
        """What an item needs, in every term it may stand in.

        A tree that stays true once true may be asked of the step instead of the placement: a stronger relaxation.
        """
        if tree == NOTHING_REQUIRED:
            return
        stays = is_monotone(tree) and not lapsing
        guard_of: Callable[[int], Literal] = (
            (lambda term: self._done[name][term + 1]) if stays else (lambda term: self.place[name][term])
        )
        for term in self.place[name]:
            guard = guard_of(term)
            if self.guarded:
                both, fact = self.model.new_bool_var(""), self._on(kind, name)
                self.model.add_bool_or([guard.negated(), fact.negated(), both])
                guard = both
            self._trees.require(tree, leaves[term], guard)

    # --- objectives -----------------------------------------------------------------------------------------------------

    def objective(self, name: Objective) -> Any:
        """What one objective makes small, in whole numbers."""
        match name:
            case "terms":
                return sum(self._after[: self.length])
            case "cost":
                return self._total(self.amounts.usd)
            case "hours":
                return self._total(self.amounts.hours)
            case "balance":
                return self._spread()

    def _spread(self) -> Any:
        """Largest less smallest load of the used terms."""
        top = sum(self.amounts.load.get(name, 0) for name in self.ids)
        high, low = self.model.new_int_var(0, top, ""), self.model.new_int_var(0, top, "")
        self.model.add(low <= high)
        for used, load in zip(self.used, self._load_of, strict=True):
            self.model.add(high >= load)
            self.model.add(low <= load).only_enforce_if(used)
        return high - low

    def unit(self, name: Objective) -> int:
        """What one whole number of an objective is divided by."""
        scales = {"terms": 1, "cost": self.amounts.usd_scale, "hours": self.amounts.hours_scale}
        return scales.get(name, self.amounts.load_scale)

    def fewest(self) -> Any:
        """Fewest items, then the first by id: what settles a tie between plans that are equally good."""
        width = (len(self.ids) + 1) ** 2
        return cp_model.LinearExpr.weighted_sum(
            [self.placed(name) for name in self.ids], [width + rank for rank in range(len(self.ids))]
        )

    def early(self, names: Sequence[str]) -> Any:
        """Each of these items early, those first by id before others."""
        width = (len(names) + 1) ** 2 * self.length
        rows = [
            (literal, term * (width + len(names) - rank))
            for rank, name in enumerate(names)
            for term, literal in self.place[name].items()
        ]
        return cp_model.LinearExpr.weighted_sum([one for one, _ in rows], [weight for _, weight in rows])
