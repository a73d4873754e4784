"""From options to a request body, the same one that the API takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from api.console.exits import OptionError
from api.console.held_files import split_have

if TYPE_CHECKING:
    from api.audit_schemas import TargetFilter
    from api.overlay_schemas import RuleIn
    from api.plan_schemas import PlanIn
    from api.schemas import AuditIn, InBody, RecommendationIn
    from api.world import World
    from pathways.record import LearnerRecord

    BodyT = TypeVar("BodyT", bound=InBody)

_OPTION_OF = {
    "goal": "GOAL", "target": "TARGET", "targets": "--target", "exclude": "--exclude", "have": "--have", "record": "--record",
    "progress": "--progress", "place": "--place", "district": "--district", "license": "--license", "budget_usd": "--budget",
    "hours_per_week": "--hours-per-week", "by": "--by", "k": "-k", "q": "WORDS", "terms": "--terms", "load": "--load",
    "pins": "--pin", "require": "--require", "objective": "--objective", "seconds": "--seconds", "count": "--alternatives",
    "credential": "ID", "rule": "--rule", "institution": "--institution", "source": "--source", "kind": "--kind",
    "valid_from": "--from", "valid_until": "--until",
}  # fmt: skip
_DAY = "expected a day such as 2026-11-20"
_EXPECTED = {"by": "expected a month such as 2027-06", "valid_from": _DAY, "valid_until": _DAY}


def learner_fields(
    world: World,
    *,
    have: list[str] | None,
    record: Path | None,
    progress: list[str] | None,
    place: str | None,
    district: str | None,
    license_held: str | None,
) -> dict[str, Any]:
    """The part of a request that describes the learner.

    Raises
    ------
    DataError
        If the record file is wrong; it names every problem.
    """
    ids, files = (have, {}) if have is None else split_have(have, world.catalog.credentials)
    fields: dict[str, Any] = {"have": ids, "progress": progress, "place": place, "district": district, "license": license_held}
    if record is not None or files:
        from pathways.record_files import record_to_json

        fields["record"] = record_to_json(_recorded(world, record, files))
    return fields


def _recorded(world: World, path: Path | None, files: dict[str, str | None]) -> LearnerRecord:
    """The record file, with what the badge files add to it."""
    from pathways.record import LearnerRecord
    from pathways.record_files import read_record

    if path is not None and _starts_as_transcript(path):
        from api.console.badge_files import record_of_transcript

        record = record_of_transcript(path, world)
    else:
        record = LearnerRecord() if path is None else read_record(path, world.catalog.credentials)
    if not files:
        return record
    from api.console.badge_files import entries_of

    return replace(record, achievements=(*record.achievements, *entries_of(files, world)))


def _starts_as_transcript(path: Path) -> bool:
    from pathways.badges.transcript import is_transcript

    try:
        with path.open("rb") as file:
            return is_transcript(file.read(4096))
    except OSError:
        return False


def recommendation_in(fields: dict[str, Any]) -> RecommendationIn:
    """The question of ``pathways next``; options that are None keep the schema's own defaults.

    Raises
    ------
    OptionError
        If neither a goal nor a target is given, or an option is out of range.
    """
    from api.schemas import RecommendationIn

    if not fields["goal"].strip() and not fields["targets"]:
        raise OptionError('Say what you want, as in: pathways next "become a reading specialist". Or name a --target.')
    return _body(RecommendationIn, fields)


def audit_in(fields: dict[str, Any]) -> AuditIn:
    """The question of ``pathways audit`` and ``pathways letter``.

    Raises
    ------
    OptionError
        If an option is out of range.
    """
    from api.schemas import AuditIn

    return _body(AuditIn, fields)


def target_filter(fields: dict[str, Any]) -> TargetFilter:
    """The filter of ``pathways targets``.

    Raises
    ------
    OptionError
        If an option is out of range.
    """
    from api.audit_schemas import TargetFilter

    return _body(TargetFilter, fields)


def rule_in(fields: dict[str, Any]) -> RuleIn:
    """The body of ``pathways rules add``.

    Raises
    ------
    OptionError
        If an option is out of range.
    """
    from api.overlay_schemas import RuleIn

    return _body(RuleIn, fields)


def plan_in(fields: dict[str, Any], pins: list[str] | None, objective: str | None) -> PlanIn:
    """The question of ``pathways plan``.

    Parameters
    ----------
    pins : list of str or None
        Each ``ID=TERM``.
    objective : str or None
        Words joined by commas.

    Raises
    ------
    OptionError
        If a pin or an objective is none, or an option is out of range.
    """
    from api.plan_schemas import PlanIn

    aims = None if objective is None else [part.strip() for part in objective.split(",") if part.strip()]
    return _body(PlanIn, {**fields, "pins": _pins(pins), "objective": aims})


def _pins(texts: list[str] | None) -> dict[str, str] | None:
    if texts is None:
        return None
    read: dict[str, str] = {}
    for text in texts:
        item, equals, term = (part.strip() for part in text.rpartition("="))
        if not (equals and item and term):
            message = f'--pin: "{text}" is not ID=TERM, as in letrs-u1="Spring 2027".'
            raise OptionError(message)
        if read.get(item, term) != term:
            message = f"--pin: {item} is pinned to two terms, {read[item]} and {term}."
            raise OptionError(message)
        read[item] = term
    return read


def _body(schema: type[BodyT], fields: dict[str, Any]) -> BodyT:
    from pydantic import ValidationError

    try:
        return schema(**{name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        lines = [_words(item["loc"], item["msg"]) for item in found]
        raise OptionError("\n".join(lines)) from None


def _words(loc: tuple[int | str, ...], message: str) -> str:
    name = str(loc[0]) if loc else ""
    which = f", number {int(loc[1]) + 1}" if len(loc) > 1 and isinstance(loc[1], int) else ""
    return f"{_OPTION_OF.get(name, name)}{which}: {_EXPECTED.get(name, message[:1].lower() + message[1:])}."
