"""BM25 gives what its formula says, and lists nothing that shares no word."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lexical import BM25, STOP_WORDS, words

WORD = st.sampled_from(["reading", "math", "science", "the", "K-12", "Coach", "coach"])
TEXT = st.lists(WORD, max_size=6).map(" ".join)


def by_the_formula(query: str, texts: list[str], k1: float, b: float) -> list[float]:
    """BM25 one text and one word at a time."""
    found = [words(text) for text in texts]
    mean = sum(map(len, found)) / len(found)
    scores = []
    for text in found:
        score = 0.0
        for word in words(query):
            containing = sum(word in other for other in found)
            if word in text:
                idf = math.log(1 + (len(texts) - containing + 0.5) / (containing + 0.5))
                tf = text.count(word)
                score += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(text) / mean))
        scores.append(score)
    return scores


@given(texts=st.lists(TEXT, min_size=1, max_size=8), query=TEXT, k1=st.floats(0, 3), b=st.floats(0, 1))
def test_scores_follow_the_published_formula(texts: list[str], query: str, k1: float, b: float) -> None:
    fitted = BM25(k1=k1, b=b).fit([str(n) for n in range(len(texts))], texts)
    np.testing.assert_allclose(fitted.scores(query), by_the_formula(query, texts, k1, b), atol=1e-9)


@given(texts=st.lists(TEXT, min_size=1, max_size=8), query=TEXT)
def test_a_hit_shares_a_word_with_the_query(texts: list[str], query: str) -> None:
    ids, _ = BM25().fit([str(n) for n in range(len(texts))], texts).retrieve(query, 99)
    for one in ids:
        assert set(words(texts[int(one)])) & set(words(query))


def test_a_goal_that_matches_nothing_gets_no_hits() -> None:
    assert BM25().fit(["a"], ["reading"]).retrieve("underwater welding", 5)[0] == []


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    texts = ["school reading", "school math", "school science"]
    ids, _ = BM25().fit(["r", "m", "s"], texts).retrieve("school science", 3)
    assert ids[0] == "s"


def test_words_are_lower_case_without_stop_words() -> None:
    assert words("The Teacher's K-12 résumé, and US history: AP_Biology") == [
        "teacher", "k", "12", "résumé", "us", "history", "ap", "biology",
    ]  # fmt: skip
    assert "the" in STOP_WORDS


@pytest.mark.parametrize("module", ["sklearn", "scipy", "onnxruntime"])
def test_searching_by_words_imports_nothing_heavy(module: str) -> None:
    code = f"from models.lexical import BM25; BM25().fit(['a'], ['b']); import sys; assert {module!r} not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
