"""What the product answers: plain functions from a world and a request to a response.

Command line, API and pages all call these, so they cannot show different numbers. No web framework and no clock in here: the day
comes from the world.
"""

from __future__ import annotations

from api import listing, questions
from api.audit_bodies import audit_body
from api.audit_schemas import (
    AuditOut,
    CredentialFilter,
    CredentialOut,
    CredentialPageOut,
    LetterOut,
    SummaryOut,
    TargetFilter,
    TargetPageOut,
)
from api.catalog_bodies import credential_body, name_of, summary, target_body
from api.letters import letters_of_audit
from api.renewal_bodies import PREFIX, renewal_audit, renewal_name
from api.schemas import AuditIn, RecommendationIn, RecommendationOut
from api.world import World
from pathways.recommendation.asks import audit_questions
from pathways.recommendation.audits import audit_target, get


def next_steps(world: World, asked: RecommendationIn) -> RecommendationOut:
    """Ranked next steps; empty with a message where nothing fits.

    Raises
    ------
    InputError
        If the question cannot be answered as asked; it names every part that is wrong.
    """
    from api.recommendation_bodies import recommendation_body
    from pathways.recommendation.pipeline import recommend

    world = questions.at_place(world, asked)
    question = questions.question_of(asked, world.catalog, world.today)
    with questions.about_progress():
        answer = recommend(question, world.engine)
    return recommendation_body(answer, world.catalog)


def audit(world: World, asked: AuditIn) -> AuditOut:
    """One target against one record.

    Raises
    ------
    InputError
        If an id is unknown or a part of the request cannot be read.
    """
    world = questions.at_place(world, asked)
    record, pins = questions.audit_question(asked, world.catalog)
    if asked.target.startswith(PREFIX):
        with questions.about_progress():
            return renewal_audit(asked.target, record, world.catalog, world.today)
    target = audit_target(asked.target, record, world.catalog, world.today, pins)
    asks = audit_questions(target, lambda key: name_of(world.catalog, key))
    return audit_body(target, record, world.catalog, asks, world.today.isoformat())


def target_name(world: World, target_id: str) -> str:
    """What a target is called.

    Raises
    ------
    UnknownIdError, QuestionError
        If it is neither in the catalog nor the renewal of a place.
    """
    return renewal_name(target_id) if target_id.startswith(PREFIX) else get(world.catalog, target_id).name


def letter(world: World, asked: AuditIn) -> LetterOut:
    """The questions of an audit, one letter for each office.

    Raises
    ------
    InputError
        As :func:`audit`.
    """
    found = audit(world, asked)
    return LetterOut(target=found.target, letters=letters_of_audit(found), date=found.date, data_version=found.data_version)


def credential(world: World, credential_id: str) -> CredentialOut:
    """One credential with all its facts.

    Raises
    ------
    UnknownIdError
        With the nearest ids.
    """
    return credential_body(get(world.catalog, credential_id), world.catalog)


def credentials(world: World, wanted: CredentialFilter) -> CredentialPageOut:
    """One page of the catalog, filtered.

    Raises
    ------
    InputError
        If the place or the cursor cannot be read.
    """
    version = world.catalog.version
    rows = listing.chosen(world.catalog, wanted)
    part, cursor = listing.page(rows, wanted, version=version, key=lambda item: item.id)
    return CredentialPageOut(items=[summary(item) for item in part], next_cursor=cursor, data_version=version)


def targets(world: World, wanted: TargetFilter) -> TargetPageOut:
    """One page of what one can work toward, filtered: the renewal of the state asked for and its own credentials come first.

    Raises
    ------
    InputError
        If the place or the cursor cannot be read.
    """
    version = world.catalog.version
    rows = [target_body(item, world.catalog) for item in listing.chosen_targets(world.catalog, wanted)]
    renewals = listing.chosen_renewals(world.catalog, wanted)
    rows = rows + renewals if wanted.place is None else renewals + rows
    part, cursor = listing.page(rows, wanted, version=version, key=lambda row: row.id)
    return TargetPageOut(items=part, next_cursor=cursor, data_version=version)


def search(world: World, words: str, k: int = 10) -> list[SummaryOut]:
    """The ``k`` credentials that match words best, by meaning and by words; empty where nothing matches.

    Raises
    ------
    InputError
        If there are no words.
    """
    from api.search import best_matches

    return [summary(item) for item in best_matches(world, questions.plain(words), k)]
