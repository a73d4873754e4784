"""Every published sample gets the verdict that its manifest's words ask for, and the table of them leaves none out."""

from __future__ import annotations

import pytest

from pathways.badges.read import read
from pathways.badges.verify import verify
from tests.badges.samples import NOW, SAMPLES, needs_samples
from tests.badges.verdicts import SUITES, Row, broken_promises, differences, main, manifest, promised, rows

pytestmark = needs_samples
TABLE = rows()


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.suite}/{row.file}" for row in TABLE])
def test_a_published_sample_gets_its_verdict(row: Row) -> None:
    assert differences(row) == []


def test_the_table_is_the_manifests_line_by_line() -> None:
    listed = [(suite, file, words) for suite in SUITES for file, words in manifest(suite)]
    assert [(row.suite, row.file, row.manifest) for row in TABLE] == listed


def test_a_line_that_differs_from_its_manifest_says_why_and_they_are_few() -> None:
    differing = {f"{row.suite}/{row.file}": row.why for row in TABLE if broken_promises(row)}
    assert set(differing) == {"ob2/rdf-validation/valid-alignment-object.json"}
    assert all(differing.values())


def test_the_words_of_nearly_every_judged_sample_ask_something() -> None:
    silent = {f"{row.suite}/{row.file}" for row in TABLE if row.command in {"read", "form"} and not promised(row.manifest)}
    assert silent == {
        "ob3/simple.1ob",  # "same as simple.json"
        "w3c-vcdm2/credential-missing-base-context-fail-or-inject.json",  # an issuer may put the context in; a verifier refuses
        "w3c-vcdm2/credential-no-context-fail-or-inject.json",
    }


def test_what_is_not_judged_says_why() -> None:
    assert all(row.why for row in TABLE if row.command == "none")


def test_the_one_command_prints_the_agreement_of_each_suite(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert f"all {len(TABLE)} of {len(TABLE)} agree; 1 differ" in printed
    assert all(f"{suite} {sum(row.suite == suite for row in TABLE)} of" in printed for suite in SUITES)


@pytest.mark.parametrize("file", ["clr2/simple.json", "clr2/simple.jwt", "clr2/simple_v1.json", "made/clr2/valid.json"])
def test_every_credential_inside_a_learner_record_is_verified_by_itself(file: str) -> None:
    [record] = read((SAMPLES / file).read_bytes(), name=file)
    found = [verify(inner, now=NOW) for inner in record.inner]
    assert found
    assert {verdict.verdict for verdict in found} == {"valid"}


def test_a_learner_record_without_proof_does_not_lend_its_members_any() -> None:
    [record] = read((SAMPLES / "clr2/simple-noproof.json").read_bytes(), name="record")
    assert verify(record, now=NOW).verdict == "unverified"
    assert [verify(inner, now=NOW).verdict for inner in record.inner] == ["invalid"]
