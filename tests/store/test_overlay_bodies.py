"""What is kept comes back exactly: every fact, rule and agreement of the bundled catalog, and every local rule."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from api.store.overlay_bodies import PART, approved_text, import_parts, read_approved, read_import, read_rule, rule_text
from pathways.catalog.formats.imported import Alignment, Competency, Imported, Link
from pathways.catalog.load import load
from pathways.catalog.overlay import Approved, LocalRule, local_source
from pathways.places import Place
from pathways.requirements.parse import parse
from tests.builders import TODAY, agreement, course


def test_a_whole_catalog_comes_back_as_it_was_kept() -> None:
    bundled = load()
    items = tuple(bundled.credentials.values())
    kept = Imported("ctdl", items, bundled.requirements, bundled.agreements, (), (), elsewhere=frozenset({"b", "a"}))
    back = read_import("7", "file.json", import_parts(kept))
    assert (back.id, back.file, back.elsewhere) == ("7", "file.json", kept.elsewhere)
    assert (back.credentials, back.requirements, back.agreements) == (items, bundled.requirements, bundled.agreements)
    assert len(list(import_parts(kept))) == -(-len(items) // PART) > 1


def test_competencies_and_links_of_a_file_are_kept_too() -> None:
    skill = Competency("c1", "Phonics", "Teaches phonics", "f1", ("K.1",), (Alignment("exact", "c2"),), ("c0",))
    kept = Imported("case", (), (), (), (skill,), (), (Link("teaches", "a", "c1"),))
    [text] = import_parts(kept)
    assert "Teaches phonics" in text
    assert '"kind":"teaches"' in text


@pytest.mark.parametrize(
    "place", [Place("US", "US-OH"), Place("US", "US-OH", "Columbus City Schools"), Place(institution="State College")]
)
def test_a_local_rule_comes_back_as_it_was_kept(place: Place) -> None:
    tree = parse('all(at_least(2, a, b, c), credits(9 semester graduate, select(subject="reading"), grade>=B), manual("ask"))')
    source = local_source("a call, 2026-11-20", TODAY, place)
    rule = LocalRule("r1", "goal", "prerequisite", tree, source, place, adds=True, valid_from=date(2026, 1, 1))
    assert read_rule("r1", rule_text(rule)) == rule


def test_an_approved_agreement_comes_back_as_it_was_kept() -> None:
    entry = Approved(agreement("a;b", "c", effective_until=TODAY, min_grade="B"), (course("c", "1/3"),))
    assert read_approved(approved_text(entry)) == entry


def test_what_was_not_written_by_this_program_is_refused() -> None:
    with pytest.raises(ValidationError):
        read_import("1", "f", ['{"credentials": [], "more": 1}'])
