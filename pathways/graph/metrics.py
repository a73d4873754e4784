"""Curriculum metrics: how much hangs on each course, and how long the chain through it is.

References
----------
G. L. Heileman, C. T. Abdallah, A. Slim, M. Hickman (2018), Curricular Analytics: A Framework for Quantifying the Impact of
Curricular Reforms and Pedagogical Innovations, arXiv:1811.09676.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pathways.errors import DataError, DataProblem

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, slots=True)
class CourseMetrics:
    """Metrics of one course or credential.

    Parameters
    ----------
    blocking_factor : int
        Others that cannot be reached without it (its descendants).
    delay_factor : int
        Courses on the longest chain through it, itself included.
    structural_complexity : Fraction
        Their sum; two thirds of it in a quarter system, where a chain of the same length takes less time.
    """

    blocking_factor: int
    delay_factor: int
    structural_complexity: Fraction


def curriculum_metrics(graph: nx.DiGraph[str], *, quarters: bool = False) -> dict[str, CourseMetrics]:
    """Metrics of every node.

    Parameters
    ----------
    graph : networkx.DiGraph
        Edges from prerequisite, or corequisite, to what asks for it
        (:func:`pathways.graph.build.ordering_graph`, or a curriculum of one's own). Every edge counts.
    quarters : bool
        Whether terms are quarters.

    Returns
    -------
    dict
        In the graph's own order of nodes.

    Raises
    ------
    DataError
        If the graph has a ring; it is named.

    Examples
    --------
    >>> import networkx as nx
    >>> curriculum_metrics(nx.DiGraph([("algebra", "calculus"), ("calculus", "physics")]))["calculus"]
    CourseMetrics(blocking_factor=1, delay_factor=3, structural_complexity=Fraction(4, 1))
    """
    import networkx as nx

    try:
        order = list(nx.topological_sort(graph))
    except nx.NetworkXUnfeasible:
        ring = [str(edge[0]) for edge in nx.find_cycle(graph)]
        text = " -> ".join((*ring, ring[0]))
        raise DataError(
            (DataProblem("curriculum", 0, "prerequisites", f"a ring: {text}", "courses that can be ordered"),)
        ) from None
    before = _longest(order, graph.predecessors)
    after = _longest(order[::-1], graph.successors)
    scale = Fraction(2, 3) if quarters else Fraction(1)
    found = {}
    for node in graph:
        blocking, delay = len(nx.descendants(graph, node)), before[node] + after[node] - 1
        found[node] = CourseMetrics(blocking, delay, (blocking + delay) * scale)
    return found


def _longest(order: list[str], neighbors: Callable[[str], Iterable[str]]) -> dict[str, int]:
    """Nodes on the longest chain that ends at each node."""
    length: dict[str, int] = {}
    for node in order:
        length[node] = 1 + max((length[other] for other in neighbors(node)), default=0)
    return length
