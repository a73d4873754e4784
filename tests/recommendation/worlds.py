"""Small named worlds, made ready to be asked with the real encoder."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from models.encoders import OnnxEncoder
from pathways.catalog.entities import Catalog
from pathways.recommendation.answer import Question, Recommendation
from pathways.recommendation.engine import Engine, build_engine
from pathways.recommendation.pipeline import recommend
from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.parse import parse
from tests.builders import TODAY, catalog, credential, row


@lru_cache(maxsize=1)
def encoder() -> OnnxEncoder:
    """The bundled encoder, loaded once."""
    return OnnxEncoder()


def engine_of(world: Catalog) -> Engine:
    """An engine over a small catalog."""
    return build_engine(world, encoder(), encoder().encode, on=TODAY)


def ask(engine: Engine, goal: str, *held: str | EarnedCredential, **more: Any) -> Recommendation:
    """Ask for next steps; ``targets``, ``excluded`` and ``k`` go to the question, everything else to the record."""
    asked = {name: more.pop(name) for name in ("targets", "excluded", "k") if name in more}
    items = tuple(item if isinstance(item, EarnedCredential) else EarnedCredential(item) for item in held)
    return recommend(Question(goal, LearnerRecord(achievements=items, **more), TODAY, **asked), engine)


@lru_cache(maxsize=1)
def phonics_world() -> Engine:
    """A phonics stack of three badges, a closed stack, an unrelated badge and one that needs another first."""
    return engine_of(
        catalog(
            credential("phonics-1", name="Phonics basics", subject="reading", description="Teaches letter sounds and decoding."),
            credential("phonics-2", name="Phonics assessment", subject="reading", description="Checks decoding and letter sounds."),
            credential("phonics-3", name="Phonics intervention", subject="reading", description="Helps struggling readers decode."),
            credential("phonics-stack", name="Phonics teacher stack", type="stack", subject="reading"),
            credential("welding", name="Metal workshop", subject="metal", description="Bends steel in the school workshop."),
            credential("coach", name="Reading coach", subject="reading", description="Coaches teachers of reading and decoding."),
            credential("old-stack", name="Old reading stack", type="stack", subject="reading", status="retired"),
            rows=(
                row("phonics-stack", parse("all(phonics-1, phonics-2, phonics-3)")),
                row("old-stack", parse("all(phonics-1, welding)")),
                row("coach", parse("phonics-stack"), "prerequisite"),
            ),
        )
    )
