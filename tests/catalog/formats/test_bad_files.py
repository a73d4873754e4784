"""Files that are broken, hostile or too much: each reason named, nothing taken over, no crash and no waiting."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest

from pathways.catalog.formats.ctdl_out import to_ctdl
from pathways.catalog.formats.exact import digest, sealed
from pathways.catalog.formats.imported import ImportProblem, ImportRejectedError
from pathways.catalog.formats.json_stream import MAX_NESTED, CountedFile, from_bytes, member
from pathways.catalog.formats.read import read_file, read_json
from pathways.catalog.formats.reading import MAX_PROBLEMS, Reading
from pathways.requirements.parse import parse
from pathways.requirements.render import render
from tests.builders import agreement, catalog, course, credential, row
from tests.catalog.formats.graphs import (
    CONTEXT,
    THINGS,
    as_bytes,
    codes,
    condition,
    credit_value,
    ctid,
    graph,
    profile,
    read,
    read_required,
    rejected,
    resource,
    short,
    uri,
)


def exported_with_agreements() -> dict[str, Any]:
    """A small catalog with a row of each kind and agreements of each shape, as a file."""
    whole = catalog(
        credential("a", type="stack"), course("b"), course("c"),
        rows=(row("a", parse("b")), row("a", parse("c"), "prerequisite"), row("a", parse("c"), "precedes")),
        agreements=(
            agreement("b", "a"), agreement("c", "a", kind="recommends", mode=None), agreement("b", "a", kind="pay", mode=None),
        ),
    )  # fmt: skip
    found: dict[str, Any] = json.loads(json.dumps(to_ctdl(whole)))
    return found


def refused(data: object) -> tuple[ImportProblem, ...]:
    """Problems of a document that is not taken over."""
    with pytest.raises(ImportRejectedError) as error:
        read_json(data, name="file.json")
    assert str(error.value).startswith("file.json: $")
    return error.value.problems


NOT_JSON = [
    ("a trailing comma", b'[{"a": 1},]'), ("two documents in one file", b'{"a": 1}\n{"a": 2}'), ("nothing at all", b""),
    ("only spaces", b" \n"), ("cut short", b'{"a": [1'), ("a number JSON does not have", b'{"a": NaN}'),
    ("a comment", b'// c\n{"a": 1}'), ("UTF-16", '{"a": 1}'.encode("utf-16")), ("bytes that are no text", b'{"a": "\xff\xfe"}'),
    ("a number of 5,000 digits", b'{"a": ' + b"9" * 5000 + b"}"), ("a line break in a text", b'{"a": "\n"}'), ("no value", b"nul"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "data"), NOT_JSON, ids=[one[0] for one in NOT_JSON])
def test_what_is_not_one_strict_json_document_is_rejected(said: str, data: bytes) -> None:
    """Publishers' folders hold such files; a guess at what was meant would be a wrong catalog."""
    (problem,) = refused(data)
    assert problem.code == "not-json"
    assert "one JSON document" in problem.text, said


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"@graph": [{"@id": "x", "a": 1, "a": 2}]}', "$['@graph'][0].a"),
        (b'{"@graph": [], "@graph": []}', "$['@graph']"),
        (b'[{"x": {"it\'s": [0, {"k": 1, "k": 2}]}}]', "$[0].x['it\\'s'][1].k"),
    ],
)
def test_a_key_that_stands_twice_is_rejected_with_its_place(data: bytes, place: str) -> None:
    """Readers differ in which of the two they keep."""
    (problem,) = refused(data)
    assert (problem.code, problem.place) == ("duplicate-key", place)


@pytest.mark.parametrize(
    "data",
    [
        rb'["\ud800"]', rb'["a\ud800b"]', rb'["\udc00"]', rb'["\ud800\u0041"]', rb'["\ud83d\ud83d"]',
        b'["' + b"x" * 65_530 + rb'\ud800"]', b'["' + b"x" * 65_531 + rb'\ud800\n"]', rb'["\ud800\\"]',
        rb'["\ud800\uZZZZ and on"]',
    ],
)  # fmt: skip
def test_half_a_character_is_rejected(data: bytes) -> None:
    """The parser would put a question mark in its place without a word."""
    (problem,) = refused(data)
    assert problem.code == "not-text"


@pytest.mark.parametrize("before", [*range(10), *range(65_520, 65_536)])
def test_whole_characters_in_two_parts_are_read_wherever_the_file_is_cut(before: int) -> None:
    """Emoji written as two escapes may fall on the border of two reads."""
    data = b'["' + b"x" * before + rb"\ud83d\ude00\\u0041\"" + b'"]'
    ((_, value),) = from_bytes(data)
    assert value == "x" * before + '😀\\u0041"'


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Files saved by Windows programs begin with one."""
    assert list(from_bytes(b"\xef\xbb\xbf[1]")) == [("$[0]", 1)]
    one_by_one = CountedFile(io.BytesIO(b"\xef\xbb\xbf[1]"))
    assert one_by_one.read(3) == b"[1]"
    assert list(from_bytes(b"7")) == [("$", 7)]
    assert member("$", "x" * 100).endswith("...']")


@pytest.mark.parametrize("data", [b"[" * 20_000 + b"]" * 20_000, b'{"@graph": [' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"]}"])
def test_objects_nested_without_end_are_rejected(data: bytes) -> None:
    """Twenty thousand brackets: a reason, not a crash."""
    (problem,) = refused(data)
    assert problem.code == "nested-too-deep"


def test_values_from_another_reader_are_held_to_the_same_depth() -> None:
    """What comes in as objects instead of bytes is no deeper."""
    deep: Any = []
    for _ in range(MAX_NESTED + 5):
        deep = [deep]
    assert [one.code for one in refused(deep)] == ["nested-too-deep"]


UNKNOWN = [
    (b"{}", "unknown-format"), (b"[]", "nothing-in-it"), (b"[[]]", "unknown-format"), (b"true", "unknown-format"),
    (b'{"$schema": "x", "properties": {}}', "unknown-format"), (b'{"@type": "ceterms:Place"}', "unknown-format"),
    (b'[{"@type": "ceterms:Badge"}, 5]', "not-an-object"), (b'[{"CFItems": []}, 5]', "not-an-object"),
    (b'{"CFItems": [5]}', "not-an-object"), (b'{"CFItems": []}', "not-a-package"),
    (b'[{"skillStatement": "x"}, 5]', "not-a-descriptor"),
    (b'{"type": "RichSkillDescriptor"}', "not-a-descriptor"), (b'{"CFItems": [{"identifier": "1"}]}', "not-a-competency"),
    (b'{"CFItems": [], "CFDocument": {}, "CFAssociations": [{"associationType": "x"}]}', "dangling-target"),
    (b'{"@context": "https://example.org/c", "@type": "ceterms:Badge"}', "context"),
    (b'{"@context": {"@vocab": "https://example.org/"}, "@type": "ceterms:Badge"}', "context"),
    (b'{"@context": {"ceterms": "https://example.org/"}, "@graph": []}', "context"), (b'{"@context": 5, "@graph": []}', "context"),
    (b'{"@context": "https://example.org/c", "skillStatement": "x"}', "context"),
    (b'{"@context": {"pathways": "https://example.org/"}, "@graph": []}', "context"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), UNKNOWN)
def test_what_is_none_of_the_formats_is_rejected(data: bytes, code: str) -> None:
    """Schemas, other lists, contexts that would give the terms another meaning: nothing is fetched to find out."""
    assert code in {one.code for one in refused(data)}


def test_usual_contexts_are_known_without_fetching() -> None:
    """Registry contexts with http or https, namespaces spelled out, languages."""
    contexts: list[Any] = [
        CONTEXT, "http://credreg.net/ctdlasn/schema/context/json", None,
        {"ceterms": "https://purl.org/ctdl/terms/", "@language": "en", "x": "https://example.org/x#"},
    ]  # fmt: skip
    assert read_json({"@context": contexts, "@graph": [resource(1)]}).credentials


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """The name and the system's word."""
    with pytest.raises(ImportRejectedError, match=r"absent\.json: \$: No such file") as error:
        read_file(tmp_path / "absent.json")
    assert error.value.problems[0].code == "not-readable"


def test_a_ring_of_requirements_is_named() -> None:
    """One needs two, two needs three, three needs one: never to be earned."""
    nodes = [resource(one, requires=[profile(other)]) for one, other in ((1, 2), (2, 3), (3, 1))]
    (problem,) = rejected(*nodes).problems
    assert problem.code == "cycle"
    assert short(problem.text).endswith("c1 -> c2 -> c3 -> c1")
    long = [resource(one, requires=[profile(one % 30 + 1)]) for one in range(1, 31)]
    assert "..." in rejected(*long).problems[0].text


def test_a_thing_that_requires_itself_is_rejected() -> None:
    """The shortest ring."""
    (problem,) = rejected(resource(1, requires=[profile(1)])).problems
    assert short(problem.text).endswith("c1 -> c1")
    assert problem.place == "$['@graph'][0]['ceterms:requires'][0]"


def test_conditions_inside_themselves_are_rejected() -> None:
    """An alternative of itself, a condition inside itself, a part that gathers itself."""
    itself = {"@type": "ceterms:ConditionProfile", "@id": "_:p", "ceterms:alternativeCondition": ["_:p"]}
    assert rejected(resource(1, requires=["_:p"]), itself).problems[0].code == "cycle"
    inner = {"@type": "ceterms:ComponentCondition", "@id": "_:c", "ceterms:hasCondition": [{"@id": "_:c"}]}
    assert rejected(resource(1, "CredentialComponent", hasCondition=["_:c"]), inner).problems[0].code == "cycle"
    part = resource(2, "SelectionComponent", hasCondition=[condition(2)])
    assert rejected(resource(1, "CredentialComponent", hasCondition=[condition(2)]), part).problems[0].code == "cycle"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (condition(2, 3, requiredNumber=3), "more-than-listed"),
        (condition(2, 2, requiredNumber=2), "more-than-listed"),
        (condition(2, requiredNumber=0), "not-a-count"),
        (condition(2, requiredNumber="two"), "not-a-count"),
        (condition(2, requiredNumber=1.5), "not-a-count"),
        (condition(2, requiredConstraints=1), "more-than-listed"),
        (condition(50), "dangling-target"),
        (condition(hasCondition=[5]), "dangling-target"),
        (condition(hasCondition=["_:nowhere"]), "dangling-target"),
        (condition(hasCondition=[uri(2)]), "dangling-target"),
    ],
)
def test_conditions_that_cannot_be_met_or_found_are_rejected(given: dict[str, Any], code: str) -> None:
    """Three of two, a part that is not in the pathway's file, a number that is none."""
    problems = rejected(resource(1, "CredentialComponent", hasCondition=[given]), *(resource(n, "Course") for n in (2, 3))).problems
    assert code in {one.code for one in problems}


def test_a_pathway_without_its_parts_and_a_blank_node_that_is_nowhere_are_rejected() -> None:
    """A blank node has no meaning outside its file."""
    assert rejected(resource(1, "Pathway", hasDestinationComponent=[uri(7)])).problems[0].code == "dangling-target"
    assert rejected(resource(1, requires=[profile(targetCredential=["_:x"])])).problems[0].code == "dangling-target"


def test_five_thousand_parts_and_three_hundred_conditions_are_read_in_time() -> None:
    """Wide and deep files are answered, not waited for."""
    began = time.process_time()
    parts = [resource(number, "CourseComponent") for number in range(2, 5002)]
    wide = condition(*range(2, 5002), requiredNumber=2500)
    imported = read(resource(1, "CredentialComponent", hasCondition=[wide]), *parts)
    assert render(imported.requirements[0].rule).startswith("at_least(2500, ce-")
    deep = condition(2)
    for _ in range(300):
        deep = condition(hasCondition=[deep])
    assert read_required(deep) == "c2"
    assert time.process_time() - began < 5


def test_rules_nested_deeper_than_answers_can_be_are_rejected() -> None:
    """Three hundred prohibitions inside one another cannot be shown to anybody."""
    deep = condition(2)
    for _ in range(300):
        deep = condition(logicalOperator="logic:Not", hasCondition=[deep])
    problems = rejected(resource(1, "CredentialComponent", hasCondition=[deep]), resource(2, "CourseComponent")).problems
    assert [one.code for one in problems] == ["nested-too-deep"]


def test_many_problems_are_listed_to_a_number() -> None:
    """A file that is broken throughout is not a book."""
    broken = [resource(number, "Pathway", hasPart=[uri(9000 + number)]) for number in range(1, 150)]
    assert len(rejected(*broken).problems) == MAX_PROBLEMS


def test_text_is_stored_composed_without_hidden_characters_and_look_alikes_are_flagged() -> None:
    """Direction marks and zero-width characters go, joiners stay; letters of two alphabets in one word are named."""
    node = resource(1)
    node["ceterms:name"] = {"en-US": "Cafe\u0301 \u202eevil\u202c\u200b"}
    imported = read(node)
    assert imported.credentials[0].name == "Caf\u00e9 evil"
    assert [one.text for one in imported.warnings] == ["invisible characters taken out: U+200B, U+202C, U+202E"]
    reading = Reading("f")
    assert reading.clean("\u0643\u200c\u0643", "$") == "\u0643\u200c\u0643"
    assert (
        reading.clean("p\u0430ypal and \u043c\u0438\u0440 \u00e9t\u00e9", "$") == "p\u0430ypal and \u043c\u0438\u0440 \u00e9t\u00e9"
    )
    assert reading.clean(" two\n lines\t", "$") == "two lines"
    assert [one.code for one in reading.warnings()] == ["invisible-characters", "mixed-scripts"]


def test_two_names_that_look_alike_stay_two_things() -> None:
    """Composed and decomposed spellings are one name; a Cyrillic letter makes another."""
    names = ("Caf\u00e9", "Cafe\u0301", "C\u0430fe\u0301")
    nodes = [{**resource(number), "ceterms:name": name} for number, name in enumerate(names, 1)]
    imported = read(*nodes)
    assert len({item.name for item in imported.credentials}) == 2
    assert "mixed-scripts" in codes(imported)


@pytest.mark.parametrize("value", [1e308, -3, "1e5", True, "many", 100_001, [[1]]])
def test_amounts_out_of_range_are_flagged_and_never_used(value: object) -> None:
    """1e308 credits is a typing error, minus three is none."""
    imported = read(resource(1, creditValue=[credit_value(value)], minimumAge=3))
    assert imported.credentials[0].credits is None
    assert {"out-of-range", "unread-property"} & codes(imported)


def test_amounts_are_exact() -> None:
    """A tenth and two tenths are three tenths, in bytes and in values; a number of a billion digits is no amount."""
    for data in (
        json.dumps(graph(resource(1, creditValue=[credit_value(0.1)]))).encode(),
        graph(resource(1, creditValue=[credit_value(0.1)])),
    ):
        (item,) = read_json(data).credentials
        assert item.credits is not None
        assert item.credits.amount * 3 * 10 == 3
    huge = json.dumps(graph(resource(1, creditValue=[credit_value("X")]))).replace('"X"', "1e999999999").encode()
    assert read_json(huge).credentials[0].credits is None


OWN = [
    ("rule", "all("), ("rule", 5), ("kind", "wish"), ("source", []), ("source", {"confidence": "sure"}), ("row", 7),
    ("name", {}), ("type", "medal"), ("competencies", "x"), ("status", "old"), ("level", "high"), ("hours", "-1"),
    ("cost_usd", "free"), ("cost_usd", "-1"), ("validity_months", 0), ("offer_from", "soon"), ("stands_for", "a"),
    ("stands_for", "at_least("),
    ("credits", {"amount": "x"}), ("credits", {"amount": "1", "unit": "CEU", "level": "x"}), ("place", 5), ("from", []),
    ("fee_per", "hour"), ("mode", "maybe"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), OWN)
def test_own_properties_that_do_not_read_are_rejected(name: str, value: object) -> None:
    """Whoever writes our properties writes them whole; a half-read rule would be a wrong one."""
    exported = exported_with_agreements()

    def spoil(node: Any) -> None:
        if isinstance(node, dict):
            for key, one in node.items():
                if key == "pathways:exact":
                    for holder in [one, *one.get("rows", [])]:
                        holder[name] = value
                else:
                    spoil(one)
        elif isinstance(node, list):
            for one in node:
                spoil(one)

    spoil(exported)
    with pytest.raises(ImportRejectedError) as error:
        read_json(exported)
    assert {one.code for one in error.value.problems} == {"own-terms"}


def test_texts_of_own_properties_are_cleaned_as_any_others() -> None:
    """Nobody hides a direction mark in a property only this project reads."""
    (item,) = read_json(as_bytes(catalog(credential("a", name="A\u202eB")))).credentials
    assert item.name == "AB"


def test_an_unusable_own_id_and_rows_that_are_no_rows_do_no_harm() -> None:
    """An id with spaces is not taken; a list of rows with something else in it is rejected."""
    node = {**resource(1), "pathways:id": "not an id"}
    assert read(node).credentials[0].id == ctid(1)
    odd = sealed(resource(1, "CredentialComponent"), {"rows": [5]})
    assert rejected(odd, *THINGS).problems[0].code == "own-terms"


def test_a_fingerprint_does_not_depend_on_how_a_value_is_spelled() -> None:
    """One value or a list of one, a number or its text, a prefix or none: the same; another value is another fingerprint."""
    assert digest({"ceterms:a": [1.50], "x": {"@id": "y"}}) == digest({"a": "1.5", "x": "y"})
    assert digest({"a": True}) != digest({"a": False})
    assert digest({"a": 1}) != digest({"a": -1})


def test_progress_is_told_in_bytes_of_both_looks(tmp_path: Path) -> None:
    """A bar goes from nothing to the whole, never back."""
    path = tmp_path / "graph.json"
    path.write_text(json.dumps(graph(resource(1))))
    told: list[tuple[int, int]] = []
    read_file(path, progress=lambda done, whole: told.append((done, whole)))
    assert told == sorted(told)
    assert told[-1] == (2 * path.stat().st_size,) * 2
