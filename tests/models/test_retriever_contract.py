"""What every retriever promises: by words, by weighted words, by meaning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.base import NotFittedError, Retriever
from models.dense import DenseRetriever
from models.encoders import OnnxEncoder
from models.lexical import BM25, TfidfRetriever

TOPICS = {
    "reading": "phonics decoding fluency and comprehension for early readers",
    "math": "fractions algebra and number sense in middle school",
    "science": "laboratory safety chemistry and physics experiments",
    "leadership": "principal preparation school budgets and staff supervision",
}

Maker = Callable[[], Retriever]


@pytest.fixture(params=["bm25", "tfidf", "dense"])
def make(request: pytest.FixtureRequest, onnx_encoder: OnnxEncoder) -> Maker:
    makers: dict[str, Maker] = {"bm25": BM25, "tfidf": TfidfRetriever, "dense": lambda: DenseRetriever(onnx_encoder)}
    return makers[request.param]


def test_it_keeps_the_protocol_and_fit_returns_itself(make: Maker) -> None:
    retriever = make()
    assert isinstance(retriever, Retriever)
    assert retriever.fit(["a"], ["reading"]) is retriever


def test_each_topic_is_found_by_its_own_words(make: Maker) -> None:
    retriever = make().fit(list(TOPICS), list(TOPICS.values()))
    for topic, text in TOPICS.items():
        ids, scores = retriever.retrieve(text, 2)
        assert ids[0] == topic
        assert len(ids) == len(scores)
        assert scores.dtype == np.float64


def test_hits_are_the_best_scores_in_order(make: Maker) -> None:
    retriever = make().fit(list(TOPICS), list(TOPICS.values()))
    query = "school staff experiments"
    by_id = dict(zip(TOPICS, retriever.scores(query), strict=True))
    ids, scores = retriever.retrieve(query, 3)
    assert list(scores) == sorted(scores, reverse=True)
    assert list(scores) == [by_id[one] for one in ids]
    assert ids == sorted(by_id, key=lambda one: (-by_id[one], one))[: len(ids)]


def test_copies_tie_and_ties_go_by_id(make: Maker) -> None:
    texts = [TOPICS["reading"], TOPICS["math"], TOPICS["reading"], TOPICS["reading"]]
    ids, scores = make().fit(["c", "d", "a", "b"], texts).retrieve("phonics for readers", 3)
    assert ids == ["a", "b", "c"]
    assert len(set(scores)) == 1


def test_asking_for_more_than_there_is_gives_what_there_is(make: Maker) -> None:
    ids, _ = make().fit(list(TOPICS), list(TOPICS.values())).retrieve("fractions in school", 1_000)
    assert 1 <= len(ids) <= len(TOPICS)
    assert len(set(ids)) == len(ids)


def test_asking_for_none_gives_none(make: Maker) -> None:
    ids, scores = make().fit(list(TOPICS), list(TOPICS.values())).retrieve("fractions", 0)
    assert (ids, scores.shape) == ([], (0,))


def test_an_empty_corpus_has_no_hits(make: Maker) -> None:
    ids, scores = make().fit([], []).retrieve("fractions", 5)
    assert (ids, len(scores)) == ([], 0)


@pytest.mark.parametrize("query", ["", "the of and", "\x00\x1b", "zzzz qqqq", "x" * 100_000, "\ud800"])
def test_any_query_gets_an_answer(make: Maker, query: str) -> None:
    retriever = make().fit(list(TOPICS), list(TOPICS.values()))
    assert np.isfinite(retriever.scores(query)).all()
    ids, _ = retriever.retrieve(query, 2)
    assert len(ids) <= 2


def test_texts_without_words_do_no_harm(make: Maker) -> None:
    ids, _ = make().fit(["empty", "math"], ["", TOPICS["math"]]).retrieve("algebra", 1)
    assert ids == ["math"]
    make().fit(["empty", "blank"], ["", "..."]).retrieve("algebra", 1)


def test_row_order_changes_nothing(make: Maker) -> None:
    forward = make().fit(list(TOPICS), list(TOPICS.values())).retrieve("school physics", 4)
    backward = make().fit(list(TOPICS)[::-1], list(TOPICS.values())[::-1]).retrieve("school physics", 4)
    assert forward[0] == backward[0]
    np.testing.assert_allclose(forward[1], backward[1], atol=1e-6)


def test_fitting_again_forgets_the_first_corpus(make: Maker) -> None:
    retriever = make().fit(list(TOPICS), list(TOPICS.values()))
    assert retriever.fit(["only"], [TOPICS["math"]]).retrieve("algebra", 9)[0] == ["only"]


def test_before_fit_it_says_so(make: Maker) -> None:
    with pytest.raises(NotFittedError, match=r"is not fitted: call fit"):
        make().retrieve("fractions", 1)
    with pytest.raises(NotFittedError):
        make().scores("fractions")


def test_ids_must_be_distinct_and_match_the_texts(make: Maker) -> None:
    with pytest.raises(ValueError, match="found 'a' twice"):
        make().fit(["a", "a"], ["x", "y"])
    with pytest.raises(ValueError, match=r"one .*for each id"):
        make().fit(["a", "b"], ["x"])
