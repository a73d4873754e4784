"""Local rules: what one place or institution says, added in two minutes, marked as local, dropped again.

Leaves out how a rule reaches an answer: :mod:`pathways.catalog.overlay`.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import date

from api.errors import InputError, InputProblem
from api.overlay_schemas import RuleAddedOut, RuleIn, RuleOut
from api.overlay_shelf import MOST_TRIES, Shelf, change_bodies, changed
from api.store.errors import StaleOverlayError
from api.store.plans import LETTERS
from pathways.catalog.difference import difference
from pathways.catalog.overlay import LocalRule, local_source
from pathways.errors import QuestionError, RequirementSyntaxError, UnknownIdError, nearest_ids
from pathways.places import ANYWHERE, Place, parse_place
from pathways.requirements.parse import parse
from pathways.requirements.render import render

RULE_ID_LENGTH = 6


def add_rule(shelf: Shelf, asked: RuleIn) -> RuleAddedOut:
    """Keep a local rule.

    Raises
    ------
    InputError
        If a part of it cannot be read; it names every such part.
    DataError
        If the catalog would not load with it: an unknown id, a ring, another institution's credential.
    """
    rule = _rule(shelf, asked)
    here = rule.place if rule.place.institution is None else ANYWHERE
    day = max(shelf.today, rule.valid_from or shelf.today)
    then = replace(shelf, today=min(day, rule.valid_until) if rule.valid_until else day)
    before, after = changed(
        then,
        lambda overlay: replace(overlay, version=f"{overlay.version} {rule.id}", rules=(*overlay.rules, rule)),
        lambda seen: shelf.store.add_rule(rule, seen=seen),
        here,
    )
    return RuleAddedOut(rule=rule_body(rule, shelf.today), diff=change_bodies(difference(before, after)))


def rules(shelf: Shelf) -> list[RuleOut]:
    """The local rules, oldest first."""
    return [rule_body(rule, shelf.today) for rule in shelf.state()[1].rules]


def remove_rule(shelf: Shelf, key: str) -> RuleOut:
    """Drop a local rule; the published one holds again.

    Raises
    ------
    UnknownIdError
        With the nearest ids.
    """
    for _ in range(MOST_TRIES):
        seen, overlay = shelf.state()
        known = {rule.id: rule for rule in overlay.rules}
        if key not in known:
            raise UnknownIdError(key[:100], "local rule", nearest_ids(key, known), "See: pathways rules list")
        # Whatever else is wrong with the catalog, a rule can always be dropped: it may be what is wrong.
        with suppress(StaleOverlayError):
            shelf.store.remove_rule(key, seen=seen)
            return rule_body(known[key], shelf.today)
    raise StaleOverlayError(seen, shelf.store.version())


def rule_body(rule: LocalRule, today: date) -> RuleOut:
    """A local rule as answers show it."""
    here = rule.place if rule.place.institution is None else ANYWHERE
    return RuleOut(
        id=rule.id,
        credential=rule.credential_id,
        kind=rule.kind,
        rule=render(rule.rule),
        binds=str(rule.place),
        adds=rule.adds,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        source=rule.source.url,
        in_force=rule.holds(today, here),
    )


def _rule(shelf: Shelf, asked: RuleIn) -> LocalRule:
    problems: list[InputProblem] = []
    place, tree = ANYWHERE, parse("all()")
    if (asked.place is None and asked.district is None) == (asked.institution is None):
        problems.append(InputProblem("/place", "Say whose rule it is: a place (with or without a district), or an institution."))
    try:
        place = Place(institution=asked.institution) if asked.place is None else parse_place(asked.place, district=asked.district)
    except QuestionError as error:
        problems.append(InputProblem("/place", str(error)))
    if asked.district is not None and asked.place is None:
        problems.append(InputProblem("/district", "A district needs the state it lies in, such as US-OH."))
    try:
        tree = parse(asked.rule)
    except RequirementSyntaxError as error:
        problems.append(InputProblem("/rule", f"The rule cannot be read: {error}."))
    if asked.valid_from and asked.valid_until and asked.valid_from > asked.valid_until:
        problems.append(
            InputProblem("/valid_until", f"The rule ends on {asked.valid_until}, before it begins on {asked.valid_from}.")
        )
    if problems:
        raise InputError(tuple(problems))
    key = "rule-" + "".join(secrets.choice(LETTERS) for _ in range(RULE_ID_LENGTH))
    said = " ".join(asked.source.split())
    return LocalRule(
        key,
        asked.credential,
        asked.kind,
        tree,
        local_source(said, shelf.today, place),
        place,
        asked.adds,
        asked.valid_from,
        asked.valid_until,
    )
