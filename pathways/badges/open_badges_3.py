"""Open Badges 3.0 credentials, field by field into a :class:`~pathways.badges.entities.Badge`.

Only what is listed here is read. Never read: the subject's ids, names, role, license number and narrative, evidence, images, the
achievement's creator, endorsements, and everything of a profile but the issuer's id and name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from pathways.badges.allow import Found, address, credit, listed, look, moment, name, objects, words
from pathways.badges.entities import Alignment, Badge, Result
from pathways.badges.read_structure import BADGE_TYPES, first_of, types_of

#: Only these results leave a requirement open to be satisfied.
COMPLETED = frozenset({"Completed"})


class Issuer(TypedDict):
    """Fields of a badge that name its issuer."""

    issuer_id: str | None
    issuer_name: str | None


class Dates(TypedDict):
    """Fields of a badge that date it."""

    issued_on: datetime | None
    expires_on: datetime | None


def badge_of(document: Mapping[str, Any], found: Found) -> Badge:
    """What is kept of a credential; problems of what is kept are added to ``found``.

    The credential's own name is not kept: it is often "Degree for" and a person's name. The achievement's is.
    """
    achievement = next(iter(_achievements(document)), {})
    subject = next(iter(objects(document.get("credentialSubject"))), {})
    look(achievement.get("name"), "achievement's name", found)
    return Badge(
        achievement_id=address(achievement),
        name=name(achievement.get("name")),
        description=words(achievement.get("description")),
        criteria=criteria_of(achievement.get("criteria")),
        achievement_type=name(achievement.get("achievementType")),
        **issuer_of(document.get("issuer"), found),
        alignments=alignments_of(achievement.get("alignment")),
        tags=tags_of(achievement.get("tag")),
        credits_available=credit(achievement.get("creditsAvailable"), "creditsAvailable", found),
        credits_earned=credit(subject.get("creditsEarned"), "creditsEarned", found),
        human_code=name(achievement.get("humanCode")),
        field_of_study=name(achievement.get("fieldOfStudy")),
        language=name(first_of(achievement, ("inLanguage", "@language"))),
        version=name(achievement.get("version")),
        results=_results(subject.get("result"), achievement.get("resultDescription")),
        **dates_of(document, found),
        credential_id=address(document.get("id")),
    )


def issuer_of(value: Any, found: Found) -> Issuer:
    """The issuer's id and name, and nothing else of its profile."""
    profile = value if isinstance(value, Mapping) else {}
    look(profile.get("name"), "issuer's name", found)
    return {"issuer_id": address(value), "issuer_name": name(profile.get("name"))}


def dates_of(document: Mapping[str, Any], found: Found) -> Dates:
    """When the credential is valid, by today's field names or the older ones."""
    return {
        "issued_on": moment(first_of(document, ("validFrom", "issuanceDate")), "The start of validity", found),
        "expires_on": moment(first_of(document, ("validUntil", "expirationDate")), "The end of validity", found),
    }


def criteria_of(value: Any) -> str | None:
    """What had to be done: the words, else the address of the page that says it."""
    for item in listed(value):
        if isinstance(item, Mapping):
            return words(item.get("narrative")) or address(item)
        return address(item) or words(item)
    return None


def alignments_of(value: Any) -> tuple[Alignment, ...]:
    """What the achievement is aligned to; an alignment that says nothing is left out."""
    read = (
        Alignment(
            target_url=address(item.get("targetUrl")),
            target_name=name(item.get("targetName")),
            target_code=name(item.get("targetCode")),
            framework=name(item.get("targetFramework")),
            target_type=name(item.get("targetType")),
        )
        for item in objects(value)
    )
    return tuple(dict.fromkeys(item for item in read if item != Alignment()))


def tags_of(value: Any) -> tuple[str, ...]:
    """Tags, each once."""
    return tuple(dict.fromkeys(tag for item in listed(value) if (tag := name(item))))


def _achievements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Achievements of the first subject; the subject of an endorsement is somebody else's badge."""
    if not BADGE_TYPES & set(types_of(document)):
        return []
    subject = next(iter(objects(document.get("credentialSubject"))), {})
    return objects(subject.get("achievement"))


def _results(value: Any, descriptions: Any) -> tuple[Result, ...]:
    described = {item["id"]: item for item in objects(descriptions) if isinstance(item.get("id"), str)}
    return tuple(_result(item, described) for item in objects(value))


def _result(item: Mapping[str, Any], described: Mapping[str, Mapping[str, Any]]) -> Result:
    key = item.get("resultDescription")
    about = described.get(key, {}) if isinstance(key, str) else {}
    levels = {level["id"]: level for level in objects(about.get("rubricCriterionLevel")) if isinstance(level.get("id"), str)}
    return Result(
        type=name(about.get("resultType")),
        name=name(about.get("name")),
        value=_value(item.get("value")),
        achieved_level=_level(item.get("achievedLevel"), levels),
        status=name(item.get("status")),
        required_value=_value(about.get("requiredValue")) or _level(about.get("requiredLevel"), levels),
        allowed_values=tuple(text for value in listed(about.get("allowedValue")) if (text := _value(value))),
    )


def _value(value: Any) -> str | None:
    return name(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else name(value)


def _level(value: Any, levels: Mapping[str, Mapping[str, Any]]) -> str | None:
    """A level by its name where the achievement describes it, else its address."""
    known = levels.get(value, {}) if isinstance(value, str) else {}
    return name(known.get("name")) or address(value)
