"""The pipeline: question -> ranked rows -> steps with reasons, and everything shown beside them.

Nothing here prints; every face renders the same answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pathways.articulation.value import ValueHere, values_by
from pathways.credential import Credential
from pathways.errors import QuestionError, UnknownIdError, nearest_ids
from pathways.recommendation.answer import AUTHORITY_WARNING, Action, Fact, Question, Recommendation, RenewalAnswer, Step
from pathways.recommendation.audits import inside_counts
from pathways.recommendation.candidates import cone_ids
from pathways.recommendation.dead_ends import dead_ends
from pathways.recommendation.engine import Engine
from pathways.recommendation.near import near_stacks
from pathways.recommendation.ranking import Work, work_out
from pathways.recommendation.reading import read_question
from pathways.recommendation.relevance import NO_MATCH as LEAST_MATCH
from pathways.recommendation.relevance import Relevance
from pathways.recommendation.renewals import RENEWAL, renewal_answers
from pathways.recommendation.skills import with_skills
from pathways.recommendation.steps import StepInput, make_step, step_questions
from pathways.recommendation.target_notes import target_notes
from pathways.recommendation.target_routes import target_routes

if TYPE_CHECKING:
    from models.base import Float32Array

#: Matches looked through for dead ends, and how near the best they must come.
CONSIDERED, CONSIDERED_SHARE = 30, 0.8
MOST_STEPS, LONGEST_GOAL = 50, 100_000
NO_MATCH = "Nothing in this catalog clearly answers that goal, so nothing is guessed. Try other words, or name a target."
RENEWED = "Your renewal load is reached: nothing more is needed for it."
WEAK = "No close match: these are the nearest in the catalog. Say more about the subject, the students or the license you mean."


def recommend(question: Question, engine: Engine) -> Recommendation:
    """Answer a question.

    Parameters
    ----------
    question : Question
    engine : Engine

    Returns
    -------
    Recommendation
        With no steps and a message where nothing fits.

    Raises
    ------
    QuestionError
        If there is neither a goal in words nor a target, or ``k`` is out of range.
    UnknownIdError
        If a target or excluded id is not in the catalog.
    """
    check(question, engine)
    vector = engine.encoder.encode([question.goal])[0] if has_words(question.goal) else None
    return recommend_encoded(question, engine, None if vector is None else with_skills(vector, question.record, engine))


def recommend_encoded(question: Question, engine: Engine, vector: Float32Array | None) -> Recommendation:
    """Answer a checked question whose goal is encoded already; ``vector`` None means only targets were asked for."""
    reading = read_question(question, engine)
    question = reading.question
    unwanted = (*question.excluded, *reading.said_held)
    work = work_out(replace(question, excluded=unwanted), engine, vector)
    chosen = enumerate(work.ranking.chosen.tolist(), start=1)
    steps = tuple(make_step(_step_input(rank, at, work), question, engine, work.states) for rank, at in chosen)
    catalog = engine.catalog
    ledgers = [*_ledgers(engine, work), *_refused(engine, work, question)]
    considered = _considered(engine, work.match, work.asked)
    record, states = question.record, work.states
    elsewhere = {state.id for state in states} | {offer.to_id for offer in work.claims.accepted if offer.to_id is not None}
    inside = inside_counts(record, catalog, work.claims)
    renewals = renewal_answers(engine, question)
    return Recommendation(
        question=question,
        data_version=catalog.version,
        model=engine.encoder.fingerprint,
        steps=steps,
        near=near_stacks(engine, record, work.ready, left_out=elsewhere, name_of=engine.name_of),
        routes=target_routes(engine, work.held, states),
        dead_ends=dead_ends(
            catalog, record, considered=considered, values=ledgers, refused=work.claims.refused, inside=inside, states=states
        ),
        ask=step_questions(steps, question, engine, work.asked, work.claims.accepted),
        renewals=renewals,
        claims=work.claims.accepted,
        message=_message(steps, work, renewals),
        notes=(*reading.notes, *target_notes(engine, work.asked), Fact(AUTHORITY_WARNING)),
    )


def has_words(goal: str) -> bool:
    """Whether a goal holds at least one letter or digit."""
    return any(character.isalnum() for character in goal)


def check(question: Question, engine: Engine) -> None:
    """Refuse a question that cannot be answered as asked.

    Raises
    ------
    QuestionError, UnknownIdError
    """
    if not has_words(question.goal) and not question.targets:
        raise QuestionError('The goal has no words. Type what you want to become or learn, or name a target with "--target".')
    if len(question.goal) > LONGEST_GOAL:
        message = f"The goal has {len(question.goal):,} characters. Expected at most {LONGEST_GOAL:,}; one sentence is enough."
        raise QuestionError(message)
    if not 1 <= question.k <= MOST_STEPS:
        message = f"Asked for {question.k} steps. Expected a number between 1 and {MOST_STEPS}."
        raise QuestionError(message)
    for wanted in (*question.targets, *question.excluded):
        if not wanted.startswith(RENEWAL) and wanted not in engine.catalog.credentials:
            raise UnknownIdError(wanted, "credential", nearest_ids(wanted, engine.catalog.credentials))


def _step_input(rank: int, position: int, work: Work) -> StepInput:
    ranking = work.ranking
    row = int(ranking.rows[position])
    parts = ranking.parts.row(position)
    action: Action = "renew" if row in work.found.renew else "claim" if row in work.offers else "earn"
    return StepInput(
        rank=rank,
        row=row,
        action=action,
        offer=work.offers.get(row),
        parts=parts,
        fit=round(float(ranking.parts.fit()[position]) * 100),
        after=ranking.after[:, position],
        value=ranking.values[row],
        variants=ranking.variants.get(row, ()),
        goal_share=dict(parts).get("goal"),
    )


def _ledgers(engine: Engine, work: Work) -> list[tuple[Credential, ValueHere]]:
    return [(engine.catalog.credentials[engine.ids[row]], value) for row, value in work.ranking.values.items()]


def _refused(engine: Engine, work: Work, question: Question) -> list[tuple[Credential, ValueHere]]:
    """Ledgers of matches that some source says no about, although they are too far down to be shown as steps."""
    if work.match is None or work.match.verdict == "none":
        return []
    scores = work.match.scores
    rows = np.flatnonzero(engine.columns.refused & (scores >= LEAST_MATCH))
    rows = rows[np.argsort(-scores[rows], kind="stable")][:CONSIDERED]
    items = [engine.catalog.credentials[engine.ids[row]] for row in rows.tolist() if row not in work.ranking.values]
    values = values_by(engine.rules(question.record.place), items, question.record, engine.catalog, on=engine.on)
    return list(zip(items, values, strict=True))


def _considered(engine: Engine, match: Relevance | None, asked: tuple[str, ...]) -> list[Credential]:
    """Good matches of the goal and everything targets need, retired ones included: what dead ends are looked for among."""
    rows: dict[int, None] = {}
    if match is not None and match.verdict != "none":
        order = match.top[:CONSIDERED]
        rows.update(dict.fromkeys(order[match.scores[order] >= CONSIDERED_SHARE * match.best].tolist()))
    for target in asked:
        rows.update(dict.fromkeys(engine.graph.index[item] for item in cone_ids(engine.catalog, target)))
    return [engine.catalog.credentials[engine.ids[row]] for row in rows]


def _message(steps: tuple[Step, ...], work: Work, renewals: tuple[RenewalAnswer, ...]) -> str:
    if steps:
        return WEAK if work.match is not None and work.match.verdict == "weak" else ""
    if renewals and not work.asked:
        done = all(answer.is_done for answer in renewals)
        return RENEWED if done else "No item of this catalog is known to count toward this renewal; see the ways above."
    names = [state.name for state in work.states if state.asked]
    if names:
        return f"No next step toward {', '.join(names)} in this catalog. See the dead ends and whom to ask."
    return NO_MATCH
