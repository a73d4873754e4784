"""Condition profiles: what a credential, course or program asks for, as a requirement.

Everything one profile lists is needed; its alternatives are other ways to meet it. What only a person can confirm becomes
``manual(...)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from pathways.catalog.formats.build import Build
from pathways.catalog.formats.limits import joined, listed
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.steps import Steps
from pathways.catalog.formats.values import Quantity, quantities
from pathways.credential import Select
from pathways.requirements.rules import AnyOf, CreditsFrom, Held, Requirement
from pathways.units import show

_TARGETS = ("targetCredential", "targetAssessment", "targetLearningOpportunity", "targetCompetency")
#: Credits from anywhere: any course, of the catalog or the learner's own.
ANY_COURSE = Select(type="course", open=True)


def profile(node: Node, build: Build, trail: tuple[str, ...] = ()) -> Steps:
    """Read one condition profile.

    Parameters
    ----------
    node : Node
        The profile.
    build : Build
        Receives stand-ins, warnings and problems.
    trail : tuple of str
        Places of the profiles around it: one that leads back to itself is a problem.

    Returns
    -------
    Steps
        Run it with :func:`.steps.run`.
    """
    if node.place in trail:
        build.reading.reject("cycle", node.place, "a condition that is its own alternative; expected conditions that end")
        return None
    own = [*_targets(node, build), *_confirmed(node, build)]
    prose = node.text("description") or node.text("name")
    others: list[Requirement] = []
    alternatives = list(node.values("alternativeCondition"))
    for place, value in alternatives:
        inner = build.node(value, place)
        rule = None if inner is None else (yield profile(inner, build, (*trail, node.place)))
        if rule is not None:
            others.append(rule)
    if not own and not others and prose:
        own = [build.manual(prose, node.place)]
    node.ignore("name", "assertedBy", "audienceType", "creditUnitTypeDescription", "creditUnitType", "creditUnitValue")
    node.close()
    mine = joined(own)
    ways = list(dict.fromkeys([*([mine] if mine else []), *others]))
    if not ways:
        build.reading.warn("empty-condition", node.place, "a condition that asks nothing", about="conditions that ask nothing")
        return None
    return ways[0] if len(ways) == 1 else AnyOf(tuple(ways))


def _targets(node: Node, build: Build) -> Iterator[Requirement]:
    courses: list[Held] = []
    for term in _TARGETS:
        for place, value in node.values(term):
            rule = build.held(value, place)
            if rule is None:
                continue
            if term == "targetLearningOpportunity" and isinstance(rule, Held):
                courses.append(rule)
            yield rule
    amounts = [one for one in quantities(node, "creditValue") if one.value.amount]
    rules = [_credits(one, courses, node, build) for one in amounts]
    # One amount in several units is the same demand said several times; several amounts of one unit add up to nothing sayable.
    if rules:
        several = len({one.value.unit for one in amounts}) == len(rules)
        yield listed(rules, 1 if several else None)


def _credits(amount: Quantity, courses: list[Held], node: Node, build: Build) -> Requirement:
    if amount.maximum:
        return build.manual(f"at most {amount.value}", node.place)
    value = amount.value
    return CreditsFrom(value.amount, tuple(courses) or (ANY_COURSE,), value.unit, value.level)


def _confirmed(node: Node, build: Build) -> Iterator[Requirement]:
    """What only a person can confirm, in the words of the file."""
    texts = [*node.texts("condition")]
    years, experience = node.number("yearsOfExperience"), " ".join(node.texts("experience"))
    if years:
        texts.append(
            f"{show(years)} {'year' if years == Fraction(1) else 'years'} of experience{f': {experience}' if experience else ''}"
        )
    elif experience:
        texts.append(experience)
    age = node.number("minimumAge")
    if age:
        texts.append(f"at least {show(age)} years old")
    for place, value in node.values("residentOf"):
        texts.append(f"lives in {_place_name(value, place, build)}")
    submitted = [*node.texts("submissionOf"), *node.texts("submissionOfDescription")]
    texts += [f"hands in: {one}" for one in submitted]
    yield from (build.manual(text, node.place) for text in dict.fromkeys(texts))


def _place_name(value: Any, place: str, build: Build) -> str:
    if not isinstance(value, dict):
        return str(value)[:100]
    inner = Node(value, place, build.reading)
    inner.ignore("geoURI", "latitude", "longitude", "globalJurisdiction", "jurisdictionException")
    main = next((Node(one, at, build.reading) for at, one in inner.values("mainJurisdiction") if isinstance(one, dict)), inner)
    names = [main.text(term) for term in ("name", "addressLocality", "addressRegion", "addressCountry")]
    return ", ".join(one for one in names if one) or inner.text("description") or "a place"


def audiences(node: Node) -> frozenset[str]:
    """Audiences a profile names."""
    return frozenset(node.concepts("audienceType"))
