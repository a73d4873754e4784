"""The mapping of pathways, their conditions and constraints to requirements, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.catalog.formats.steps import Steps, run
from pathways.catalog.formats.terms import CONTEXT
from pathways.requirements.render import render
from tests.catalog.formats.graphs import (
    condition,
    credit_value,
    ctid,
    graph,
    read,
    read_required,
    resource,
    short,
    uri,
)


def _constraint(left: str, comparator: str, right: Any, action: str = "", **terms: Any) -> dict[str, Any]:
    acted = {"ceterms:leftAction": action} if action else {}
    return {
        "@type": "ceterms:Constraint", "ceterms:leftSource": [left], "ceterms:comparator": f"compare:{comparator}",
        "ceterms:rightSource": right, **acted, **{f"ceterms:{key}": value for key, value in terms.items()},
    }  # fmt: skip


SUM = _constraint("ceterms:creditValue", "GTEQ", "6", "array:Sum")
GRADE = _constraint("ceterms:gradeConcept", "GT", "grade:D")
CONDITIONS = [
    ("all where no number is given", condition(2, 3), "all(c2, c3)"),
    ("one of", condition(2, 3, requiredNumber=1), "any(c2, c3)"),
    ("two of three", condition(2, 3, 4, requiredNumber="2"), "at_least(2, c2, c3, c4)"),
    ("all of by number", condition(2, 3, requiredNumber=2.0), "all(c2, c3)"),
    ("inner conditions, all by default", condition(hasCondition=[condition(2), condition(3)]), "all(c2, c3)"),
    ("either of inner conditions", condition(logicalOperator="logic:Or", hasCondition=[condition(2), condition(3, 4)]),
     "any(c2, all(c3, c4))"),
    ("not", condition(logicalOperator={"@id": "https://credreg.net/ctdl/terms/logic/Not"}, hasCondition=condition(2)),
    "none(c2)"),
    ("neither", condition(logicalOperator="logic:Not", hasCondition=[condition(2), condition(3)]), "none(any(c2, c3))"),
    ("an unknown operator is for a person", condition(2, logicalOperator="logic:Xor"), 'manual("conditions joined by Xor")'),
    ("credits from a set", condition(2, 3, hasConstraint=SUM), "credits(6, c2, c3)"),
    ("credits in a unit", condition(2, 3, hasConstraint=_constraint("creditValue", "GTEQ", credit_value(4, "QuarterHour"),
    "array:Sum")),
     "credits(4 quarter, c2, c3)"),
    ("two of, with so many credits", condition(2, 3, 4, requiredNumber=2, hasConstraint=[SUM]),
     "all(credits(6, c2, c3, c4), at_least(2, c2, c3, c4))"),
    ("each of so many credits", condition(2, 3, requiredNumber=1, hasConstraint=_constraint("ceterms:creditValue", "GTEQ", 3)),
     "any(credits(3, c2), credits(3, c3))"),
    ("a grade above", condition(2, 3, requiredNumber=1, hasConstraint=GRADE), "any(held(c2, grade>=D+), held(c3, grade>=D+))"),
    ("a grade at least", condition(2, hasConstraint=_constraint("x:Grade", "GTEQ", "B-")), "held(c2, grade>=B-)"),
    ("nothing is above the best grade", condition(2, hasConstraint=_constraint("grade", "GT", "A+", description="best")),
     'all(c2, manual("grade more than A+"))'.replace("grade more than A+", "best")),
    ("credits with a grade", condition(2, 3, hasConstraint=[SUM, GRADE]),
     "credits(6, held(c2, grade>=D+), held(c3, grade>=D+))"),
    ("one of two constraints", condition(2, 3, requiredConstraints=1, hasConstraint=[SUM, GRADE]),
     "any(credits(6, c2, c3), all(held(c2, grade>=D+), held(c3, grade>=D+)))"),
    ("either of the constraints, of two of", condition(2, 3, requiredNumber=1, logicalOperator="Or", hasConstraint=[SUM,
    GRADE]),
     "any(any(c2, c3), any(credits(6, c2, c3), any(held(c2, grade>=D+), held(c3, grade>=D+))))"),
    ("one of three, each in its own words", condition(2, requiredConstraints=1, hasConstraint=[
        _constraint("ceterms:creditValue", "GTEQ", 3), _constraint("x:y", "EQ", "z"), SUM]),
     'any(credits(3, c2), manual("y equal to z"), credits(6, c2))'),
    ("two of three constraints", condition(2, requiredConstraints=2, hasConstraint=[
        SUM, _constraint("a", "EQ", 1), _constraint("b", "LT", 2)]),
     'at_least(2, credits(6, c2), manual("a equal to 1"), manual("b less than 2"))'),
    ("a constraint only a person can judge", condition(2, hasConstraint=_constraint("x:age", "LTEQ", 9, name="Young")),
     'all(c2, manual("Young"))'),
    ("a mean is for a person", condition(2, hasConstraint=_constraint("ceterms:creditValue", "GTEQ", "6", "array:Mean")),
     'all(c2, manual("Mean creditValue at least 6"))'),
    ("two grades and two each", condition(2, hasConstraint=[GRADE, _constraint("grade", "GTEQ", "C", name="Second"),
     _constraint("creditValue", "GTEQ", 1), _constraint("creditValue", "GTEQ", 2, name="Third")]),
     'all(credits(1, held(c2, grade>=D+)), manual("Second"), manual("Third"))'),
    ("credits from nothing", condition(hasConstraint=SUM, description="Six credits"), 'manual("Sum creditValue at least 6")'),
    ("a grade of nothing", condition(hasConstraint=[_constraint("grade", "GTEQ", "B")]), 'manual("grade at least B")'),
    ("either, over nothing", condition(logicalOperator="Or", hasConstraint=[
        _constraint("grade", "GTEQ", "B"), _constraint("creditValue", "GTEQ", 2), SUM]),
     'any(manual("grade at least B"), manual("creditValue at least 2"), manual("Sum creditValue at least 6"))'),
    ("an empty constraint", condition(2, hasConstraint={"@type": "ceterms:Constraint"}),
     'all(c2, manual("an empty constraint"))'),
    ("a constraint with another right side", condition(2, hasConstraint=_constraint("grade", "GTEQ", "B",
    rightAction="array:Sum")),
     'all(c2, manual("grade at least B"))'),
    ("an equal grade is for a person", condition(2, hasConstraint=_constraint("grade", "EQ", "B")),
     'all(c2, manual("grade equal to B"))'),
    ("words only", condition(name="Be there"), 'manual("Be there")'),
]  # fmt: skip


@pytest.mark.parametrize(("said", "given", "text"), CONDITIONS, ids=[one[0] for one in CONDITIONS])
def test_a_condition_of_a_pathway_becomes_a_requirement(said: str, given: dict[str, Any], text: str) -> None:
    """Each line of the mapping of component conditions and constraints."""
    assert said
    assert read_required(given) == text


def test_a_part_that_gathers_others_is_what_it_asks_for() -> None:
    """Two of: a course, and either of two others."""
    gathering = resource(20, "SelectionComponent", hasCondition=[condition(3, 4, requiredNumber=1)])
    assert read_required(condition(2, 20, requiredNumber=1), gathering) == "any(c2, any(c3, c4))"
    inside = {"@type": "ceterms:MultiComponent", "ceterms:hasCondition": condition(3, 4)}
    whole = condition(requiredNumber=1)
    whole["ceterms:targetComponent"] = [uri(2), inside]
    assert read_required(whole) == "any(c2, all(c3, c4))"
    summed = condition(20, hasConstraint=SUM)
    assert read_required(summed, gathering) == 'manual("Sum creditValue at least 6")'
    graded = condition(20, hasConstraint=GRADE)
    assert read_required(graded, gathering) == 'all(any(c3, c4), manual("gradeConcept more than grade:D"))'
    empty = resource(21, "SelectionComponent", hasCondition=[condition()])
    assert read_required(condition(2, 21), empty) == "c2"


def test_the_parts_of_a_pathway_are_things_of_their_own_or_what_they_stand_for() -> None:
    """A part that is a proxy is the thing itself; where the file does not describe that, a stand-in has the part's name."""
    nodes = [
        resource(
            99, "Pathway", hasDestinationComponent=[uri(1)], hasPart=[uri(1), uri(2), uri(3)], ownedBy=[{"ceterms:name": "Owner"}]
        ),
        resource(
            1, "CredentialComponent", credentialType="ceterms:BachelorDegree", hasCondition=[condition(2, 3)], isPartOf=uri(99)
        ),
        resource(2, "CourseComponent", proxyFor=uri(12), creditValue=[credit_value(4)]),
        resource(3, "CourseComponent", proxyFor=[uri(13)], pointValue=[{"schema:value": 2}], hasCondition=[condition(2)]),
        resource(12, "Course"),
    ]
    imported = read(*nodes)
    found = {short(item.id): item for item in imported.credentials}
    assert set(found) == {"c1", "c12", "c13"}
    assert (found["c1"].type, found["c1"].issuer) == ("degree", "Owner")
    assert found["c13"].name == "Thing 3"
    assert imported.elsewhere == {ctid(13)}
    assert {(row.kind, short(render(row.rule))) for row in imported.requirements} == {
        ("component", "all(c12, c13)"), ("prerequisite", "c12"),
    }  # fmt: skip
    assert {(link.kind, short(link.source)) for link in imported.links} == {("same_as", "c12"), ("same_as", "c13")}


def test_order_is_kept_apart_from_requirement() -> None:
    """Prerequisite blocks; precedes and precededBy only order; older files spell it preceeds."""
    nodes = [
        resource(1, "CourseComponent", prerequisite=[uri(2)], precededBy=uri(3), preceeds=[uri(4)]),
        *(resource(number, "CourseComponent") for number in (2, 3, 4)),
    ]
    rows = [(short(row.credential_id), row.kind, short(render(row.rule))) for row in read(*nodes).requirements]
    assert rows == [("c1", "prerequisite", "c2"), ("c1", "precedes", "c3"), ("c4", "precedes", "c1")]


def test_a_destination_that_is_a_course_is_completed_not_started() -> None:
    """Conditions of a pathway's destination complete it, whatever its class."""
    for named in ({"hasDestinationComponent": [uri(1)]}, {}):
        mark = {} if named else {"isDestinationComponentOf": uri(99)}
        course = resource(1, "CourseComponent", hasCondition=[condition(2)], **mark)
        imported = read(resource(99, "Pathway", **named), course, resource(2, "CourseComponent"))
        assert [row.kind for row in imported.requirements] == ["component"]


def test_a_condition_of_any_depth_is_read_without_recursion() -> None:
    """The reader of nested conditions needs no more stack for ten thousand of them than for one."""

    def nested(depth: int) -> Steps:
        return (yield nested(depth - 1)) if depth else None

    assert run(nested(10_000)) is None
    assert graph()["@context"] == CONTEXT
