"""Curriculum metrics equal the ones published for nine real degrees."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import networkx as nx
import pytest

from pathways.errors import DataError
from pathways.graph.metrics import CourseMetrics, curriculum_metrics

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "curriculum-metrics"
needs_data = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/curriculum-metrics is absent")


def read(path: Path) -> tuple[nx.DiGraph[str], bool, dict[str, tuple[float, int, float]]]:
    """One published degree: its graph, whether it runs on quarters, and complexity, blocking and delay of each course."""
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    start = next(at for at, row in enumerate(rows) if row and row[0] == "Course ID")
    system = next(row[1] for row in rows if row and row[0] == "System Type")
    graph: nx.DiGraph[str] = nx.DiGraph()
    published = {}
    for row in rows[start + 1 :]:
        cells = dict(zip(rows[start], row, strict=False))
        if not cells.get("Blocking"):
            continue
        graph.add_node(row[0])
        for column in ("Prerequisites", "Corequisites", "Strict-Corequisites"):
            graph.add_edges_from((other, row[0]) for other in cells[column].split(";") if other)
        published[row[0]] = (float(cells["Complexity"]), int(cells["Blocking"]), float(cells["Delay"]))
    return graph, system == "quarter", published


@needs_data
def test_all_339_published_courses_have_the_same_metrics() -> None:
    courses = 0
    for path in sorted(FOLDER.glob("*.csv")):
        graph, quarters, published = read(path)
        ours = curriculum_metrics(graph, quarters=quarters)
        for course, (complexity, blocking, delay) in published.items():
            mine = ours[course]
            assert (mine.blocking_factor, mine.delay_factor) == (blocking, delay), (path.name, course)
            assert float(mine.structural_complexity) == pytest.approx(complexity, abs=0.051), (path.name, course)
        courses += len(published)
    assert courses == 339


def test_a_chain_of_three_by_hand() -> None:
    chain: nx.DiGraph[str] = nx.DiGraph([("a", "b"), ("b", "c"), ("a", "c")])
    assert curriculum_metrics(chain) == {
        "a": CourseMetrics(2, 3, Fraction(5)),
        "b": CourseMetrics(1, 3, Fraction(4)),
        "c": CourseMetrics(0, 3, Fraction(3)),
    }
    assert curriculum_metrics(chain, quarters=True)["a"].structural_complexity == Fraction(10, 3)


def test_a_ring_is_named() -> None:
    ring: nx.DiGraph[str] = nx.DiGraph([("a", "b"), ("b", "a")])
    with pytest.raises(DataError, match="a ring: a -> b -> a"):
        curriculum_metrics(ring)
