"""One badge against 50,000 courses: time of a warm match, courses ready and vectors kept, for one institution or many.

Run with ``python -m tests.benchmarks.bench_match``. Vectors are drawn at random: their cost does not depend on their values.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from pathways.matching.model import load
from pathways.matching.precedents import PrecedentRow
from pathways.matching.proposal import BadgeText, CourseText
from pathways.matching.propose import Asked, Matcher

if TYPE_CHECKING:
    from models.base import Float32Array

N_COURSES = 50_000
SEED = 0
_SUBJECTS = (
    "Welding", "Nursing", "Biology", "Accounting", "Physics", "Drafting", "Chemistry", "History", "Spanish", "Robotics",
    "Networking", "Carpentry",
    "Statistics", "Cooking", "Literacy", "Reading", "Science", "Music", "Ceramics", "Dance", "Law", "Aviation",
    "Farming", "Forestry", "Marketing", "Design", "Media", "Film", "Surveying", "Baking",
)  # fmt: skip
_KINDS = ("Introduction", "Principles", "Laboratory", "Practice", "Advanced", "Seminar", "Methods", "Workshop", "Field", "Applied")


def encode(texts: Sequence[str]) -> Float32Array:
    """Unit vectors drawn by the text's own hash."""
    rows = [np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])).normal(size=384) for text in texts]
    matrix = np.array(rows, dtype=np.float32)
    unit: Float32Array = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return unit


def courses(count: int) -> list[CourseText]:
    """Made-up courses with a title, a description of some thirty words and a code."""
    generator = np.random.default_rng(SEED)
    made = []
    for place in range(count):
        words = generator.choice(_SUBJECTS, 30)
        title = f"{generator.choice(_KINDS)} {words[0]} {words[1]} {place % 97}"
        made.append(CourseText(f"c{place}", f"College {place % 60}", title, " ".join(words), code=f"{words[0][:4]} {place % 300}"))
    return made


def main() -> None:
    """Measure and print one line of JSON."""
    rows = []
    for place, one in enumerate(courses(800)):
        credential = BadgeText(f"p{place}", f"{_SUBJECTS[place % 30]} Certificate {place}", "Board")
        rows.append(PrecedentRow(credential, f"Introduction {one.title}", "X", "made up"))
    begun = time.perf_counter()
    matcher = Matcher(load(), courses(N_COURSES), encode, rows)
    ready = time.perf_counter() - begun
    badges = [BadgeText(f"b{place}", f"{one} Certificate Level II", "Board") for place, one in enumerate(_SUBJECTS)]
    times = []
    for badge in badges:
        begun = time.perf_counter()
        next(iter(matcher.match([badge], Asked())))
        times.append(time.perf_counter() - begun)
    figures = {"courses": N_COURSES, "precedents": len(rows), "seed": SEED, "ready_s": round(ready, 2)}
    print(json.dumps(figures | {"match_p50_s": round(median(times), 3), "match_max_s": round(max(times), 3)}))


if __name__ == "__main__":
    main()
