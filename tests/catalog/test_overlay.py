"""Laws of what lies on a catalog: nothing changes nothing, later wins, what comes off leaves no trace, differences add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.catalog.difference import counts, difference, requirement_texts
from pathways.catalog.entities import Catalog
from pathways.catalog.load import load
from pathways.catalog.overlay import NOTHING, Approved, Import, LocalRule, Overlay, apply, dated, local_source, placed
from pathways.errors import DataError
from pathways.places import Place
from pathways.requirements.parse import parse
from tests.builders import TODAY, agreement, catalog, course, credential, row

NAMES = ("a", "b", "c", "d")
BASE = catalog(*(credential(name) for name in NAMES), credential("goal"), rows=(row("goal", parse("all(a, b)")),))
OHIO, MAINE = Place("US", "US-OH"), Place("US", "US-ME")

files = st.builds(
    lambda number, names, rule: Import(
        f"f{number}",
        f"f{number}.json",
        tuple(credential(name, name=f"{name} of {number}") for name in names),
        (replace(row("goal", parse(rule)), id=f"row{number}"),) if rule else (),
    ),
    st.integers(0, 99),
    st.sets(st.sampled_from((*NAMES, "new", "newer"))),
    st.sampled_from(("", "any(a, b)", "at_least(2, a, b, c)", "all(c, d)")),
)
overlays = st.lists(files, max_size=5).map(lambda found: Overlay(repr([item.id for item in found]), tuple(found)))


def rule(text: str, place: Place = OHIO, **more: object) -> LocalRule:
    made = LocalRule("r1", "goal", "component", parse(text), local_source("a call", TODAY, place), place)
    return replace(made, **more)  # type: ignore[arg-type]


def texts(found: Catalog) -> str:
    return requirement_texts(found, "goal")["component"]


def content(found: Catalog) -> object:
    return found.credentials, found.requirements, found.agreements


def test_nothing_on_a_catalog_is_the_catalog_itself() -> None:
    assert apply(BASE, NOTHING, on=TODAY) is BASE
    assert apply(BASE, Overlay("x", rules=(rule("c"),)), on=TODAY, here=MAINE) is BASE
    assert NOTHING.is_empty


@given(overlays)
def test_the_catalog_underneath_never_changes(overlay: Overlay) -> None:
    before = content(BASE)
    apply(BASE, overlay, on=TODAY)
    assert content(BASE) == before


@given(overlays)
def test_the_last_file_that_names_a_thing_decides_what_it_is(overlay: Overlay) -> None:
    found = apply(BASE, overlay, on=TODAY)
    for name in found.credentials:
        last = [entry for item in overlay.imports for entry in item.credentials if entry.id == name]
        assert found.credentials[name] == (last[-1] if last else BASE.credentials[name])
    rows = [item.requirements for item in overlay.imports if item.requirements]
    assert found.requirements == (rows[-1] if rows else BASE.requirements)


@given(overlays, overlays)
def test_one_overlay_after_the_other_is_both_at_once(first: Overlay, second: Overlay) -> None:
    both = Overlay("both", (*first.imports, *second.imports))
    assert content(apply(apply(BASE, first, on=TODAY), second, on=TODAY)) == content(apply(BASE, both, on=TODAY))


@given(overlays, overlays)
def test_a_difference_read_backwards_is_the_difference_backwards(first: Overlay, second: Overlay) -> None:
    one, other = apply(BASE, first, on=TODAY), apply(BASE, second, on=TODAY)
    there, back = difference(one, other), difference(other, one)
    assert sorted((item.thing, item.id, item.part, item.before, item.after) for item in there) == sorted(
        (item.thing, item.id, item.part, item.after, item.before) for item in back
    )
    assert difference(one, one) == ()
    swapped = {"added": "removed", "removed": "added", "changed": "changed"}
    assert counts(there) == {f"{name.rpartition('_')[0]}_{swapped[name.rpartition('_')[2]]}": n for name, n in counts(back).items()}


def test_a_version_names_what_lies_on_it() -> None:
    overlay = Overlay("x", rules=(rule("c"),))
    ohio, everywhere = apply(BASE, overlay, on=TODAY, here=OHIO), apply(BASE, overlay, on=TODAY)
    assert ohio.version != BASE.version == everywhere.version
    assert len(ohio.version) == len(BASE.version)
    assert ohio.version == apply(BASE, overlay, on=TODAY, here=OHIO).version


def test_a_local_rule_stands_in_place_of_the_published_one_or_beside_it() -> None:
    stands = apply(BASE, Overlay("x", rules=(rule("c"),)), on=TODAY, here=OHIO)
    adds = apply(BASE, Overlay("x", rules=(rule("c", adds=True),)), on=TODAY, here=OHIO)
    assert (texts(BASE), texts(stands), texts(adds)) == ("all(a, b)", "c", "all(all(a, b), c)")
    assert [change.how for change in difference(BASE, stands)] == ["changed"]


def test_a_local_rule_of_one_kind_leaves_the_others() -> None:
    stands = apply(BASE, Overlay("x", rules=(rule("c", kind="prerequisite"),)), on=TODAY, here=OHIO)
    assert requirement_texts(stands, "goal") == {"component": "all(a, b)", "prerequisite": "c"}


@pytest.mark.parametrize(("first", "last"), [(None, None), (0, None), (None, 0), (0, 0), (1, None), (None, -1)])
def test_a_rule_holds_from_its_first_day_to_its_last(first: int | None, last: int | None) -> None:
    begins, ends = (None if days is None else TODAY + timedelta(days=days) for days in (first, last))
    made = replace(rule("c"), valid_from=begins, valid_until=ends)
    assert made.holds(TODAY, OHIO) is ((first or 0) <= 0 <= (last or 0))
    overlay = Overlay("x", rules=(made,))
    assert dated(overlay) is (first is not None or last is not None)
    assert placed(overlay)


def test_a_district_is_narrower_than_its_state() -> None:
    district = Place("US", "US-OH", "Columbus City Schools")
    made = rule("c", district)
    assert made.holds(TODAY, district)
    assert not made.holds(TODAY, OHIO)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (rule("nosuch"), "nosuch"),
        (rule("goal"), "goal"),
        (rule("c", credential_id="gaol"), 'Did you mean "goal"?'),
        (rule("c", Place(institution="Nobody")), '"Issuer", which awards goal'),
    ],
)
def test_what_would_not_load_as_a_catalog_is_refused(made: LocalRule, says: str) -> None:
    with pytest.raises(DataError) as caught:
        apply(BASE, Overlay("x", rules=(made,)), on=TODAY, here=OHIO)
    assert says in str(caught.value)


def test_an_institution_is_the_same_however_it_is_capitalized() -> None:
    found = apply(BASE, Overlay("x", rules=(rule("c", Place(institution="ISSUER")),)), on=TODAY)
    assert texts(found) == "c"


def test_an_approved_agreement_brings_its_course_where_the_catalog_has_none() -> None:
    entry = Approved(agreement("a", "read-101"), (course("read-101", name="Reading"), credential("a", name="Not this one")))
    found = apply(BASE, Overlay("x", approved=(entry,)), on=TODAY)
    assert found.agreements[0].to_text == "Reading"
    assert found.credentials["a"] is BASE.credentials["a"]
    assert counts(difference(BASE, found)) == {"agreements_added": 1, "credentials_added": 1}


def test_a_difference_says_which_field_it_is() -> None:
    after = replace(BASE, credentials={**BASE.credentials, "a": credential("a", name="Other", competencies=("x", "y"))})
    found = {(item.part, item.before, item.after) for item in difference(BASE, after)}
    assert found == {("name", "A", "Other"), ("competencies", "nothing", "x; y")}


def test_the_bundled_catalog_takes_a_rule_and_gives_it_back() -> None:
    bundled = load()
    made = replace(rule("all(letrs-v1, letrs-v2)"), credential_id="oh-reading-endorsement")
    found = apply(bundled, Overlay("x", rules=(made,)), on=date(2026, 11, 21), here=OHIO)
    assert [(item.thing, item.id, item.part) for item in difference(bundled, found)] == [
        ("requirement", "oh-reading-endorsement", "component")
    ]
