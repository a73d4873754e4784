"""``pathways graph metrics``: a curriculum from a CurricularAnalytics file, or everything a catalog credential rests on."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from api.bodies import number
from api.console.paper import Paper
from api.console.words import clean, counted, shorten
from api.console.words import number as shown
from api.schemas import Number, OutBody
from api.world import World
from pathways.errors import DataError, DataProblem, UnknownIdError, nearest_ids
from pathways.graph.build import credential_graph, ordering_graph
from pathways.graph.metrics import curriculum_metrics

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

#: Prerequisites, corequisites and strict corequisites all count as edges in the published metrics.
_EDGES = ("Prerequisites", "Corequisites", "Strict-Corequisites")
_NEEDED = ("Course ID", "Course Name", *_EDGES)


class CourseOut(OutBody):
    """One course with its metrics; ``structural_complexity`` is two thirds of the sum in a quarter system."""

    id: str
    name: str
    blocking_factor: int
    delay_factor: int
    structural_complexity: Number


class CurriculumOut(OutBody):
    """A curriculum's courses, hardest first; ``structural_complexity`` is the sum over them."""

    name: str
    quarters: bool
    courses: list[CourseOut]
    structural_complexity: Number


class _Curriculum(NamedTuple):
    name: str
    quarters: bool
    graph: Graph


def measure(curriculum: str, world: Callable[[], World]) -> CurriculumOut:
    """Measure a curriculum.

    Parameters
    ----------
    curriculum : str
        Path of a CSV file, or a catalog id.
    world : callable
        Opens the catalog; called only for an id.

    Raises
    ------
    DataError
        If the file cannot be read, names a course it does not define, or its courses form a ring.
    UnknownIdError
        If there is neither such a file nor such an id.
    """
    path = Path(curriculum)
    is_path = path.is_file() or path.suffix.lower() == ".csv"
    found = _from_file(path) if is_path else _from_catalog(curriculum, world())
    metrics = curriculum_metrics(found.graph, quarters=found.quarters)
    courses = [
        CourseOut(
            id=key,
            name=found.graph.nodes[key].get("name", key),
            blocking_factor=one.blocking_factor,
            delay_factor=one.delay_factor,
            structural_complexity=number(one.structural_complexity),
        )
        for key, one in sorted(metrics.items(), key=lambda pair: -pair[1].structural_complexity)
    ]
    total = sum(one.structural_complexity for one in metrics.values())
    return CurriculumOut(name=found.name, quarters=found.quarters, courses=courses, structural_complexity=number(total))


def write_metrics(paper: Paper, answer: CurriculumOut) -> None:
    """Write the courses as a table, hardest first."""
    scale = " · quarter system, two thirds of the sum" if answer.quarters else ""
    paper.line(f"{answer.name}: {counted(len(answer.courses), 'course')}{scale}", style="bold")
    paper.line(f"Structural complexity {shown(answer.structural_complexity)}")
    paper.blank()
    paper.line("Complexity Blocking Delay  Course", style="bold")
    for course in answer.courses:
        figures = f"{course.structural_complexity:>10.1f} {course.blocking_factor:>8} {course.delay_factor:>5}  "
        paper.line(shorten(clean(course.name), paper.width - len(figures) - 4), lead=figures)


def _from_catalog(credential_id: str, world: World) -> _Curriculum:
    """Everything a credential rests on: its parts and their prerequisites, all the way down."""
    import networkx as nx

    item = world.catalog.item(credential_id)
    if item is None:
        raise UnknownIdError(credential_id[:100], "credential or file", nearest_ids(credential_id, world.catalog.credentials))
    graph = ordering_graph(credential_graph(world.catalog))
    return _Curriculum(item.name, quarters=False, graph=graph.subgraph({item.id} | nx.ancestors(graph, item.id)).copy())


def _from_file(path: Path) -> _Curriculum:
    import networkx as nx

    head, lines = _sections(path)
    known = {row["Course ID"]: row for _, row in lines}
    problems: list[DataProblem] = []
    graph: Graph = nx.DiGraph()
    for line, row in lines:
        key = row["Course ID"]
        if key in graph and "name" in graph.nodes[key]:
            problems.append(DataProblem(path.name, line, "Course ID", f'"{key}" again', "an id used once"))
        graph.add_node(key, name=_name(row))
        for column in _EDGES:
            for other in filter(None, (part.strip() for part in row[column].split(";"))):
                if other not in known:
                    problems.append(_unknown(path, line, column, other, known))
                graph.add_edge(other, key)
    if problems:
        raise DataError(tuple(problems))
    return _Curriculum(head.get("Curriculum", path.stem), head.get("System Type", "").casefold() == "quarter", graph)


def _sections(path: Path) -> tuple[dict[str, str], list[tuple[int, dict[str, str]]]]:
    """The header fields, and the courses with their line numbers."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _not_a_curriculum(path, str(error)) from error
    start = next((index for index, (_, row) in enumerate(rows) if row and row[0] == "Courses"), None)
    if start is None or start + 1 >= len(rows):
        raise _not_a_curriculum(path, 'no line "Courses"')
    head = {row[0]: row[1] for _, row in rows[:start] if len(row) > 1}
    columns = rows[start + 1][1]
    if missing := [name for name in _NEEDED if name not in columns]:
        raise _not_a_curriculum(path, f"no column {missing[0]}", row=rows[start + 1][0])
    return head, list(_courses(columns, rows[start + 2 :]))


def _courses(columns: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    for line, row in rows:
        if any(row) and row[0] not in {"Additional Courses", "Course ID"}:
            yield line, dict(zip(columns, row + [""] * (len(columns) - len(row)), strict=False))


def _name(row: Mapping[str, str]) -> str:
    code = " ".join(part for part in (row.get("Prefix", ""), row.get("Number", "")) if part)
    return f"{code} {row['Course Name']}".strip()


def _unknown(path: Path, line: int, column: str, other: str, known: Mapping[str, object]) -> DataProblem:
    near = nearest_ids(other, known, count=1)
    hint = f'Did you mean "{near[0]}"?' if near else ""
    return DataProblem(path.name, line, column, f'"{other[:40]}"', "the Course ID of a course in this file", hint)


def _not_a_curriculum(path: Path, found: str, *, row: int = 1) -> DataError:
    expected = "a curriculum CSV in the CurricularAnalytics layout (header fields, a line Courses, a course table), as UTF-8"
    return DataError((DataProblem(path.name, row, "file", found[:200], expected),))
