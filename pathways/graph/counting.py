"""Counting rules as thresholds: so many items of a list, so many credits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, lcm

from pathways.credential import Select
from pathways.graph.credit_weights import credits_toward, shared_unit
from pathways.graph.flags import Flag
from pathways.graph.gates import Exotic, GateBuilder, Ref
from pathways.requirements.rules import AtLeast, AtMostCredits, CreditsFrom, Held, Requirement
from pathways.units import show, unit_words


class CountingBuilder(GateBuilder):
    """Adds ``at_least`` and ``credits``."""

    def _at_least(self, rule: AtLeast, trees: Sequence[Ref]) -> Ref:
        """``trees`` are the children that are rules of their own, already made."""
        ids, selections = self._listed(child for child in rule.children if isinstance(child, Select) or is_wide(child))
        refs: dict[Ref, None] = {}
        for item in ids:
            if not rule.distinct or item not in self.out.copy_nodes:
                refs.setdefault(self._held(Held(item)) if not rule.distinct else Ref(False, self._index.get(item, -1)))
                continue
            refs.update(dict.fromkeys(Ref(False, number) for number in self._copies(item, rule.n)))
            refs.update(dict.fromkeys(Ref(False, self._index[member]) for member in self._members.get(item, ())))
        found = [ref for ref in refs if ref.gate or ref.number >= 0]
        children = [(ref, 1) for ref in (*found, *trees)]
        wide = tuple(selection for selection in selections if selection.open)
        flags = Flag.OPEN_SELECTION if wide else 0
        if wide:
            offered = sum(ref.gate or self.out.earnable[ref.number] for ref, _ in children)
            own = tuple(self._own(wide, f"#{number + 1}") for number in range(max(0, rule.n - offered)))
            children += [(Ref(False, number), 1) for number in own]
            self.out.open_items.append((wide, own, None, None, ""))
        return self._gate(rule.n, children, flags)

    def _own(self, selections: Sequence[Select], mark: str = "") -> int:
        return self._atom(f"{' or '.join(map(_words, selections))}, outside this catalog{mark and ' ' + mark}")

    def _credits(self, rule: CreditsFrom) -> Ref:
        ids, selections = self._listed(rule.children)
        items = [item for item in ids if item in self._index]
        unit = rule.unit or shared_unit([self.catalog.credentials[item] for item in items])
        known, unknown = self._weigh(items, rule, unit)
        wide = tuple(selection for selection in selections if selection.open)
        flags = (Flag.OPEN_SELECTION if wide else 0) | (Flag.CREDITS_UNKNOWN if unknown else 0)
        wanted, amounts = self._balance(rule.min_credits, known, unknown, wide, unit)
        scale = lcm(wanted.denominator, *(value.denominator for value in amounts.values()))
        need, weights = int(wanted * scale), {number: int(value * scale) for number, value in amounts.items()}
        caps = [child for child in rule.children if isinstance(child, AtMostCredits)]
        if not caps and not flags:
            return self._gate(need, [(Ref(False, number), weight) for number, weight in weights.items()])
        ref = Ref(True, len(self.out.gates))
        children = tuple((Ref(False, number), min(weight, need)) for number, weight in weights.items())
        self.out.gates.append((need, children, int(flags | (Flag.EXACT_NEEDED if caps else 0))))
        self.out.rules[ref.number] = rule
        if caps:
            self.out.exotic[ref.number] = (self._capped(rule, caps, weights, scale=scale, need=need), ())
        if wide:
            self.out.open_items.append((wide, (), ref, rule.min_credits, unit))
        return ref

    def _balance(
        self, wanted: Fraction, known: dict[int, Fraction], unknown: Sequence[int], wide: Sequence[Select], unit: str
    ) -> tuple[Fraction, dict[int, Fraction]]:
        """Minimum and weights: credits where those published reach, with one item for the rest of an open selection; else items."""
        reachable = sum((value for number, value in known.items() if self.out.earnable[number]), Fraction(0))
        if reachable < wanted and wide:
            rest = wanted - reachable
            return wanted, {**known, self._own(wide, f"({show(rest)} {unit_words(unit, rest)})"): rest}
        if reachable >= wanted or not unknown:
            return wanted, known
        items = dict.fromkeys((*known, *unknown), Fraction(1))
        return Fraction(sum(self.out.earnable[number] for number in items)), items

    def _capped(
        self, rule: CreditsFrom, caps: Sequence[AtMostCredits], weights: dict[int, int], *, scale: int, need: int
    ) -> Exotic:
        """Items under some cap, and the others. A cap holds for its items wherever else the rule lists them, as in an audit."""
        rows = [[(number, weights[number]) for number in self._numbers(cap.children) if number in weights] for cap in caps]
        under = {number for row in rows for number, _ in row}
        outside = [child for child in rule.children if not isinstance(child, AtMostCredits)]
        free = [(number, weights[number]) for number in self._numbers(outside) if number in weights and number not in under]
        limits = [int(cap.max_credits * scale) for cap in caps]
        return Exotic(free=tuple(free), caps=tuple(zip(limits, map(tuple, rows), strict=True)), need=need)

    def _numbers(self, children: Iterable[object]) -> list[int]:
        ids, _ = self._listed(children)
        versions = (
            [self._index[item], *self.out.copy_nodes.get(item, ()), *self._versions(item)] for item in ids if item in self._index
        )
        return list(dict.fromkeys(number for row in versions for number in row))

    def _weigh(self, items: Sequence[str], rule: CreditsFrom, unit: str) -> tuple[dict[int, Fraction], list[int]]:
        """Nodes with their credits in the rule's unit, and nodes whose credits or level no page states."""
        known: dict[int, Fraction] = {}
        unknown: dict[int, None] = {}
        for item in items:
            value = credits_toward(self.catalog.credentials[item], rule, unit)
            if value is not None and value <= 0:
                continue
            for number in self._supply(item, value, rule.min_credits):
                if value is None:
                    unknown.setdefault(number)
                else:
                    known.setdefault(number, value)
        return known, [number for number in unknown if number not in known]

    def _supply(self, item: str, value: Fraction | None, wanted: Fraction) -> list[int]:
        if item not in self.out.copy_nodes:
            return [self._index[item]]
        copies = self._copies(item, ceil(wanted / value) if value else 1)
        return [*copies, *(self._index[member] for member in self._members.get(item, ()))]


def is_wide(child: Requirement) -> bool:
    """Whether a child is a listed id, any area of it."""
    return isinstance(child, Held) and child.area is None


def _words(selection: Select) -> str:
    parts = (selection.subject, selection.type or "item", f"from {selection.issuer}" if selection.issuer else None)
    return " ".join(part for part in parts if part)
