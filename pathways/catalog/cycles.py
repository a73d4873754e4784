"""Requirements that lead back to themselves: strongly connected components, found without recursion."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from pathways.catalog.entities import Catalog, RequirementRow
from pathways.requirements.rules import Held, NoneOf, Requirement, children_of


def needed_ids(rule: Requirement) -> tuple[str, ...]:
    """Ids a rule asks for, each once; what stands inside ``none`` is asked *not* to be held and is left out."""
    found: dict[str, None] = {}
    stack: list[object] = [rule]
    while stack:
        node = stack.pop()
        if isinstance(node, Held):
            found[node.id] = None
        elif not isinstance(node, NoneOf):
            stack.extend(reversed(children_of(node)))  # type: ignore[arg-type]
    return tuple(found)


def cycles(catalog: Catalog) -> Iterator[tuple[tuple[str, ...], RequirementRow]]:
    """Rings of component and prerequisite rows.

    Yields
    ------
    ids : tuple of str
        A shortest ring, its first id repeated at the end: ``("a", "b", "a")``. One ring for each knot of ids.
    row : RequirementRow
        The row of the first id that asks for the second.
    """
    rows = [row for row in catalog.requirements if row.kind in ("component", "prerequisite")]
    needs: dict[str, list[str]] = {}
    for row in rows:
        needs.setdefault(row.credential_id, []).extend(needed_ids(row.rule))
    for knot in _knots(needs):
        ring = _ring(needs, knot)
        if ring:
            yield ring, next(row for row in rows if row.credential_id == ring[0] and ring[1] in needed_ids(row.rule))


def _knots(edges: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Strongly connected components (Tarjan 1972), with a stack of its own so that a chain of any length is walked."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    trail: list[str] = []
    on_trail: set[str] = set()
    for root in edges:
        work = [(root, iter(edges[root]))] if root not in index else []
        while work:
            node, rest = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                trail.append(node)
                on_trail.add(node)
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    knot = [trail.pop()]
                    while knot[-1] != node:
                        knot.append(trail.pop())
                    knot.reverse()
                    on_trail.difference_update(knot)
                    yield knot
            elif step not in index:
                work.append((step, iter(edges.get(step, ()))))
            elif step in on_trail:
                low[node] = min(low[node], index[step])


def _ring(edges: Mapping[str, Sequence[str]], knot: Sequence[str]) -> tuple[str, ...]:
    """Find a shortest way from the first id of a knot back to itself; empty for one id that does not ask for itself."""
    start, inside = knot[0], set(knot)
    before: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for step in edges.get(node, ()):
            if step == start:
                way = [node]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return (*reversed(way), start)
            if step in inside and step not in before:
                before[step] = node
                queue.append(step)
    return ()
