"""From a question to a ranked, diverse list of catalog rows: the part that has to be as fast as its own similarity scan.

Parts of the fit that are arrays are computed for all candidates; those that need rows of agreements and policies only for a
shortlist. Explaining what is shown is :mod:`.pipeline`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pathways.articulation.transfer import Offers
from pathways.articulation.value import ValueHere, values_by
from pathways.graph.flags import Flag
from pathways.graph.held import held_nodes
from pathways.graph.readiness import Readiness, readiness
from pathways.recommendation.answer import Question
from pathways.recommendation.audits import claims
from pathways.recommendation.candidates import Candidates, candidates, cone_ids, needed_always, useless
from pathways.recommendation.diversity import diversify
from pathways.recommendation.engine import Engine
from pathways.recommendation.relevance import Relevance, relevance
from pathways.recommendation.renewals import RENEWAL, renewal_rows
from pathways.recommendation.scoring import (
    CLAIM_BESIDE,
    CLAIM_NOW,
    COUNTS_FOR_RENEWAL,
    NEEDED_ALWAYS,
    ON_ANOTHER_ROUTE,
    Parts,
    goal_part,
    limits_part,
    novelty_part,
    ready_part,
    recognition_part,
    target_part,
    unlocks_part,
)  # fmt: skip
from pathways.recommendation.targets import TargetState, implied_targets, left_after, target_states
from pathways.record import LearnerRecord
from pathways.requirements.conditions import check
from pathways.requirements.rules import Condition
from pathways.requirements.verdicts import Offer, Truth

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array, Float64Array, IntArray

#: Candidates whose rows of agreements and policies are read.
SHORTLIST = 16


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


@dataclass(frozen=True)
class Special:
    """Rows that serve a target in a way of their own: claims, and items a renewal counts."""

    claimable: IntArray
    renewing: IntArray


@dataclass(frozen=True)
class Work:
    """Everything a question was turned into before anything is explained.

    Parameters
    ----------
    match : Relevance or None
        Match with the goal; None where only targets were asked for.
    held : int array
        Graph nodes held; ``ready`` is the readiness of everything that follows from them.
    asked : tuple of str
        Catalog targets asked for; ``states`` holds these first, then those the goal implied.
    offers : dict of int to Offer
        What can be claimed now, by catalog row.
    """

    match: Relevance | None
    held: IntArray
    ready: Readiness
    asked: tuple[str, ...]
    states: tuple[TargetState, ...]
    claims: Offers
    offers: dict[int, Offer]
    found: Candidates
    ranking: Ranking


def work_out(question: Question, engine: Engine, vector: Float32Array | None) -> Work:
    """Match, bound, choose and rank.

    Parameters
    ----------
    question : Question
        Checked.
    engine : Engine
    vector : float32 array, shape (dim,), or None
        The encoded goal; None means only targets were asked for.

    Returns
    -------
    Work
    """
    record = question.record
    match = None if vector is None else relevance(engine, question.goal, vector, record.place)
    held = held_nodes(engine.graph, record, engine.catalog, engine.on, meets=_meets)
    asked = tuple(target for target in question.targets if not target.startswith(RENEWAL))
    answers = match is not None and match.verdict != "none"
    implied = implied_targets(engine, match, held, record.place) if match is not None and answers and not asked else ()
    states = target_states(engine, held, asked, implied)
    open_claims = claims(record, engine.catalog, engine.on)
    offers = direct_offers(open_claims, engine)
    found = candidates(engine, record, match, targets=asked, excluded=question.excluded)
    ready = readiness(engine.graph, held)
    renewing = np.array(renewal_rows(engine, question), dtype=np.int64)
    found = _with(found, renewing.tolist(), offers, engine, question)
    found = _without_ends(found, states, offers, engine, ready)
    claimable = np.array(sorted(offers), dtype=np.int64)
    ranking = rank(question, engine, match, found, states=states, ready=ready, special=Special(claimable, renewing))
    return Work(match, held, ready, asked, states, open_claims, offers, found, ranking)


def ranked_ids(question: Question, engine: Engine, vector: Float32Array | None) -> list[str]:
    """Ids of the steps that would be shown, best first."""
    ranking = work_out(question, engine, vector).ranking
    return [engine.ids[row] for row in ranking.rows[ranking.chosen].tolist()]


def rank(
    question: Question,
    engine: Engine,
    match: Relevance | None,
    found: Candidates,
    *,
    states: tuple[TargetState, ...],
    ready: Readiness,
    special: Special,
) -> Ranking:
    """Score candidates, read the ledgers of a shortlist, choose a diverse list.

    Returns
    -------
    Ranking
    """
    rows = found.rows
    if not len(rows):
        return Ranking(rows, Parts((), np.empty((0, 0))), np.empty((len(states), 0)), {}, {}, np.empty(0, dtype=np.int64))
    asked = tuple(state for state in states if state.asked)
    after = left_after(engine, ready, asked, rows)
    columns = _array_parts(question, engine, match, rows, asked=asked, after=after, ready=ready, special=special)
    first = Parts(tuple(columns), np.column_stack(list(columns.values()))).fit()
    short = np.lexsort((rows, -first))[: max(SHORTLIST, 3 * question.k)]
    rows, after = rows[short], after[:, short]
    items = [engine.catalog.credentials[engine.ids[row]] for row in rows.tolist()]
    ledgers = values_by(engine.rules(question.record.place), items, question.record, engine.catalog, on=engine.on)
    values = dict(zip(rows.tolist(), ledgers, strict=True))
    kept = {name: column[short] for name, column in columns.items()}
    kept["value here"] = np.array([_value_part(values[row]) for row in rows.tolist()])
    parts = Parts(tuple(kept), np.column_stack(list(kept.values())))
    families = _families(engine, rows, match, asked)
    chosen, variants = diversify(parts.fit(), engine.search.matrix_[rows], question.k, families=families)
    # What a step does for a target that the goal only implied is shown, never scored: computed for the chosen alone.
    every = np.full((len(states), len(rows)), np.nan)
    every[: len(asked)] = after
    every[len(asked) :, chosen] = left_after(engine, ready, states[len(asked) :], rows[chosen])
    named = {int(rows[one]): tuple(rows[copies].tolist()) for one, copies in zip(chosen.tolist(), variants, strict=True)}
    return Ranking(rows, parts, every, values, named, chosen)


def direct_offers(open_claims: Offers, engine: Engine) -> dict[int, Offer]:
    """The first claim for each catalog row that needs no other claim before it."""
    found: dict[int, Offer] = {}
    for offer in open_claims.accepted:
        if offer.to_id is not None and offer.to_id in engine.graph.index and not offer.via:
            found.setdefault(engine.graph.index[offer.to_id], offer)
    return found


def _with(found: Candidates, renewing: list[int], offers: dict[int, Offer], engine: Engine, question: Question) -> Candidates:
    """Add what renews a license and what can be claimed, unless it is closed, held or not wanted."""
    more = {*renewing, *offers} - set(found.rows.tolist())
    unwanted = {engine.graph.index[item] for item in (*useless(engine.catalog, question.record, engine.on), *question.excluded)}
    kept = [row for row in more if not engine.columns.retired[row] and row not in unwanted]
    return Candidates(np.union1d(found.rows, np.array(sorted(kept), dtype=np.int64)), found.renew)


def _without_ends(
    found: Candidates, states: tuple[TargetState, ...], offers: dict[int, Offer], engine: Engine, ready: Readiness
) -> Candidates:
    """Leave out targets that were asked for while listed parts are missing: they are where the steps lead, not a step."""
    ends = [state.node for state in states if state.asked and engine.columns.composed[state.node] and state.node not in offers]
    nodes = np.array(ends, dtype=np.int64)
    far = nodes[ready.missing_of(nodes) > 0] if len(nodes) else nodes
    return Candidates(np.setdiff1d(found.rows, far), found.renew)


def _needed_always(engine: Engine, asked: tuple[TargetState, ...]) -> frozenset[int]:
    """Rows that every listed route to some target needs."""
    index = engine.graph.index
    return frozenset(index[item] for state in asked for item in needed_always(engine.catalog, state.id) if item in index)


def _in_cones(engine: Engine, asked: tuple[TargetState, ...], rows: IntArray) -> BoolArray:
    """Which rows are on any route to a target, not only on the one with fewest steps."""
    cones = {engine.graph.index[item] for state in asked for item in cone_ids(engine.catalog, state.id) if item != state.id}
    return np.isin(rows, np.array(sorted(cones), dtype=np.int64))


def _array_parts(
    question: Question,
    engine: Engine,
    match: Relevance | None,
    rows: IntArray,
    *,
    asked: tuple[TargetState, ...],
    after: Float64Array,
    ready: Readiness,
    special: Special,
) -> dict[str, Float64Array]:
    """Parts that are arrays, for all candidates, leaving out those that cannot apply."""
    columns, limits = engine.columns, question.record.limits
    parts: dict[str, Float64Array] = {}
    if match is not None:
        parts["goal"] = goal_part(match.scores[rows])
    if asked:
        left = [state.steps_left for state in asked]
        before = np.array([np.nan if steps is None else steps for steps in left], dtype=np.float64)
        share = target_part(before, after)
        always = np.array(sorted(_needed_always(engine, asked)), dtype=np.int64)
        share = np.minimum(share + NEEDED_ALWAYS * ((share > 0) & np.isin(rows, always)), 1)
        claim = np.where(share > 0, CLAIM_NOW, CLAIM_BESIDE)
        share = np.where(np.isin(rows, special.claimable), np.maximum(share, claim), share)
        parts["target"] = np.maximum(share, ON_ANOTHER_ROUTE * _in_cones(engine, asked, rows))
    if len(special.renewing):
        renews = COUNTS_FOR_RENEWAL * np.isin(rows, special.renewing)
        parts["target"] = np.maximum(parts.get("target", renews), renews)
    known = (engine.graph.flags[rows] & Flag.UNLISTED_REQUIREMENTS) == 0
    parts["ready"] = ready_part(ready.missing_of(rows) == 0, known)
    parts["unlocks"] = unlocks_part(columns, rows)
    if limits.budget_usd is not None or limits.hours_per_week is not None:
        parts["limits"] = limits_part(columns, rows, limits, question.weeks)
    parts["recognition"] = recognition_part(columns, rows)
    own = ready.held[ready.held < engine.graph.n_credentials]
    if len(own):
        parts["novelty"] = novelty_part(engine.search.matrix_, rows, own)
    return parts


def _meets(condition: Condition, record: LearnerRecord, on: date) -> bool:
    """Whether what the record states meets a condition; other wording is unknown, which is not held."""
    return check(condition, record, on).truth is Truth.MET


def _families(engine: Engine, rows: IntArray, match: Relevance | None, states: tuple[TargetState, ...]) -> IntArray:
    """What each row is one of several of: a target it is one choice for, the stack that matches the goal best, else its issuer.

    Choices of one target, parts of one stack and items of one issuer never fill a list; what every route needs is never held back.
    """
    columns = engine.columns
    asked = {state.node for state in states}
    always = _needed_always(engine, states)
    found = len(engine.ids) + columns.issuer[rows]
    for position, row in enumerate(rows.tolist()):
        parents = columns.parents[columns.parent_starts[row] : columns.parent_starts[row + 1]].tolist()
        wanted = asked.intersection(parents)
        if row in always or row in asked:
            found[position] = -1
        elif wanted:
            found[position] = min(wanted)
        elif parents:
            found[position] = max(parents, key=lambda parent: (0.0 if match is None else match.scores[parent], -parent))
    return found


def _value_part(value: ValueHere) -> float:
    """Half for renewal or pay here, half for credit or an endorsement anywhere a source names."""
    here = any(ledger.answer.startswith("yes") for ledger in (value.renewal, value.pay))
    return 0.5 * here + 0.5 * value.degree.answer.startswith("yes")
