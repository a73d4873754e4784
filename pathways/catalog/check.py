"""What the rows of a catalog say of each other: references, lists that can be met, totals that can be reached, no rings.

:func:`errors` runs on every load and is cheap. :func:`check` adds what a person who keeps the data wants to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from pathways.catalog.cycles import cycles
from pathways.catalog.entities import Catalog, RequirementRow
from pathways.credential import Credential, Select, Source
from pathways.errors import DataProblem
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Held,
    Node,
    children_of,
    held_ids,
    walk,
)  # fmt: skip
from pathways.text_files import Nearest, did_you_mean, shown
from pathways.units import convert, converts, show

#: Forms inside one another that a catalog may have. The deepest published rule has four; answers nest as deep as their rules, and
#: neither JSON writers nor readers go on without end.
MAX_NESTED = 120
#: More than any list: stands for "no bound known".
_UNBOUNDED = Fraction(10**9)


def errors(catalog: Catalog) -> list[DataProblem]:
    """Problems that make a catalog unfit to load.

    Parameters
    ----------
    catalog : Catalog
        As far as its rows could be read.

    Returns
    -------
    list of DataProblem
        Rules nested too deep (the other checks wait until there is none), unknown ids, empty selections, more items or credits
        asked than a closed list holds, parts that cannot add up to the whole, rings. Empty when all is well.
    """
    if too_deep := list(_too_deep(catalog)):
        return too_deep
    return [*_references(catalog), *_generics(catalog), *_rules(catalog), *_short_parts(catalog), *_rings(catalog)]


def check(catalog: Catalog) -> list[DataProblem]:
    """Problems of a catalog that loads all the same: rows that repeat each other, agreements that count a thing toward itself.

    Returns
    -------
    list of DataProblem
        Empty when all is well.
    """
    return [*errors(catalog), *_repeats(catalog), *_to_itself(catalog)]


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a catalog, for a person who keeps it."""

    version: str
    credentials_by_type: dict[str, int]
    requirements_by_kind: dict[str, int]
    agreements_by_kind: dict[str, int]
    policies_by_kind: dict[str, int]
    policies_computable: int
    findings: int
    findings_of_effect: int
    without_requirements_by_type: dict[str, int]
    generic: int
    unknown_hours: int
    unknown_cost: int


def summary(catalog: Catalog) -> Summary:
    """Count what a catalog holds and what it leaves open."""
    items = catalog.credentials.values()
    return Summary(
        version=catalog.version,
        credentials_by_type=_counts(item.type for item in items),
        requirements_by_kind=_counts(row.kind for row in catalog.requirements),
        agreements_by_kind=_counts(item.kind for item in catalog.agreements),
        policies_by_kind=_counts(item.kind for item in catalog.policies),
        policies_computable=sum(item.computable for item in catalog.policies),
        findings=len(catalog.findings),
        findings_of_effect=sum(item.shows_effect for item in catalog.findings),
        without_requirements_by_type=_counts(item.type for item in items if not catalog.has_requirements(item.id)),
        generic=sum(item.generic for item in items),
        unknown_hours=sum(item.hours is None for item in items),
        unknown_cost=sum(item.cost_usd is None for item in items),
    )


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def _problem(source: Source, column: str, found: str, expected: str, suggestion: str = "") -> DataProblem:
    return DataProblem(source.file, source.row, column, found, expected, suggestion)


def _too_deep(catalog: Catalog) -> Iterator[DataProblem]:
    for row in catalog.requirements:
        depth = 0
        level: list[Node] = [row.rule]
        while level:
            depth, level = depth + 1, [child for node in level for child in children_of(node)]
        if depth > MAX_NESTED:
            expected = f"at most {MAX_NESTED} forms inside one another"
            yield _problem(row.source, "expression", f"{depth} forms inside one another", expected)


def _references(catalog: Catalog) -> Iterator[DataProblem]:
    known, nearest = catalog.credentials, Nearest(catalog.credentials)

    def unknown(source: Source, column: str, ids: Iterable[str]) -> Iterator[DataProblem]:
        for item in ids:
            if item not in known:
                yield _problem(source, column, shown(item), "an id of credentials.csv", nearest(item))

    for row in catalog.requirements:
        yield from unknown(row.source, "credential_id", (row.credential_id,))
        yield from unknown(row.source, "expression", held_ids(row.rule))
    for item in catalog.agreements:
        yield from unknown(item.source, "from_ids", item.from_ids)
        yield from unknown(item.source, "to_id", (item.to_id,) if item.to_id else ())
    for policy in catalog.policies:
        if isinstance(policy.applies_to, Select):
            yield from _empty(policy.source, "applies_to", policy.applies_to, catalog)
        else:
            yield from unknown(policy.source, "applies_to", policy.applies_to)
    for finding in catalog.findings:
        if not finding.credential_id.startswith("topic:"):
            yield from unknown(finding.source, "credential_id", (finding.credential_id,))


def _empty(source: Source, column: str, selection: Select, catalog: Catalog) -> Iterator[DataProblem]:
    if not _is_empty(selection, catalog):
        return
    wanted = {"issuer": selection.issuer, "subject": selection.subject, "type": selection.type}
    words = ", ".join(f"{name}={shown(value)}" for name, value in wanted.items() if value is not None)
    hints = [
        did_you_mean(value, {str(getattr(item, name)) for item in catalog.credentials.values()}, count=1)
        for name, value in wanted.items()
        if value is not None and not any(getattr(item, name) == value for item in catalog.credentials.values())
    ]
    hint = " ".join(filter(None, hints)) or "Add the flag open if any college's items of that kind count."
    yield _problem(source, column, f"select({words}), which is empty in this catalog", "a selection with at least one item", hint)


def _generics(catalog: Catalog) -> Iterator[DataProblem]:
    for item in catalog.credentials.values():
        if item.stands_for is not None and not any(member != item.id for member in catalog.select(item.stands_for)):
            expected = "a selection with at least one other item, or a blank cell"
            yield _problem(item.source, "stands_for", "a selection of nothing but the row itself", expected)


def _rules(catalog: Catalog) -> Iterator[DataProblem]:
    for row in catalog.requirements:
        for node in walk(row.rule):
            match node:
                case Select():
                    yield from _empty(row.source, "expression", node, catalog)
                case AtLeast() | CreditsFrom() if any(_is_empty(child, catalog) for child in node.children):
                    pass  # named already; a total over nothing would only say it again
                case AtLeast():
                    yield from _too_many(row, node, catalog)
                case CreditsFrom():
                    yield from _too_much(row, node, catalog)
                case _:
                    pass


def _is_empty(node: Node, catalog: Catalog) -> bool:
    return isinstance(node, Select) and not node.open and not catalog.select(node)


def _too_many(row: RequirementRow, node: AtLeast, catalog: Catalog) -> Iterator[DataProblem]:
    """More items asked than a closed list holds. A generic id counts as often as it is held where ``distinct`` says so."""
    ids: set[str] = set()
    others = 0
    for child in node.children:
        match child:
            case Select(open=True):
                return
            case Select():
                ids.update(catalog.select(child))
            case Held():
                ids.add(child.id)
            case _:
                others += 1
    if node.distinct and any(item is None or item.generic for item in map(catalog.item, ids)):
        return
    if node.n > len(ids) + others:
        found = f"at_least({node.n}, ...) of {len(ids) + others} different items"
        yield _problem(
            row.source, "expression", found, "no more items than the list holds", "Use open_all(...) for a list known in part."
        )


def _too_much(row: RequirementRow, node: CreditsFrom, catalog: Catalog) -> Iterator[DataProblem]:
    """More credits asked than the items of a closed list can supply, all of their credits being known."""
    unit = node.unit or _shared_unit(node, catalog)
    if unit is None:
        return
    reach = _reach(node, node, unit, catalog, set())
    if reach < node.min_credits:
        found = f"credits({show(node.min_credits)} {unit}, ...) from items that supply {show(reach)}"
        yield _problem(
            row.source,
            "expression",
            found,
            "no more credits than the items can supply",
            "Use open_all(...) for a list known in part.",
        )


def _members(node: Node, catalog: Catalog) -> Iterator[Credential | None]:
    """Items a list may draw on; None for one without a bound: an open selection, or an id that is not defined."""
    for child in walk(node):
        match child:
            case Select(open=True):
                yield None
            case Select():
                yield from map(catalog.item, catalog.select(child))
            case Held():
                yield catalog.item(child.id)
            case _:
                pass


def _shared_unit(node: CreditsFrom, catalog: Catalog) -> str | None:
    units = [item.credits.unit for item in _members(node, catalog) if item and item.credits]
    return "semester" if "semester" in units else next(iter(units), None)


def _reach(rule: CreditsFrom, node: CreditsFrom | AtMostCredits, unit: str, catalog: Catalog, seen: set[str]) -> Fraction:
    """Most credits of the unit that the items of a list can supply; caps inside it are applied, items counted once.

    Caps come first: they hold for their items wherever else the rule lists them.
    """
    total = Fraction(0)
    for child in sorted(node.children, key=lambda child: not isinstance(child, AtMostCredits)):
        if isinstance(child, AtMostCredits):
            total += min(child.max_credits, _reach(rule, child, unit, catalog, seen))
            continue
        for item in _members(child, catalog):
            if item is None or item.generic or item.credits is None:
                total += _UNBOUNDED
            elif item.id not in seen and converts(item.credits.unit, unit) and _level_fits(rule, item):
                seen.add(item.id)
                total += convert(item.credits.amount, item.credits.unit, unit)
    return total


def _level_fits(rule: CreditsFrom, item: Credential) -> bool:
    return rule.level is None or item.level is None or item.level == rule.level


def _short_parts(catalog: Catalog) -> Iterator[DataProblem]:
    """Closed lists of parts, all of their credits known, that supply fewer credits than the whole is said to have."""
    for item, rows in catalog.rows_by_credential.items():
        whole, parts = catalog.item(item), [row for row in rows if row.kind == "component"]
        if whole is None or whole.credits is None or not parts:
            continue
        nodes = [node for row in parts for node in walk(row.rule)]
        if not all(isinstance(node, AllOf | AnyOf | AtLeast | CreditsFrom | Conflict | Held) for node in nodes):
            continue
        total = _sum_of({node.id for node in nodes if isinstance(node, Held)}, whole.credits.unit, catalog)
        if total < whole.credits.amount:
            found = f"parts that supply {show(total)} of the {whole.credits} of {shown(item)}"
            hint = "Use open_all(...) for a list known in part."
            yield _problem(parts[0].source, "expression", found, "parts that can add up to the whole", hint)


def _sum_of(ids: Iterable[str], unit: str, catalog: Catalog) -> Fraction:
    """All credits of some items; without bound where one of them is generic, unknown or in another unit."""
    total = Fraction(0)
    for item in map(catalog.item, ids):
        if item is None or item.generic or item.credits is None or not converts(item.credits.unit, unit):
            return _UNBOUNDED
        total += convert(item.credits.amount, item.credits.unit, unit)
    return total


def _rings(catalog: Catalog) -> Iterator[DataProblem]:
    for ring, row in cycles(catalog):
        shortened = ring if len(ring) <= 12 else (*ring[:6], "...", *ring[-5:])
        found = f"a ring of requirements, {' -> '.join(shortened)}"
        yield _problem(row.source, "expression", found, "requirements that never lead back to themselves")


def _repeats(catalog: Catalog) -> Iterator[DataProblem]:
    rules: dict[tuple[str, str, object], RequirementRow] = {}
    for row in catalog.requirements:
        first = rules.setdefault((row.credential_id, row.kind, row.rule), row)
        if first is not row:
            yield _problem(row.source, "expression", f"the rule of row {first.source.row} again", "each rule once")


def _to_itself(catalog: Catalog) -> Iterator[DataProblem]:
    for item in catalog.agreements:
        if item.to_id in item.from_ids:
            yield _problem(item.source, "to_id", shown(item.to_id or ""), "something else than what is counted")
