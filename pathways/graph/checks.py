"""What is wrong with a graph: rings, ids nobody defines, lists that can never be met. Each answer names names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathways.errors import nearest_ids
from pathways.graph.build import ordering_graph
from pathways.graph.compiled import CompiledGraph

if TYPE_CHECKING:
    import networkx as nx


def rings(graph: nx.DiGraph[str]) -> tuple[tuple[str, ...], ...]:
    """Things that ask for themselves in the end.

    Parameters
    ----------
    graph : networkx.DiGraph
        From :func:`pathways.graph.build.credential_graph`.

    Returns
    -------
    tuple of tuple of str
        One ring for each knot, its first id repeated at the end: ``("a", "b", "a")``, where b asks for a and a asks for b.
        Agreements are not part of it: two items that may stand for each other are no mistake.
    """
    import networkx as nx

    ordered = ordering_graph(graph)
    found: list[tuple[str, ...]] = []
    for knot in nx.strongly_connected_components(ordered):
        first = min(knot)
        if len(knot) > 1 or ordered.has_edge(first, first):
            inside = ordered.subgraph(knot)
            back: list[list[str]] = [nx.shortest_path(inside, after, first) for after in inside.successors(first)]
            shortest = min(back, key=lambda path: (len(path), path))
            found.append((first, *shortest))
    return tuple(sorted(found))


def dangling_ids(graph: nx.DiGraph[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Ids that rows name and nobody defines, each with the nearest ids that are defined."""
    known = [name for name in graph if "type" in graph.nodes[name]]
    return tuple((name, nearest_ids(name, known)) for name in sorted(graph) if "type" not in graph.nodes[name])


def never_enough(graph: CompiledGraph) -> tuple[str, ...]:
    """Credentials whose own rule asks for more items or credits than it lists, whoever asks and whatever they hold.

    Parameters
    ----------
    graph : CompiledGraph

    Returns
    -------
    tuple of str
        In catalog order. A credential that is retired, or needs one that is, is not a mistake and not named.
    """
    return tuple(
        name
        for name, node in graph.index.items()
        if node in graph.options and all(_fails(graph, option.node) for option in graph.options[node])
    )


def _fails(graph: CompiledGraph, node: int) -> bool:
    """Whether a gate cannot be reached although every atom were held."""
    if node < graph.n_atoms:
        return False
    row = range(int(graph.ptr[node]), int(graph.ptr[node + 1]))
    return sum(int(graph.weight[at]) for at in row if not _fails(graph, int(graph.child[at]))) < int(graph.need[node])
