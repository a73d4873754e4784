"""The graph people see, and what is found wrong in it."""

from __future__ import annotations

from fractions import Fraction

from pathways.credential import Select
from pathways.graph.build import credential_graph, ordering_graph
from pathways.graph.checks import dangling_ids, never_enough, rings
from pathways.graph.compiled import compile_graph
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, CreditsFrom, Held, NoneOf
from tests.builders import TODAY, agreement, catalog, course, credential, row


def test_edges_say_what_they_are() -> None:
    world = catalog(
        *(credential(name) for name in "abcdt"),
        rows=(
            row("t", AllOf((Held("a"), NoneOf(Held("d"))))),
            row("t", AtLeast(1, (Select(type="badge"),)), "corequisite"),
            row("t", Held("b"), "prerequisite"),
            row("t", Held("c"), "precedes"),
        ),
        agreements=(agreement("a;c", "t", id="ag-1"),),
    )
    graph = credential_graph(world)
    assert graph.edges["a", "t"]["kinds"] == {"is_part_of", "corequisite", "advanced_standing_from"}
    assert graph.edges["a", "t"]["agreements"] == ("ag-1",)
    assert graph.edges["b", "t"]["kinds"] == {"requires", "corequisite"}
    assert graph.edges["d", "t"]["kinds"] == {"corequisite"}, "what must not be held is not an edge"
    assert graph.nodes["a"]["type"] == "badge"


def test_a_usual_order_and_an_agreement_order_nothing() -> None:
    world = catalog(
        *(credential(name) for name in "ab"), rows=(row("b", Held("a"), "precedes"),), agreements=(agreement("b", "a"),)
    )
    graph = credential_graph(world)
    assert graph.number_of_edges() == 2
    assert ordering_graph(graph).number_of_edges() == 0
    assert rings(graph) == ()


def test_rings_and_unknown_ids_are_named() -> None:
    world = catalog(
        *(credential(name) for name in ("letrs-u1", "b", "c", "d")),
        rows=(row("c", Held("b")), row("b", Held("c"), "prerequisite"), row("d", Held("d")), row("b", Held("letrs-unit1"))),
    )
    graph = credential_graph(world)
    assert rings(graph) == (("b", "c", "b"), ("d", "d"))
    assert dangling_ids(graph) == (("letrs-unit1", ("letrs-u1",)),)


def test_lists_that_can_never_be_met_are_named_and_retired_ones_are_not() -> None:
    world = catalog(
        course("a"),
        course("b", status="retired"),
        *(credential(name) for name in ("three-of-two", "ten-credits", "fine", "either")),
        rows=(
            row("three-of-two", AtLeast(3, (Held("a"), Held("b")))),
            row("ten-credits", CreditsFrom(Fraction(10), (Held("a"), Held("b")), "semester")),
            row("fine", AllOf((Held("a"), Held("b")))),
            row("either", AnyOf((AtLeast(2, (Held("a"),)), Held("b")))),
        ),
    )
    assert never_enough(compile_graph(world, TODAY)) == ("three-of-two", "ten-credits")
