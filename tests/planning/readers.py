"""Real degrees and articulation as planning problems: readers of the data sets beside the repository.

Each set has a SOURCE.md that says where it comes from. Tests that need one skip by name where it is absent.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pathways.planning.problem import PlanItem, PlanTerm, Problem
from pathways.planning.terms import parse_terms
from pathways.requirements.rules import NOTHING_REQUIRED, AllOf, AnyOf, AtLeast, CreditsFrom, Held, Requirement

DATA = Path(__file__).parents[3] / "shared" / "data"
#: What nothing meets.
NEVER = AnyOf(())
_NO_OPTION = ("No Course Articulated", "This course must be taken at the university after transfer")


def folder(name: str) -> Path:
    """Folder of one data set; the test skips, naming it, where it is absent."""
    path = DATA / name
    if not path.is_dir():
        pytest.skip(f"real data set {name} is not here")
    return path


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def semesters(count: int) -> tuple[PlanTerm, ...]:
    """Fall and spring terms from Fall 2026."""
    return parse_terms("Fall 2026..Fall 2036", seasons=["fall", "spring"])[:count]


# curriculum-metrics: nine computer-science degrees


def degree(path: Path, *, terms: int = 10, load: tuple[int, int] = (12, 18)) -> Problem:
    """A degree of which every course is required. A strict corequisite is taken in the very term."""
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    first = next(number for number, row in enumerate(rows) if row and row[0] == "Course ID") + 1
    courses = [row for row in rows[first:] if row and row[0]]
    beside: dict[str, set[str]] = {row[0]: {*_ids(row[5]), *_ids(row[6])} for row in courses}
    for row in courses:
        for other in _ids(row[6]):
            beside[other].add(row[0])
    items = {
        row[0]: PlanItem(
            row[0],
            f"{row[2]} {row[3]} {row[1]}",
            load=Fraction(row[7]),
            requires=_all(_ids(row[4])),
            corequisites=_all(sorted(beside[row[0]])),
        )
        for row in courses
    }
    return Problem(
        _all(items),
        items,
        semesters(terms),
        rows[0][1],
        load_min=Fraction(load[0]),
        load_max=Fraction(load[1]),
        objective=("terms",),
    )


def _ids(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def _all(ids: Iterable[str]) -> AllOf:
    return AllOf(tuple(Held(name) for name in ids))


# bcit-stackable: programs and their courses


@cache
def bcit_credits() -> Mapping[str, Fraction]:
    """Credits of each course."""
    with (folder("bcit-stackable") / "courses.csv").open(encoding="utf-8") as file:
        return {row["course_id"]: Fraction(row["credits"] or 0) for row in csv.DictReader(file)}


def bcit_programs() -> list[dict[str, Any]]:
    """All programs."""
    return json_lines(folder("bcit-stackable") / "programs.jsonl")


def bcit_problem(program: Mapping[str, Any], *, terms: int = 10, load_max: int = 18, held: Sequence[str] = ()) -> Problem:
    """A program: every course where the list adds up to what is required, so many credits from the list where it is longer."""
    credits_ = bcit_credits()
    courses = list(dict.fromkeys(program["courses"]))
    needed = Fraction(str(program["required_credits"]))
    exact = sum((credits_[name] for name in courses), Fraction(0)) <= needed
    goal: Requirement = _all(courses) if exact else CreditsFrom(needed, tuple(Held(name) for name in courses))
    items = {name: PlanItem(name, name, load=credits_[name]) for name in courses}
    return Problem(
        goal,
        items,
        semesters(terms),
        program["name"],
        held=frozenset(held) & items.keys(),
        load_max=Fraction(load_max),
        objective=("terms",),
    )


# assist-uc-cs: what articulates from colleges to nine campuses


@dataclass(frozen=True, slots=True)
class UcRows:
    """Articulation rows of one college and campus."""

    college: str
    campus: str
    rows: tuple[Mapping[str, Any], ...]


@cache
def uc_rows() -> tuple[UcRows, ...]:
    """All rows, by college and campus, in file order."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in json_lines(folder("assist-uc-cs") / "articulation.jsonl"):
        found.setdefault((row["college"], row["uc"]), []).append(row)
    return tuple(UcRows(*key, tuple(rows)) for key, rows in found.items())


def option_tree(options: Sequence[Sequence[Mapping[str, Any]]]) -> Requirement:
    """Any option, each whole; without an option nothing articulates."""
    return AnyOf(tuple(_all(course["code"] for course in option) for option in options)) if options else NEVER


def uc_problem(mine: UcRows, *, terms: int = 8, load_max: int = 15) -> Problem:
    """All requirement groups of one campus, prepared at one college: a claim for each course the campus recognizes."""
    units = {course["code"]: Fraction(str(course["units"])) for row in mine.rows for o in row["sending_options"] for course in o}
    known = {
        row["courseCode"]: row
        for row in json_lines(folder("assist-uc-cs") / "cc_prerequisites.jsonl")
        if row["college"] == mine.college
    }
    items: dict[str, PlanItem] = {}
    queue = list(units)
    while queue:
        code = queue.pop()
        if code not in items:
            entry = known.get(code, {})
            before = nested_tree(entry.get("prerequisites"))
            items[code] = PlanItem(code, code, load=units.get(code, Fraction(str(entry.get("units", 0)))), requires=before)
            queue += [held.id for held in _leaves(before)]
    ways: dict[str, list[Requirement]] = {}
    for row in mine.rows:
        for course in row["receiving"]:
            ways.setdefault(course, []).append(option_tree(row["sending_options"]))
    for course, options in ways.items():
        name = f"{mine.campus} {course}"
        items[name] = PlanItem(name, name, kind="claim", corequisites=AnyOf(tuple(options)))
    return Problem(
        uc_goal(mine), items, semesters(terms), f"{mine.campus} preparation", load_max=Fraction(load_max), objective=("terms",)
    )


def uc_goal(mine: UcRows) -> Requirement:
    """Every group by any one of its sets; a set by so many of its courses."""
    groups: dict[str, dict[str, dict[str, int]]] = {}
    for row in mine.rows:
        for course in row["receiving"]:
            groups.setdefault(row["group_id"], {}).setdefault(row["set_id"], {})[course] = int(row["num_required"])
    return AllOf(
        tuple(
            AnyOf(
                tuple(
                    AtLeast(max(courses.values()), tuple(Held(f"{mine.campus} {course}") for course in courses))
                    for courses in sets.values()
                )
            )
            for sets in groups.values()
        )
    )


def nested_tree(node: Any) -> Requirement:
    """Prerequisites as nested ``and`` and ``or`` lists; a course code is a leaf."""
    if not node:
        return NOTHING_REQUIRED
    if isinstance(node, str):
        return Held(node)
    if isinstance(node, list):
        return AllOf(tuple(map(nested_tree, node)))
    ((kind, parts),) = node.items()
    return (AllOf if kind == "and" else AnyOf)(tuple(map(nested_tree, parts)))


def _leaves(tree: Requirement) -> list[Held]:
    if isinstance(tree, Held):
        return [tree]
    return [leaf for child in tree.children for leaf in _leaves(child)] if isinstance(tree, AllOf | AnyOf) else []


# assist-smc-ucsd: a college and a university, course by course


def smc_rules() -> list[dict[str, Any]]:
    """Articulation rules as structured data."""
    return json_lines(folder("assist-smc-ucsd") / "articulation_rules.jsonl")


def smc_agreements() -> list[dict[str, Any]]:
    """Majors and minors as texts."""
    return json_lines(folder("assist-smc-ucsd") / "agreements.jsonl")


def sending_tree(text: str) -> Requirement:
    """What the college offers, read from its words: ``A: ... OR (B: ... AND C: ...)``."""
    if text in _NO_OPTION:
        return NEVER
    options = [
        re.findall(r"(?:^|\(|AND |OR )([A-Z][A-Z &]* \w+):", part.strip())
        for part in re.split(r" OR (?=\(?[A-Z][A-Z &]* \w+:)", text)
    ]
    return AnyOf(tuple(_all(option) for option in options))


def codes_in(text: str) -> tuple[str, ...]:
    """Course codes of a receiving text."""
    return tuple(re.findall(r"(?:^|AND |\n)([A-Z][A-Z &]* \w+):", text))


def smc_problem(agreement: Mapping[str, Any], *, terms: int = 8, load_max: int = 15) -> Problem:
    """Every course of a major that the college can prepare, by any of its options, with the calculus ladder in its order.

    Courses that do not articulate are taken after transfer and are no part of it.
    """
    units = {
        course["code"]: Fraction(str(course["min_units"]))
        for rule in smc_rules()
        for option in rule["sending_options"]
        for course in option
    }
    pairs = [pair for group in agreement["requirement_groups"] for section in group["sections"] for pair in section["requirements"]]
    wanted = {received: sending_tree(sent) for received, sent in pairs if sent and sending_tree(sent) != NEVER}
    items = {
        f"UCSD {' + '.join(codes_in(received))}": PlanItem(received, received, kind="claim", corequisites=tree)
        for received, tree in wanted.items()
    }
    items = {name: PlanItem(name, item.name, kind="claim", corequisites=item.corequisites) for name, item in items.items()}
    goal = _all(items)
    for code in {leaf.id for tree in wanted.values() for leaf in _leaves(tree)}:
        items[code] = PlanItem(code, code, load=units.get(code, Fraction(3)), requires=_LADDER.get(code, NOTHING_REQUIRED))
    inside = {
        name: PlanItem(i.id, i.name, i.kind, i.load, requires=_within(i.requires, items), corequisites=i.corequisites)
        for name, i in items.items()
    }
    return Problem(goal, inside, semesters(terms), agreement["agreement"], load_max=Fraction(load_max), objective=("terms",))


def _within(rule: Requirement, items: Mapping[str, PlanItem]) -> Requirement:
    """A prerequisite where the major uses it; one outside the major is taken as done."""
    return rule if all(leaf.id in items for leaf in _leaves(rule)) else NOTHING_REQUIRED


#: Prerequisites as ``smc_courses.jsonl`` states them, of courses majors share.
_LADDER: dict[str, Requirement] = {
    "MATH 8": Held("MATH 7"), "MATH 10": Held("MATH 8"), "MATH 11": Held("MATH 8"), "MATH 13": Held("MATH 8"),
    "MATH 15": Held("MATH 8"),
    "CHEM 12": Held("CHEM 11"), "CHEM 21": Held("CHEM 12"), "CHEM 22": Held("CHEM 21"), "CHEM 24": Held("CHEM 22"),
    "PHYSCS 21": Held("MATH 7"), "PHYSCS 22": AllOf((Held("MATH 8"), Held("PHYSCS 21"))),
    "PHYSCS 23": AllOf((Held("MATH 8"), Held("PHYSCS 21"))),
}  # fmt: skip
