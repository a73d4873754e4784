"""What is exported comes back: everything with this project's own properties, and nothing contradicted without them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import Catalog, RequirementKind
from pathways.catalog.formats.addresses import address, ctid
from pathways.catalog.formats.conditions_out import ConditionWriter
from pathways.catalog.formats.ctdl_out import to_ctdl
from pathways.catalog.formats.imported import Imported
from pathways.catalog.formats.read import read_json
from pathways.catalog.formats.transfers_out import transfer_values
from pathways.catalog.load import load
from pathways.credential import Credential, Select, Source
from pathways.record import LearnerRecord
from pathways.requirements.audit import audit
from pathways.requirements.json_form import from_json, to_json
from pathways.requirements.parse import parse
from pathways.requirements.render import render
from pathways.requirements.rules import Held, NoneOf, Requirement, walk
from pathways.requirements.verdicts import Truth
from pathways.units import CreditValue
from tests.builders import TODAY, agreement, catalog, course, credential, record, row
from tests.catalog.formats.graphs import as_bytes, codes, condition, read, resource, uri, without_own
from tests.requirements import small_worlds
from tests.requirements.small_worlds import WORLD
from tests.requirements.strategies import trees

_SAID_WHOLE = "the text, for a person"
small_trees = small_worlds.plain_trees | small_worlds.group_rules()
GOAL = credential("goal", type="stack")


def _plain_source(source: Source) -> Source:
    """A source without where in which file it stood."""
    return replace(source, file="", row=0)


def _bare(item: Credential | Agreement) -> Credential | Agreement:
    return replace(item, source=_plain_source(item.source))


def _world(rule: Requirement, kind: RequirementKind = "component") -> Catalog:
    return catalog(GOAL, *WORLD.credentials.values(), rows=(replace(row("goal", rule, kind), id="r1"),))


def _with_catalog_ids(rule: Requirement) -> Requirement:
    """The rule with ids a catalog may have: letters, digits, dots, dashes and underscores."""

    def rename(node: Any) -> Any:
        if isinstance(node, list):
            return [rename(one) for one in node]
        if not isinstance(node, dict):
            return node
        found = {key: rename(value) for key, value in node.items()}
        if found.get("type") == "held":
            found["id"] = "i" + re.sub(r"[^A-Za-z0-9_.-]", "-", found["id"], flags=re.ASCII)
        return found

    return from_json(rename(to_json(rule)))


def _back(whole: Catalog) -> Imported:
    return read_json(as_bytes(whole))


def test_the_bundled_catalog_comes_back_whole_and_its_second_export_is_the_same_to_the_byte() -> None:
    """Every credential, rule and agreement of the published catalog survives, and a second export changes nothing."""
    whole = load()
    first = as_bytes(whole)
    imported = read_json(first)
    again = imported.as_catalog()
    assert list(again.credentials) == list(whole.credentials)
    assert all(_bare(again.credentials[key]) == _bare(item) for key, item in whole.credentials.items())
    rules = {(one.id, one.credential_id, one.kind): one.rule for one in whole.requirements}
    assert {(one.id, one.credential_id, one.kind): one.rule for one in again.requirements} == rules
    assert {one.id: _bare(one) for one in again.agreements} == {one.id: _bare(one) for one in whole.agreements}
    assert as_bytes(again) == first
    assert imported.elsewhere == frozenset()


@given(trees.map(_with_catalog_ids), st.sampled_from(["component", "prerequisite", "corequisite", "precedes"]))
@settings(max_examples=60, deadline=None)
def test_every_form_of_the_language_comes_back_and_a_second_export_is_the_same(rule: Requirement, kind: RequirementKind) -> None:
    """Import, export, import: the rule is the same tree, the second export the same bytes, whatever the ids and words."""
    first = as_bytes(_world(rule, kind))
    imported = read_json(first)
    (found,) = imported.requirements
    assert (found.rule, found.kind, found.credential_id) == (rule, kind, "goal")
    assert as_bytes(imported.as_catalog()) == first


@given(
    small_worlds.plain_trees | small_worlds.group_rules(), small_worlds.records(4), st.sampled_from(["component", "prerequisite"])
)
@settings(max_examples=80, deadline=None)
def test_an_exported_rule_audits_every_small_record_alike(rule: Requirement, learner: LearnerRecord, kind: RequirementKind) -> None:
    """The rule that comes back says the same of a learner as the one that went out."""
    (found,) = _back(_world(rule, kind)).requirements
    assert audit(found.rule, learner, WORLD, (), on=TODAY).truth is audit(rule, learner, WORLD, (), on=TODAY).truth


@given(
    small_worlds.plain_trees | small_worlds.group_rules(), small_worlds.records(4), st.sampled_from(["component", "prerequisite"])
)
@settings(max_examples=80, deadline=None)
def test_other_programs_read_nothing_that_contradicts_the_rule(
    rule: Requirement, learner: LearnerRecord, kind: RequirementKind
) -> None:
    """The CTDL terms alone say met or unmet only where the rule does; what they cannot say is left to a person."""
    whole = _world(rule, kind)
    imported = read_json(without_own(to_ctdl(whole)))
    rules = [one.rule for one in imported.requirements if one.credential_id == ctid("credential", "goal")]
    assert len(rules) == 1
    named = {ctid("credential", key): key for key in whole.credentials}
    plain = parse(_renamed(rules[0], named))
    exact = audit(rule, learner, whole, (), on=TODAY).truth
    assert audit(plain, learner, whole, (), on=TODAY).truth in (exact, Truth.UNKNOWN)


def _renamed(rule: Requirement, named: dict[str, str]) -> str:
    text = render(rule)
    for address_id, key in named.items():
        text = text.replace(address_id, key)
    return text


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "all(a, b)",
        "any(a, b, c)",
        "at_least(2, a, b, c)",
        "at_least(2, a, d, all(b, c))",
        "none(a)",
        "none(any(a, b))",
        "all(e, at_least(2, a, b, c, d))",
        "held(a, grade>=B)",
        "credits(6, a, b, c)",
        "credits(6 semester, a, b, c)",
        "credits(6 quarter, held(a, grade>=B), held(b, grade>=B))",
        'all(a, manual("a person decides"))',
        "any(c, all(a, b))",
    ],
)
def test_what_ctdl_has_terms_for_is_read_the_same_by_any_program(text: str) -> None:
    """Lists, counts, prohibitions, grades and credits from a set need nothing but CTDL's own terms."""
    whole = _world(parse(text.replace("held(a, grade>=B), held(b, grade>=B)", "a, b, grade>=B")))
    (found,) = read_json(without_own(to_ctdl(whole))).requirements
    named = {ctid("credential", key): key for key in whole.credentials}
    assert parse(_renamed(found.rule, named)) == parse(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("all(a, b)", "all(a, b)"),
        ("any(a, all(b, c))", "any(a, all(b, c))"),
        ("at_least(2, a, b, c)", "any(all(a, b), all(a, c), all(b, c))"),
        ("credits(12 semester, select(type=course, open))", "credits(12 semester, select(type=course, open))"),
        ("all(e, credits(12 semester, select(type=course, open)))", "all(e, credits(12 semester, select(type=course, open)))"),
        ("none(a)", 'manual("none(a)")'),
        ("credits(6 semester, a, b)", 'manual("credits(6 semester, a, b)")'),
        ("all()", 'manual("all()")'),
        ("at_least(2, a, a, b)", 'manual("at_least(2, a, a, b)")'),
        (f"all({', '.join(['any(a, b)', 'any(c, d)', 'any(e, f)', 'any(a, d)', 'any(b, e)'])})", _SAID_WHOLE),
        ("at_least(2, any(a, b, c, d, e), any(a, b, c, d, f), goal)", _SAID_WHOLE),
        (
            "all(a, credits(12 semester, select(type=course, open)))",
            'all(a, manual("credits(12 semester, select(type=course, open))"))',
        ),
    ],
)
def test_what_must_come_first_is_a_profile_with_its_alternatives(text: str, read: str) -> None:
    """A profile holds what is needed together, its alternatives the other ways; two of three become three ways."""
    whole = _world(parse(text), "prerequisite")
    (found,) = read_json(without_own(to_ctdl(whole))).requirements
    named = {ctid("credential", key): key for key in whole.credentials}
    assert _renamed(found.rule, named) == (f'manual("{text}")' if read == _SAID_WHOLE else read)


def test_two_of_three_comes_in_is_understood_and_goes_out_meaning_the_same() -> None:
    """Two of three parts: neither one nor the wrong two are enough, before and after an export."""
    imported = read_two_of_three()
    (first,) = imported.requirements
    (second,) = read_json(as_bytes(imported.as_catalog())).requirements
    assert (first.rule, first.id) == (second.rule, second.id)
    parts = [item.id for item in imported.credentials if item.type == "course"]
    for held, truth in ((parts[:1], Truth.UNMET), (parts[:2], Truth.MET), (parts[1:], Truth.MET)):
        for one in (first, second):
            assert audit(one.rule, record(*held), imported.as_catalog(), (), on=TODAY).truth is truth


def read_two_of_three() -> Imported:
    """A pathway asking for two of three courses."""
    parts = [resource(number, "CourseComponent") for number in (2, 3, 4)]
    pathway = resource(99, "Pathway", hasDestinationComponent=[uri(1)], hasPart=[uri(1), uri(2), uri(3), uri(4)])
    return read(pathway, resource(1, "CredentialComponent", hasCondition=[condition(2, 3, 4, requiredNumber=2)]), *parts)


def test_one_credential_is_exported_with_what_it_names_and_nothing_else() -> None:
    """A part of the catalog names the rest: the import knows their ids, and gives way to what the catalog has of them."""
    whole = catalog(
        course("a"), credential("b", type="stack"), course("c"),
        rows=(row("b", parse("all(a, c)")), row("c", parse("a"), "prerequisite")),
        agreements=(agreement("a", "b"), agreement("a", "c"), agreement("b", "c", kind="recommends", mode=None)),
    )  # fmt: skip
    imported = read_json(to_ctdl(whole, ids=["b"]))
    assert {item.id for item in imported.credentials} == {"a", "b", "c"}
    assert imported.elsewhere == {"a", "c"}
    assert [one.rule for one in imported.requirements] == [parse("all(a, c)")]
    assert {(one.kind, one.to_id) for one in imported.agreements} == {("posts_credit", "b"), ("recommends", "c")}
    first = as_bytes(imported.as_catalog())
    assert as_bytes(read_json(first).as_catalog()) == first


def test_a_changed_ctdl_part_overrules_our_own_properties() -> None:
    """Somebody edits the exported file with another program: what stands in the open is read, and the change is named."""
    exported = to_ctdl(catalog(credential("b", type="stack"), course("a"), course("c"), rows=(row("b", parse("all(a, c)")),)))
    (destination,) = [node for node in exported["@graph"] if "ceterms:hasCondition" in node]
    destination["ceterms:hasCondition"][0]["ceterms:requiredNumber"] = 1
    credential_node = exported["@graph"][0]
    credential_node["ceterms:name"] = {"en-US": "A better name"}
    imported = read_json(exported)
    assert [one.rule for one in imported.requirements] == [parse("any(a, c)")]
    assert next(item.name for item in imported.credentials if item.id == "b") == "A better name"
    assert "changed-outside" in codes(imported)


def test_agreements_keep_everything_they_say() -> None:
    """Dates, fees, grades, limits and places of an agreement come back; only those that transfer go into a transfer file."""
    rich = agreement(
        "a;b", "c", credits=CreditValue(Fraction(1, 3), "Act 48 hour", "graduate"), maximum=True, min_grade="B-",
        effective_from=date(2024, 1, 1), effective_until=date(2025, 1, 1), fee_usd=Decimal("62.50"), fee_per="credit",
        approval_first=True, conditions="only in spring",
    )  # fmt: skip
    words = replace(agreement("a", "c", kind="pay", mode=None), to_id=None, to_text="credit elsewhere")
    renewing = agreement("a", "c", id="ag-renew", kind="renewal", mode=None, source=Source("", "inferred", ""), institution="")
    nobodys = agreement("b", "a", id="ag-nobody", source=Source("", "inferred", ""), institution="")
    items = (course("a", source=Source("", "inferred", "")), course("b"), course("c", issuer=""))
    whole = catalog(*items, agreements=(rich, words, renewing, nobodys))
    back = read_json(as_bytes(whole)).agreements
    assert {_bare(one) for one in back} == {_bare(one) for one in whole.agreements}
    alone = transfer_values(whole.agreements[:3])
    assert [node["@type"] for node in alone["@graph"]] == [
        "ceterms:TransferValueProfile", "ceterms:TransferAgreement", "ceterms:CredentialOrganization",
    ]  # fmt: skip
    assert [_bare(one) for one in read_json(alone).agreements] == [_bare(rich)]


def test_addresses_are_the_registrys_for_its_own_ids_and_never_a_page_that_nobody_serves() -> None:
    """A CTID keeps its registry address; other ids get a name that is no web address."""
    assert address("credential", uri(1).rpartition("/")[2]) == uri(1)
    assert address("credential", "letrs-u1").startswith("urn:uuid:")


def test_a_very_long_selection_is_left_to_a_person() -> None:
    """A list of more than five hundred items is said in words rather than written out."""
    many = catalog(*(course(f"c{number}") for number in range(600)))
    writer = ConditionWriter(many, str)
    assert "manual" not in str(writer.write(parse("at_least(2, c1, c2)")))
    written = writer.write(parse("at_least(2, select(type=course))"))
    assert written["ceterms:description"] == {"en-US": "at_least(2, select(type=course))"}
    assert "ceterms:targetComponent" in ConditionWriter(WORLD, str).write(parse("at_least(2, select(subject=reading))"))


def test_a_credential_keeps_every_field_it_has() -> None:
    """All fields of a credential come back, those CTDL has no term for too."""
    full = credential(
        "x.1", type="endorsement", level="graduate", hours=Fraction(1, 3), cost_usd=Decimal("12.34"), validity_months=60,
        credits=CreditValue(Fraction(3), "semester", "graduate"), assessment="portfolio", transcripted=False, generic=True,
        stands_for=Select(issuer="Issuer"), offer_from=date(2020, 1, 1), offer_until=date(2030, 1, 1), retired_on=date(2031,
        1, 1),
        competencies=("reads", "writes"), status="retired", description="Two\u00a0words",
    )  # fmt: skip
    (back,) = read_json(as_bytes(catalog(full))).credentials
    assert _bare(back) == _bare(replace(full, description="Two words"))


def test_prohibitions_stay_prohibitions() -> None:
    """The tree that comes back has its ``none`` where it was."""
    (found,) = _back(_world(parse("all(a, none(b))"))).requirements
    assert [type(node) for node in walk(found.rule)].count(NoneOf) == 1
    assert Held("b") in list(walk(found.rule))
