"""What a record holds, in words: the list an audit and its report start from. Leaves out what counts where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from api.audit_schemas import HeldOut
from api.bodies import label
from pathways.catalog.entities import Catalog
from pathways.record import DegreeHeld, EarnedCredential, LearnerRecord
from pathways.units import show


def held_body(record: LearnerRecord, catalog: Catalog) -> list[HeldOut]:
    """Everything on a record that a requirement may ask for, in record order; empty where nothing was stated."""
    return list(_held(record, catalog))


def _held(record: LearnerRecord, catalog: Catalog) -> Iterator[HeldOut]:
    for index, item in enumerate(record.achievements):
        yield HeldOut(kind="credential", id=item.id, text=_achievement(label(record, catalog, index), item))
    for license_held in record.licenses or ():
        scope = _listed(license_held.grades, license_held.subjects, _day("until", license_held.expires_on))
        yield HeldOut(kind="license", text=f"license of {license_held.place}: {license_held.kind}{scope}")
    for degree in record.degrees or ():
        yield HeldOut(kind="degree", text=_degree(degree))
    for exam in record.exams or ():
        score = f"score {show(exam.score)}" if exam.score is not None else None
        yield HeldOut(kind="exam", text=f"exam {exam.name}{_listed(score, _day('on', exam.taken_on))}")
    for amount in record.progress:
        yield HeldOut(kind="progress", text=f"reported: {amount}")


def _achievement(name: str, item: EarnedCredential) -> str:
    stage = None if item.stage == "earned" else item.stage
    grade = f"grade {item.grade}" if item.grade else None
    worth = str(item.credits) if item.credits is not None else None
    return name + _listed(stage, _day("on", item.earned_on), grade, worth, _day("until", item.expires_on))


def _degree(degree: DegreeHeld) -> str:
    subject = f" in {degree.field}" if degree.field else ""
    return f"degree: {degree.level}{subject}{_listed(degree.institution, _day('on', degree.completed_on))}"


def _day(word: str, value: date | None) -> str | None:
    return None if value is None else f"{word} {value.isoformat()}"


def _listed(*parts: str | None) -> str:
    known = [part for part in parts if part]
    return f" ({', '.join(known)})" if known else ""
