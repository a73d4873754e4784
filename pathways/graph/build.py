"""The graph people see: credentials, and typed edges from what comes first to what it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pathways.catalog.entities import Catalog, RequirementKind
from pathways.credential import Select
from pathways.requirements.rules import Held, NoneOf, Requirement, children_of

if TYPE_CHECKING:
    import networkx as nx

EdgeKind = Literal["requires", "is_part_of", "corequisite", "precedes", "advanced_standing_from"]
#: How a requirement row of each kind reads as an edge.
EDGE_OF: dict[RequirementKind, EdgeKind] = {
    "prerequisite": "requires",
    "component": "is_part_of",
    "corequisite": "corequisite",
    "precedes": "precedes",
}
#: Edges that order what must be done. ``precedes`` is a usual order only; an agreement is one way among others.
ORDERING: frozenset[EdgeKind] = frozenset({"requires", "is_part_of", "corequisite"})


def credential_graph(catalog: Catalog) -> nx.DiGraph[str]:
    """Build the graph of a catalog.

    Parameters
    ----------
    catalog : Catalog

    Returns
    -------
    networkx.DiGraph
        A node for each credential with its ``name``, ``type``, ``issuer`` and ``status``; ids that rows name and nobody defines
        are nodes without them. An edge ``a -> b`` has ``kinds``, a frozenset of ``requires`` (b asks for a), ``is_part_of`` (a
        counts inside b), ``corequisite``, ``precedes`` and ``advanced_standing_from`` (an agreement lets a count toward b); and
        ``agreements``, their ids. Text similarity is never an edge; nor is what stands inside ``none``.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for item in catalog.credentials.values():
        graph.add_node(item.id, name=item.name, type=item.type, issuer=item.issuer, status=item.status)
    for row in catalog.requirements:
        for name in named_ids(row.rule, catalog):
            _connect(graph, name, row.credential_id, EDGE_OF[row.kind])
    for agreement in catalog.agreements:
        for name in agreement.from_ids if agreement.to_id is not None else ():
            _connect(graph, name, str(agreement.to_id), "advanced_standing_from", agreement.id)
    return graph


def _connect(graph: nx.DiGraph[str], first: str, second: str, kind: EdgeKind, agreement: str | None = None) -> None:
    old = graph.edges[first, second] if graph.has_edge(first, second) else {"kinds": frozenset(), "agreements": ()}
    deals = old["agreements"] if agreement is None else (*old["agreements"], agreement)
    graph.add_edge(first, second, kinds=old["kinds"] | {kind}, agreements=deals)


def named_ids(rule: Requirement, catalog: Catalog) -> tuple[str, ...]:
    """Ids a rule asks for, selections expanded, each once; what stands inside ``none`` is not asked for."""
    found: dict[str, None] = {}
    stack: list[object] = [rule]
    while stack:
        node = stack.pop()
        if isinstance(node, Held):
            found.setdefault(node.id)
        elif isinstance(node, Select):
            found.update(dict.fromkeys(catalog.select(node)))
        elif not isinstance(node, NoneOf):
            stack.extend(reversed(children_of(node)))  # type: ignore[arg-type]
    return tuple(found)


def ordering_graph(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Only the edges that order what must be done."""
    import networkx as nx

    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_nodes_from(graph.nodes(data=True))
    made.add_edges_from((one, two, data) for one, two, data in graph.edges(data=True) if data["kinds"] & ORDERING)
    return made
