"""What every recommender promises, and what each must find in planted and in real histories."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import NotFittedError, Recommender, StoredFileError
from models.interactions import ItemSimilarity, NextItem, Popularity
from models.metrics import hit_at_k
from models.splits import leave_last_out

KINDS = [Popularity, ItemSimilarity, NextItem]
HISTORIES = [["a", "b", "c"], ["a", "b"], ["a", "c", "d"], ["a"], []]
BADGES = Path(__file__).parents[3] / "shared" / "data" / "stackexchange-badges"


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> type[Popularity]:
    chosen: type[Popularity] = request.param
    return chosen


def test_it_keeps_the_protocol_and_fit_returns_itself(kind: type[Popularity]) -> None:
    model = kind()
    assert isinstance(model, Recommender)
    assert model.fit(HISTORIES) is model


def test_newcomers_get_what_most_people_earned_ties_by_id(kind: type[Popularity]) -> None:
    model = kind().fit(HISTORIES)
    assert model.recommend([], 9)[0] == ["a", "b", "c", "d"]
    assert model.recommend(["never seen"], 9)[0] == ["a", "b", "c", "d"]


@given(history=st.lists(st.sampled_from("abcdz")), k=st.integers(0, 6))
def test_nothing_held_is_recommended_and_the_best_come_first(history: list[str], k: int) -> None:
    for kind in KINDS:
        ids, scores = kind().fit(HISTORIES).recommend(history, k)
        assert len(ids) == len(scores) == min(k, 4 - len(set(history) & set("abcd")))
        assert not set(ids) & set(history)
        ranked = list(zip(-scores, ids, strict=True))
        assert ranked == sorted(ranked)
        assert np.isfinite(scores).all()


def test_no_histories_give_no_recommendations(kind: type[Popularity]) -> None:
    assert kind().fit([]).recommend(["a"], 3)[0] == []
    assert kind().fit([[]]).recommend([], 3)[0] == []


def test_the_order_of_people_changes_nothing(kind: type[Popularity]) -> None:
    forward, backward = kind().fit(HISTORIES), kind().fit(HISTORIES[::-1])
    assert forward.recommend(["b"], 3)[0] == backward.recommend(["b"], 3)[0]
    np.testing.assert_array_equal(forward.recommend(["b"], 3)[1], backward.recommend(["b"], 3)[1])


def test_a_saved_model_recommends_alike(kind: type[Popularity], tmp_path: Path) -> None:
    model = kind().fit(HISTORIES)
    model.save(tmp_path / "model")
    loaded = kind.load(tmp_path / "model")
    for history in (["a"], ["d", "b"], []):
        before, after = model.recommend(history, 9), loaded.recommend(history, 9)
        assert before[0] == after[0]
        np.testing.assert_array_equal(before[1], after[1])


def test_settings_are_saved_too(tmp_path: Path) -> None:
    NextItem(decay=0.5, smoothing=1.0).fit(HISTORIES).save(tmp_path / "model")
    loaded = NextItem.load(tmp_path / "model")
    assert (loaded.decay, loaded.smoothing) == (0.5, 1.0)
    with pytest.raises(StoredFileError, match="found kind 'NextItem', expected kind 'ItemSimilarity'"):
        ItemSimilarity.load(tmp_path / "model")


def test_before_fit_it_says_so(kind: type[Popularity], tmp_path: Path) -> None:
    with pytest.raises(NotFittedError, match=kind.__name__):
        kind().recommend(["a"], 1)
    with pytest.raises(NotFittedError):
        kind().save(tmp_path / "model")


def checkerboard(size: int) -> tuple[list[list[str]], list[str]]:
    """Learner n earns the items of n's color, going round from the one after n; item n would come next and is hidden."""
    items = [f"item-{n:02d}" for n in range(size)]
    people = [[items[(person + step) % size] for step in range(2, size, 2)] for person in range(size)]
    return people, items


@pytest.mark.parametrize("model", [ItemSimilarity(), NextItem()], ids=["ItemSimilarity", "NextItem"])
def test_the_hidden_diagonal_of_a_checkerboard_is_found(model: Popularity) -> None:
    people, items = checkerboard(12)
    model.fit(people)
    for person, history in enumerate(people):
        assert model.recommend(history, 1)[0] == [items[person]]


def test_popularity_cannot_see_a_checkerboard() -> None:
    people, items = checkerboard(12)
    model = Popularity().fit(people)
    found = sum(model.recommend(history, 1)[0] == [items[person]] for person, history in enumerate(people))
    assert found < 6


def test_what_comes_later_is_preferred_to_what_came_before() -> None:
    chains = [["start", "middle", "end"]] * 10
    assert NextItem().fit(chains).recommend(["middle"], 1)[0] == ["end"]


def test_next_item_by_hand() -> None:
    model = NextItem(decay=0.5, smoothing=2.0).fit([["a", "b"], ["a", "c"], ["a", "b", "c"]])
    ids, scores = model.recommend(["a", "b"], 1)
    # Shares: a 3/7, b 2/7, c 2/7. After b: c once of 1. After a: c twice of 4, b twice.
    assert ids == ["c"]
    assert scores[0] == pytest.approx((1 + 2 * 2 / 7) / (1 + 2) + 0.5 * (2 + 2 * 2 / 7) / (4 + 2))


def test_similar_items_by_hand() -> None:
    model = ItemSimilarity().fit([["a", "b"], ["a", "b", "c"], ["c"], ["a"]])
    ids, scores = model.similar("a", 5)
    assert ids == ["b", "c"]
    np.testing.assert_allclose(scores, [2 / (3 * 2) ** 0.5, 1 / (3 * 2) ** 0.5])
    with pytest.raises(KeyError):
        model.similar("never seen", 1)


def real_histories(name: str) -> list[list[str]]:
    earned: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with (BADGES / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            earned[row["user"]].append((int(row["seq"]), row["badge"]))
    return [[badge for _, badge in sorted(rows)] for rows in earned.values()]


@pytest.mark.skipif(not BADGES.is_dir(), reason="shared/data/stackexchange-badges is not here")
@pytest.mark.parametrize("site", ["cseducators_dev.csv", "martialarts.csv"])
def test_the_next_badge_of_real_people_is_found_more_often_than_by_popularity(site: str) -> None:
    train, tests = leave_last_out(real_histories(site), at_least=5)
    hits = {}
    for kind in KINDS:
        model = kind().fit(train)
        hits[kind] = float(np.mean([hit_at_k(model.recommend(history, 5)[0], {hidden}, 5) for history, hidden in tests]))
    print(site, len(tests), {kind.__name__: round(value, 3) for kind, value in hits.items()})
    assert hits[ItemSimilarity] > hits[Popularity] + 0.1
    assert hits[NextItem] > hits[Popularity] + 0.1
    assert hits[NextItem] > 0.62  # most popular badge not yet earned, on cseducators
