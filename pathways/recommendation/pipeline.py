"""The pipeline: question -> candidates -> parts -> fit -> diverse list -> steps with reasons, and everything shown beside them.

Two stages keep it as fast as its own similarity scan: parts that are arrays are computed for all candidates, those that need the
rows of agreements and policies only for a shortlist. Nothing here prints; every face renders the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pathways.articulation.transfer import Offers
from pathways.articulation.value import ValueHere, value_here
from pathways.credential import Credential
from pathways.errors import QuestionError, UnknownIdError, nearest_ids
from pathways.graph.flags import Flag
from pathways.graph.held import held_nodes
from pathways.graph.readiness import readiness
from pathways.recommendation.answer import AUTHORITY_WARNING, Action, Fact, Question, Recommendation
from pathways.recommendation.audits import claims
from pathways.recommendation.candidates import Candidates, candidates, cone_ids
from pathways.recommendation.dead_ends import dead_ends
from pathways.recommendation.diversity import diversify
from pathways.recommendation.engine import Engine
from pathways.recommendation.near import near_stacks
from pathways.recommendation.relevance import Relevance, relevance
from pathways.recommendation.renewals import RENEWAL, renewal_answers, renewal_rows
from pathways.recommendation.scoring import (
    Parts,
    goal_part,
    limits_part,
    novelty_part,
    ready_part,
    recognition_part,
    target_part,
    unlocks_part,
)  # fmt: skip
from pathways.recommendation.steps import StepInput, make_step, step_questions
from pathways.recommendation.target_routes import target_routes
from pathways.recommendation.targets import TargetState, implied_targets, left_after, target_states
from pathways.requirements.verdicts import Offer

if TYPE_CHECKING:
    from models.base import Float32Array, Float64Array, IntArray

#: Candidates whose rows of agreements and policies are read.
SHORTLIST = 40
#: Matches looked through for dead ends, and how near the best they must come.
CONSIDERED, CONSIDERED_SHARE = 30, 0.8
MOST_STEPS, LONGEST_GOAL = 50, 100_000
NO_MATCH = (
    "Nothing in this catalog clearly answers that goal, so nothing is guessed. Try other words, or name a target: "
    "`pathways targets` lists them."
)
WEAK = "No close match: these are the nearest in the catalog. Say more about the subject, the students or the license you mean."


@dataclass(frozen=True)
class Ranking:
    """Scored candidates, best first.

    Parameters
    ----------
    rows : int array, shape (m,)
    parts : Parts
        In the order of ``rows``.
    after : float array, shape (targets, m)
        Steps left toward each target after each candidate.
    values : dict of int to ValueHere
        Ledgers of the shortlisted rows.
    variants : dict of int to tuple of int
        Near-copies each chosen row stands for.
    chosen : int array
        Positions in ``rows`` to show, in order.
    """

    rows: IntArray
    parts: Parts
    after: Float64Array
    values: dict[int, ValueHere]
    variants: dict[int, tuple[int, ...]]
    chosen: IntArray


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
    return recommend_encoded(question, engine, vector)


def recommend_encoded(question: Question, engine: Engine, vector: Float32Array | None) -> Recommendation:
    """Answer a checked question whose goal is encoded already; ``vector`` None means only targets were asked for."""
    record, catalog = question.record, engine.catalog
    match = None if vector is None else relevance(engine, question.goal, vector, record.place)
    held = held_nodes(engine.graph, record, catalog, engine.on)
    asked = tuple(target for target in question.targets if not target.startswith(RENEWAL))
    answers = match is not None and match.verdict != "none"
    implied = implied_targets(engine, match, held, record.place) if match is not None and answers and not asked else ()
    states = target_states(engine, held, asked, implied)
    open_claims = claims(record, catalog, engine.on)
    found = candidates(engine, record, match, targets=asked, excluded=question.excluded)
    offers = direct_offers(open_claims, engine)
    found = _with(found, renewal_rows(engine, question), offers, engine)
    ranking = rank(question, engine, match, found, states=states, held=held)
    steps = tuple(
        make_step(_step_input(number, position, ranking, found, offers), question, engine, states)
        for number, position in enumerate(ranking.chosen.tolist(), start=1)
    )
    shown = [(step.credential, step.value) for step in steps]
    return Recommendation(
        question=question,
        data_version=catalog.version,
        model=engine.encoder.fingerprint,
        steps=steps,
        near=near_stacks(engine, record, held, asked={*asked, *implied}, name_of=engine.name_of),
        routes=target_routes(engine, held, states),
        dead_ends=dead_ends(
            catalog,
            record,
            considered=_considered(engine, match, asked),
            values=[*shown, *((catalog.credentials[engine.ids[row]], value) for row, value in ranking.values.items())],
            refused=open_claims.refused,
            states=states,
        ),
        ask=step_questions(steps, question, engine, asked, open_claims.accepted),
        renewals=renewal_answers(engine, question),
        claims=open_claims.accepted,
        message=_message(steps, match),
        notes=(Fact(AUTHORITY_WARNING),),
    )


def rank(
    question: Question,
    engine: Engine,
    match: Relevance | None,
    found: Candidates,
    *,
    states: tuple[TargetState, ...],
    held: IntArray,
) -> Ranking:
    """Score candidates, read the ledgers of a shortlist, choose a diverse list.

    Returns
    -------
    Ranking
    """
    rows = found.rows
    if not len(rows):
        return Ranking(rows, Parts((), np.empty((0, 0))), np.empty((len(states), 0)), {}, {}, np.empty(0, dtype=np.int64))
    after = left_after(engine, held, states, rows)
    columns = _array_parts(question, engine, match, rows, states=states, after=after, held=held)
    first = Parts(tuple(columns), np.column_stack(list(columns.values()))).fit()
    short = np.lexsort((rows, -first))[: max(SHORTLIST, question.k)]
    rows, after = rows[short], after[:, short]
    values = {
        row: value_here(
            engine.catalog.credentials[engine.ids[row]], question.record, engine.catalog, engine.catalog.agreements,
            engine.catalog.policies, place=question.record.place, on=engine.on,
        )
        for row in rows.tolist()
    }  # fmt: skip
    kept = {name: column[short] for name, column in columns.items()}
    kept["value here"] = np.array([_value_part(values[row]) for row in rows.tolist()])
    parts = Parts(tuple(kept), np.column_stack(list(kept.values())))
    chosen, variants = diversify(parts.fit(), engine.search.matrix_[rows], question.k)
    named = {int(rows[one]): tuple(rows[copies].tolist()) for one, copies in zip(chosen.tolist(), variants, strict=True)}
    return Ranking(rows, parts, after, values, named, chosen)


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


def _array_parts(
    question: Question,
    engine: Engine,
    match: Relevance | None,
    rows: IntArray,
    *,
    states: tuple[TargetState, ...],
    after: Float64Array,
    held: IntArray,
) -> dict[str, Float64Array]:
    """Parts that are arrays, for all candidates, leaving out those that cannot apply."""
    columns, limits = engine.columns, question.record.limits
    parts: dict[str, Float64Array] = {}
    if match is not None:
        parts["goal"] = goal_part(match.scores[rows])
    if states:
        before = np.array([np.nan if state.steps_left is None else state.steps_left for state in states], dtype=np.float64)
        parts["target"] = target_part(before, after)
    state_of = readiness(engine.graph, held)
    known = (engine.graph.flags[rows] & Flag.UNLISTED_REQUIREMENTS) == 0
    parts["ready"] = ready_part(state_of.missing_of(rows) == 0, known)
    parts["unlocks"] = unlocks_part(columns, rows)
    if limits.budget_usd is not None or limits.hours_per_week is not None:
        parts["limits"] = limits_part(columns, rows, limits, question.weeks)
    parts["recognition"] = recognition_part(columns, rows)
    own = held[held < engine.graph.n_credentials]
    if len(own):
        parts["novelty"] = novelty_part(engine.search.matrix_, rows, own)
    return parts


def _value_part(value: ValueHere) -> float:
    """Half for renewal or pay here, half for credit or an endorsement anywhere a source names."""
    here = any(ledger.answer.startswith("yes") for ledger in (value.renewal, value.pay))
    return 0.5 * here + 0.5 * value.degree.answer.startswith("yes")


def direct_offers(open_claims: Offers, engine: Engine) -> dict[int, Offer]:
    """The first claim for each catalog row that needs no other claim before it."""
    found: dict[int, Offer] = {}
    for offer in open_claims.accepted:
        if offer.to_id is not None and offer.to_id in engine.graph.index and not offer.via:
            found.setdefault(engine.graph.index[offer.to_id], offer)
    return found


def _with(found: Candidates, renewing: list[int], offers: dict[int, Offer], engine: Engine) -> Candidates:
    """Add what renews a license and what can be claimed."""
    claimable = {row for row in offers if not engine.columns.retired[row]}
    return Candidates(np.array(sorted({*found.rows.tolist(), *renewing, *claimable}), dtype=np.int64), found.renew)


def _step_input(number: int, position: int, ranking: Ranking, found: Candidates, offers: dict[int, Offer]) -> StepInput:
    row = int(ranking.rows[position])
    parts = ranking.parts.row(position)
    action: Action = "renew" if row in found.renew else "claim" if row in offers else "earn"
    return StepInput(
        rank=number,
        row=row,
        action=action,
        offer=offers.get(row),
        parts=parts,
        fit=round(float(ranking.parts.fit()[position]) * 100),
        after=ranking.after[:, position],
        value=ranking.values[row],
        variants=ranking.variants.get(row, ()),
        goal_share=dict(parts).get("goal"),
    )


def _considered(engine: Engine, match: Relevance | None, asked: tuple[str, ...]) -> list[Credential]:
    """Good matches of the goal and everything targets need, retired ones included: what dead ends are looked for among."""
    rows: dict[int, None] = {}
    if match is not None and match.verdict != "none":
        order = np.argsort(-match.scores, kind="stable")[:CONSIDERED]
        rows.update(dict.fromkeys(order[match.scores[order] >= CONSIDERED_SHARE * match.best].tolist()))
    for target in asked:
        rows.update(dict.fromkeys(engine.graph.index[item] for item in cone_ids(engine.catalog, target)))
    return [engine.catalog.credentials[engine.ids[row]] for row in rows]


def _message(steps: tuple[object, ...], match: Relevance | None) -> str:
    if not steps:
        return NO_MATCH
    return WEAK if match is not None and match.verdict == "weak" else ""
