"""Training on a made-up data set: nobody is their own precedent, the same seed gives the same model, the file is numbers alone."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.base import StoredFileError
from models.store import load_arrays, save_arrays
from pathways.matching.card import markdown, reliability_picture
from pathways.matching.datasets import load_cpl, load_rpi
from pathways.matching.measured import NoDataError, load_precedents, load_sets
from pathways.matching.measures import figures
from pathways.matching.model import KIND, SHIPPED, load
from pathways.matching.training import Held, Prepared, confidence, hold_out, prepare, stated
from tests.matching.worlds import encode

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = (
    "Welding", "Psychology", "Accounting", "Nursing", "Carpentry", "Spanish", "Biology", "Photography", "Plumbing", "Journalism",
    "Chemistry", "Astronomy", "Ceramics", "Statistics", "Robotics", "Baking",
)  # fmt: skip


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def made_up(folder: Path) -> Path:
    """Forty-eight credentials in sixteen subjects at two colleges."""
    credentials, articulations, courses = [], [], []
    for place, subject in enumerate(SUBJECTS):
        for level, word in enumerate(("Certificate", "Exam", "Apprentice")):
            key = f"K{place}-{level}"
            credentials.append({
                "credential_id": key, "title": f"{subject} {word}", "issuing_agency": f"{subject} Board", "training_agency": "",
                "cpl_type": "Industry Certification", "discipline": "LEAK", "top_code": "LEAK",
            })  # fmt: skip
            local = {"college": "Hill College", "local_subject": subject[:4].upper(), "local_number": str(100 + level)}
            title = f"{('Introduction to', 'Intermediate', 'Advanced')[level]} {subject}"
            articulations.append({"credential_id": key, "credential_title": "", **local, "local_title": title})
            courses.append({**local, "local_title": title})
    write(folder / "credentials.csv", credentials)
    write(folder / "articulations.csv", articulations)
    write(folder / "local_courses.csv", courses)
    return folder


@cache
def prepared(folder: Path) -> tuple[Prepared, Held]:
    data = prepare(load_cpl(made_up(folder)), encode)
    return data, hold_out(data, seed=0)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Prepared, Held]:
    return prepared(tmp_path_factory.mktemp("data"))


def test_columns_that_leak_the_answer_are_not_read(tmp_path: Path) -> None:
    data = load_cpl(made_up(tmp_path))
    assert "LEAK" not in repr(data)


def test_every_badge_is_held_out_once_with_its_right_courses(world: tuple[Prepared, Held]) -> None:
    data, held = world
    for cases in (held.alone, held.with_precedents):
        assert [case.row for case in cases] == list(range(len(data.dataset.badges)))
        assert all(case.emptied is not None and not set(case.emptied.groups) & data.right[case.row] for case in cases)


def test_no_credential_is_its_own_precedent(world: tuple[Prepared, Held]) -> None:
    """Each made-up course was given for one credential only, so no held-out badge can find it by a precedent of that title."""
    from pathways.matching.features import ALL_FEATURES
    from pathways.matching.training import _candidates

    data, _ = world
    column = ALL_FEATURES.index("times_given")
    for row in range(0, len(data.dataset.badges), 7):
        listed = _candidates(data, row, set(data.dataset.groups))
        right = np.isin(listed.pool, list(data.right[row]))
        assert right.any()
        assert (listed.features[right, column] == 0).all()


def test_no_precedent_of_the_fold_under_test_is_looked_at(world: tuple[Prepared, Held], monkeypatch: pytest.MonkeyPatch) -> None:
    """A report stays out of fold whatever precedents lie on the machine: a badge sees those of the other folds alone."""
    from pathways.matching import training
    from pathways.matching.candidates import candidates

    data, held = world
    fold_of = {data.dataset.groups[case.row]: case.fold for case in held.alone}
    looked_at: list[tuple[int, set[int]]] = []

    def watched(*given: Any, active: Any, **more: Any) -> Any:
        if not more["always"]:  # measuring; in training a badge sees the others of its own folds
            looked_at.append((given[1], {fold_of[owner] for owner, is_in in zip(data.owners, active, strict=True) if is_in}))
        return candidates(*given, active=active, **more)

    monkeypatch.setattr(training, "candidates", watched)
    hold_out(data, seed=0)
    assert {row for row, _ in looked_at} == {case.row for case in held.alone}
    assert all(fold_of[data.dataset.groups[row]] not in folds and folds for row, folds in looked_at)


def test_what_is_said_of_held_out_badges_can_be_checked(world: tuple[Prepared, Held]) -> None:
    data, held = world
    found = figures(data, held, seed=0)
    assert found["badges"] == 48
    assert set(found["systems"]) == {"with precedents", "without precedents", "TF-IDF", "BM25", "dense"}
    mean, low, high = found["systems"]["with precedents"]["hit@5"]
    assert 0.9 < mean <= 1
    assert low <= mean <= high
    assert sum(one["n"] for one in found["reliability"]) == 48
    first, right, full, emptied = stated(held.alone)
    assert first.shape == right.shape == full.shape == emptied.shape == (48,)
    assert emptied.mean() > full.mean()
    kept = confidence(held.alone)
    assert (np.diff(kept.stated) >= 0).all()
    assert kept.threshold(0.5) <= kept.threshold(0.05)


def test_the_same_seed_gives_the_same_scores(world: tuple[Prepared, Held]) -> None:
    data, held = world
    again = hold_out(data, seed=0)
    for one, other in zip(held.with_precedents, again.with_precedents, strict=True):
        assert (one.scored.scores == other.scored.scores).all()


def test_the_card_has_a_row_for_every_system_and_a_point_for_every_bin(world: tuple[Prepared, Held]) -> None:
    data, held = world
    found = {"name": "made up", "held_out": "credential"} | figures(data, held, seed=0)
    report = {"model": "m", "seed": 0, "data": [], "figures": {"titles": found}}
    card = markdown(report, "picture.svg")
    assert all(f"| {name} |" in card for name in found["systems"])
    assert "never a learner's chance of acceptance" in card
    assert reliability_picture(report).count("<circle") == len(found["reliability"])


def test_a_folder_without_the_data_is_refused_with_the_way_to_get_on(tmp_path: Path) -> None:
    with pytest.raises(NoDataError, match="--data FOLDER"):
        load_sets(tmp_path)
    with pytest.raises(NoDataError, match="precedents"):
        load_precedents(tmp_path)
    made_up(tmp_path / "ca-cpl-credit")
    assert len(load_precedents(tmp_path)) == 48


def test_rules_of_an_institution_are_specific_or_elective(tmp_path: Path) -> None:
    courses = [
        {"code": "MATH 1010", "title": "Calculus I", "description": "Limits.", "department": "Math"},
        {"code": "MATH 1000", "title": "Mathematics Elective", "description": "", "department": "Math"},
    ]
    write(tmp_path / "receiving_courses.csv", courses)
    sending = {"code": "MAT 1", "title": "Calculus", "description": "Limits.", "department": "Math", "credits": "4"}
    kinds = (("specific", courses[0]), ("elective_only", courses[1]), ("not_transferable", courses[1]))
    rules = [{"institution": "X", "sending": [sending], "receiving": [to], "kind": kind} for kind, to in kinds]
    (tmp_path / "transfer_rules.jsonl").write_text("\n".join(json.dumps(rule) for rule in rules), "utf-8")
    data = load_rpi(tmp_path)
    assert data.elective == (False, True)
    assert list(data.recorded.values()) == [frozenset({"MATH 1010"})]
    assert [course.id for course in data.courses] == ["MATH 1010"]


def test_a_damaged_or_other_model_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "match.model"
    content = bytearray(SHIPPED.read_bytes())
    content[-40] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(StoredFileError):
        load(path)
    with pytest.raises(StoredFileError):
        load(tmp_path / "missing.model")
    stored = load_arrays(SHIPPED, kind=KIND)
    save_arrays(path, stored.arrays, kind=KIND, header=stored.header | {"model_version": 99}, seed=0)
    with pytest.raises(StoredFileError, match="version 99"):
        load(path)


def test_the_shipped_model_names_its_data_and_holds_no_text_of_it() -> None:
    stored = load_arrays(SHIPPED, kind=KIND)
    assert [len(data["sha256"]) for data in stored.header["data"]] == [64, 64]
    assert stored.seed == stored.header["seed"]
    assert all(array.dtype.kind in "fi" for array in stored.arrays.values())
    assert sum(array.size for array in stored.arrays.values()) < 20_000
    text = SHIPPED.read_bytes()
    assert not any(title in text for title in (b"Carpenters", b"CompTIA", b"Bergen Community", b"Welding"))


@pytest.mark.parametrize("profile", ["titles", "described"])
def test_the_card_in_docs_tells_the_figures_the_project_is_held_to(profile: str) -> None:
    found = json.loads((ROOT / "docs" / "model-card-match.json").read_text("utf-8"))["figures"][profile]
    ours = found["systems"]["with precedents"]
    if profile == "titles":
        assert (found["badges"], found["courses"]) == (844, 2_528)
        assert ours["hit@5"][0] >= 0.78
        assert found["kinds"]["industry-certification"]["with precedents"][0] >= 0.56
    else:
        assert found["badges"] == 476
        assert ours["hit@1"][0] >= 0.75
        assert ours["hit@5"][0] >= 0.96
    low, high = ours["band_of_a_perfect_model"]
    assert ours["calibration_error"] <= high
    assert low < high
    for plain in ("TF-IDF", "BM25", "dense"):
        assert ours["hit@5"][0] > found["systems"][plain]["hit@5"][0]


def test_the_shipped_model_has_the_figures_of_the_card() -> None:
    card = json.loads((ROOT / "docs" / "model-card-match.json").read_text("utf-8"))
    header = load_arrays(SHIPPED, kind=KIND).header
    assert header["figures"] == card["figures"]
    assert header["data"] == card["data"]
