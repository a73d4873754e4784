"""What anyone who writes requirements is promised about their text."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.credential import Select
from pathways.errors import PathwaysError, RequirementSyntaxError
from pathways.requirements.json_fields import RequirementShapeError
from pathways.requirements.json_form import from_json, to_json
from pathways.requirements.parse import parse
from pathways.requirements.render import describe, render
from pathways.requirements.rules import (
    AllOf,
    AtLeast,
    AtMostCredits,
    CreditsFrom,
    Experience,
    Groups,
    Held,
    License,
    Manual,
    Requirement,
    Share,
    Window,
    walk,
)  # fmt: skip
from tests.requirements.strategies import trees

CATALOG = Path(__file__).parents[2] / "data" / "catalog" / "requirements.csv"


@given(trees)
def test_every_tree_reads_back_from_its_text(tree: Requirement) -> None:
    assert parse(render(tree)) == tree


@given(trees)
def test_every_tree_reads_back_from_its_json(tree: Requirement) -> None:
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@given(trees)
def test_every_tree_can_be_said_in_words(tree: Requirement) -> None:
    assert describe(tree, lambda credential_id: f"<{credential_id}>").strip()


@given(st.text(alphabet='all(any)credits3,"=>: abshare_fromgrupt\\', max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    column, tree = 1, None
    try:
        tree = parse(text)
    except RequirementSyntaxError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1
    assert tree is None or parse(render(tree)) == tree


@pytest.mark.skipif(not CATALOG.exists(), reason="data/catalog/requirements.csv is not in this checkout")
def test_every_rule_of_the_bundled_catalog_is_read_and_written_back() -> None:
    with CATALOG.open(encoding="utf-8", newline="") as file:
        texts = [row["expression"] for row in csv.DictReader(file)]
    assert texts
    for text in texts:
        tree = parse(text)
        assert parse(render(tree)) == tree
        assert from_json(to_json(tree)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", Held("a")),
        (
            'held(a, area="Art, Early Childhood", grade>=B-, within=60mo of start)',
            Held("a", "Art, Early Childhood", "B-", Window(60, "start")),
        ),
        ("held(a, within=5y of admission)", Held("a", within=Window(60, "admission"))),
        ("all()", AllOf(())),
        ("at_least(2, a, distinct, b)", AtLeast(2, (Held("a"), Held("b")), distinct=True)),
        (
            "credits(9 graduate semester credits, a, grade>=B, at_most(3 from d, e))",
            CreditsFrom(Fraction(9), (Held("a"), AtMostCredits(Fraction(3), (Held("d"), Held("e")))), "semester", "graduate", "B"),
        ),
        ("credits(10 Act 48 hour, a)", CreditsFrom(Fraction(10), (Held("a"),), "Act 48 hour")),
        # Without quotes the last word would be read as the level.
        ('credits(3 "hour graduate", a)', CreditsFrom(Fraction(3), (Held("a"),), "hour graduate")),
        ('at_least(1, select(subject="ESL", type=course, open))', AtLeast(1, (Select(subject="ESL", type="course", open=True),))),
        (
            "groups(core: all(a, b), electives: c, share(6 semester between core, electives))",
            Groups(
                (AllOf((Held("a"), Held("b"))), Held("c")),
                ("core", "electives"),
                (Share(Fraction(6), "semester", ("core", "electives")),),
            ),
        ),
        (
            "groups(a, b, share(2 items between 1, 2))",
            Groups((Held("a"), Held("b")), ("1", "2"), (Share(Fraction(2), "item", ("1", "2")),)),
        ),
        ("groups(core:all(own:x))", Groups((AllOf((Held("own:x"),)),), ("core",))),
        ('manual("a ""word"" and \\"another\\"")', Manual('a "word" and "another"')),
        ('license(place="US-OH", kind=teaching)', License("US-OH", "teaching")),
        (
            'experience(hours=480, within=36mo of application, role="aide")',
            Experience("aide", None, Fraction(480), Window(36, "application")),
        ),
    ],
)
def test_a_text_means_its_tree(text: str, tree: Requirement) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("at_least(some, a)", 'column 10: expected a number of items after "at_least(", found "some"'),
        ("at_least(0, a)", 'column 10: expected a number of items after "at_least(", 1 or more, found "0"'),
        ("all(a b)", 'column 7: expected "," or ")" after "a", found "b"'),
        ("all(a,", 'column 7: expected ")" to close "all(" of column 1, found the end of the text'),
        ("all(a,)", 'column 7: expected another argument after ",", found ")"'),
        ("", "column 1: expected a requirement, found the end of the text"),
        ("a, b", 'column 2: expected one requirement (join several with all(...)), found ","'),
        ("held(a, gade>=B)", 'column 9: expected one of area, grade, within in held(...), found "gade" (did you mean grade?)'),
        ("credits(9 semestre, a)", 'column 11: expected a credit unit or level such as semester, found "semestre"'),
        ("conflict(a)", 'column 11: expected two readings in "conflict(...)", found 1 arguments'),
        ("any()", 'column 1: expected at least one item in "any(...)", found any()'),
    ],
)
def test_a_slip_is_named_with_its_column(text: str, message: str) -> None:
    with pytest.raises(RequirementSyntaxError) as caught:
        parse(text)
    assert str(caught.value) == message
    assert caught.value.text == text


def test_a_misspelled_form_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(RequirementSyntaxError, match=r"did you mean at_least\?"):
        parse("all(atleast(2, a))")


@pytest.mark.parametrize(
    "text",
    [
        "all(select(type=course))",
        "select(type=course)",
        "any(at_most(3 from a))",
        "all(share(2 items between 1, 2))",
        "groups(a, b, share(2 items between 1, 3))",
        "groups(x: a, x: b)",
        "experience(role=teacher)",
        "degree(level=phd)",
        "held(a, grade>=Z)",
        "credits(0, a)",
        'manual("")',
        "at_least(2)",
        "(a)",
        "a)",
        '"a',
        "all(a)(b)",
        "credits(3 graduate graduate, a)",
        "held(a, area=x, area=y)",
        "a+",
        "select()",
        "credits(9, all(a))",
        "at_least(1.5, a)",
        "held(a, within=0mo of start)",
    ],
)
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(RequirementSyntaxError):
        parse(text)


def test_deep_nesting_is_read_and_deeper_is_refused_politely() -> None:
    deep = parse("all(" * 300 + "a" + ")" * 300)
    assert sum(1 for _ in walk(deep)) == 301
    assert render(from_json(to_json(deep))) == render(deep)
    with pytest.raises(RequirementSyntaxError, match="at most 500 forms"):
        parse("any(" * 20_000 + "a")
    with pytest.raises(RequirementSyntaxError, match="at most 8 groups"):
        parse("groups(" * 9 + "a" + ")" * 9)


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([], ""),
        ({"type": "every", "of": []}, "/type"),
        ({"of": []}, "/type"),
        ({"type": "all", "of": [{"type": "held"}]}, "/of/0/id"),
        ({"type": "all", "of": [{"type": "held", "id": "a", "grade": "B"}]}, "/of/0/grade"),
        ({"type": "all", "of": [{"type": "select", "subject": "ESL"}]}, "/of/0"),
        ({"type": "at_least", "n": "2", "of": [{"type": "held", "id": "a"}]}, "/n"),
        ({"type": "credits", "min_credits": -3, "of": [{"type": "held", "id": "a"}]}, "/min_credits"),
        ({"type": "none", "of": []}, "/of"),
        ({"type": "conflict", "of": [{"type": "held", "id": "a"}]}, "/of"),
        ({"type": "held", "id": "a", "of": [{"type": "held", "id": "b"}]}, "/of"),
        ({"type": "held", "id": "a", "within": {"months": 3, "anchor": "birth"}}, "/within/anchor"),
        ({"type": "select", "subject": "ESL"}, ""),
        ({"type": "groups", "names": ["x", 3], "of": []}, "/names/1"),
    ],
)
def test_a_wrong_json_shape_is_named_by_its_pointer(value: object, pointer: str) -> None:
    with pytest.raises(RequirementShapeError) as caught:
        from_json(value)
    assert caught.value.pointer == pointer
    assert isinstance(caught.value, PathwaysError)


def test_json_nested_too_deep_is_refused() -> None:
    value: dict[str, object] = {"type": "held", "id": "a"}
    for _ in range(600):
        value = {"type": "all", "of": [value]}
    with pytest.raises(RequirementShapeError, match="500 nested forms"):
        from_json(value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("all(a, b)", "all of: A; B"),
        (
            'at_least(15, select(issuer="MAESP", type=micro-credential), distinct)',
            "at least 15 different items of: any micro-credentials of MAESP",
        ),
        ("credits(9 semester graduate, a, b)", "9 graduate semester credits from: A; B"),
        ("open_all(a)", "listed parts (the full list is not published): A"),
        ("conflict(all(a, b), a)", "two pages disagree: (1) all of: A; B; (2) A"),
        ('held(a, area="Art", grade>=B, within=60mo of start)', "A in Art with grade B or better within 60 months before start"),
        ("any(a, all(b, c))", "one of: A; (all of: B; C)"),
        ("none(a)", "must not hold: A"),
        (
            "groups(core: a, b, share(1 items between core, 2))",
            "each of these, nothing counted twice, but core and 2 may count up to 1 item together: (core: A); (B)",
        ),
        (
            'all(degree(level=associate), license(place="US-OH", kind="teaching"))',
            "all of: an associate degree or higher; a license of US-OH (teaching)",
        ),
    ],
)
def test_a_rule_is_said_as_a_registrar_would(text: str, sentence: str) -> None:
    assert describe(parse(text), str.upper) == sentence
