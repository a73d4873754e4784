"""Every published sample has its verdict, and the table leaves out no line of the samples' manifests."""

from __future__ import annotations

import pytest

from tests.catalog.formats.verdicts import SAMPLES, SUITES, Line, actual, expected, main, manifest, outcome_said

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the standards' samples are not here (../shared/data/standards)")


def test_the_table_has_one_line_for_each_line_of_the_manifests_and_says_what_they_say() -> None:
    """No sample is left out, and none has another outcome than its manifest's words."""
    said = {file: outcome_said(words) for suite in SUITES for file, words, _ in manifest(suite)}
    assert {line.file: line.outcome for line in expected()} == said
    assert len(expected()) == len(said) == 35


@pytest.mark.parametrize("line", expected(), ids=lambda line: line.file)
def test_each_sample_gives_what_the_table_says(line: Line) -> None:
    """Outcome, counts, warnings and every requirement's text."""
    assert actual(line.file) == line


def test_the_made_samples_mean_what_their_manifests_say_in_words() -> None:
    """Two of four and the capstone; a credential and credits, or another, or experience to confirm; a transfer value."""
    reasons = {file: reason for file, _, reason in manifest("made/ctdl")}
    rules = {line.file: line.requirements.partition(" = ")[2] for line in expected()}
    ends = {name: f"ce-{middle}-0000-4000-8000-000000000{name}" for name, middle in _MIDDLES.items()}
    assert reasons["made/ctdl/pathway-2-of-4-and-capstone.json"] == "AND(2 of {2,3,4,5}, all of {6})"
    listed = ", ".join(ends[one] for one in ("202", "203", "204", "205"))
    assert rules["made/ctdl/pathway-2-of-4-and-capstone.json"] == f"all(at_least(2, {listed}), {ends['206']})"
    assert rules["made/ctdl/condition-alternatives-credits.json"] == (
        f"any(all({ends['221']}, credits(12 semester, select(type=course, open))), {ends['222']},"
        ' manual("2 years of experience: Two years"))'
    )
    (transfer,) = [line.agreements for line in expected() if line.file == "made/ctdl/tvp-active.json"]
    assert transfer == f"{ends['231']} posts_credit 3 semester credits -> {ends['232']}"


_MIDDLES = {
    "202": "bc5ca3a8", "203": "3ee88e4d", "204": "dc5f026e", "205": "c7e7528d", "206": "f3d259d3", "221": "0d0eed1a",
    "222": "b0ca4eff", "231": "8b95580f", "232": "0e487c55",
}  # fmt: skip


def test_agreement_is_printed_for_each_suite(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One command says how many samples of each suite agree."""
    monkeypatch.setattr("sys.argv", ["verdicts"])
    assert main() == 0
    assert capsys.readouterr().out.splitlines()[0] == "ctdl: 16 of 16 agree"
