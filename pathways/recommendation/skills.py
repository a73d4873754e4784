"""Skills a learner has that no catalog names: uncataloged achievements, as a gentle pull on what a goal matches.

Where a goal leaves a choice, what continues a skill comes first. Leaves out requirements: no rule names such an item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pathways.recommendation.engine import Engine
from pathways.record import LearnerRecord

if TYPE_CHECKING:
    from models.base import Float32Array

#: How far skills turn a goal: at most 8.5 degrees, so that no skill answers a question that was not asked.
SKILL_WEIGHT = 0.15
MOST_SKILLS = 20


def skill_texts(record: LearnerRecord) -> tuple[str, ...]:
    """What the uncataloged achievements that are done say of themselves, newest last entries of the record first.

    Examples
    --------
    >>> from pathways.record import EarnedCredential
    >>> skill_texts(LearnerRecord(achievements=(EarnedCredential("own:r", name="Robotics", description="Builds robots."),)))
    ('Robotics. Builds robots.',)
    """
    own = (item for item in reversed(record.achievements) if item.id.startswith("own:") and item.stage in {"earned", "posted"})
    texts = (" ".join(part for part in (f"{item.name}." if item.name else "", item.description or "") if part) for item in own)
    return tuple(dict.fromkeys(text for text in texts if any(mark.isalnum() for mark in text)))[:MOST_SKILLS]


def with_skills(vector: Float32Array, record: LearnerRecord, engine: Engine) -> Float32Array:
    """A goal's unit vector, turned a little toward the learner's uncataloged skills; unchanged where there are none.

    Parameters
    ----------
    vector : float32 array, shape (dim,)
        The goal, encoded.
    record : LearnerRecord
    engine : Engine

    Returns
    -------
    float32 array, shape (dim,)
        Of unit length.
    """
    texts = skill_texts(record)
    if not texts:
        return vector
    mean = engine.encoder.encode(list(texts)).mean(axis=0)
    length = float(np.linalg.norm(mean))
    turned = vector + np.float32(SKILL_WEIGHT) * (mean / np.float32(length)) if length > 0 else vector
    return np.asarray(turned / np.linalg.norm(turned), dtype=np.float32)
