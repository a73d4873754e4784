"""Rows, credentials and agreements in this project's own properties: everything a catalog knows of them, to and from JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn, get_args

from pathways.articulation.agreements import Agreement, AgreementKind, Mode
from pathways.catalog.entities import RequirementKind, RequirementRow
from pathways.catalog.formats.terms import OWN_PREFIX
from pathways.credential import Confidence, Credential, CredentialType, Select, Source, Status
from pathways.errors import PathwaysError, RequirementSyntaxError
from pathways.places import Place
from pathways.requirements.parse import parse
from pathways.requirements.render import render
from pathways.requirements.rules import AtLeast, Requirement
from pathways.units import LEVELS, CreditValue, amount, show

if TYPE_CHECKING:
    from pathways.catalog.formats.build import Build


class OwnTermsError(PathwaysError):
    """Own properties that do not read: the file was not written by this project, or was changed."""


def row_terms(row: RequirementRow) -> dict[str, Any]:
    """Write what a requirement row holds."""
    return {"row": row.id, "kind": row.kind, "rule": render(row.rule), "source": _source(row.source)}


def rule_of(own: dict[str, Any], build: Build) -> tuple[Requirement, RequirementKind, str, Source]:
    """Read a row: its rule, kind, id and source.

    Raises
    ------
    OwnTermsError
        Naming the member that does not read.
    """
    try:
        rule = parse(_text(own, "rule"))
    except RequirementSyntaxError as error:
        message = f"rule: {error}"
        raise OwnTermsError(message) from None
    return rule, _choice(own, "kind", get_args(RequirementKind)), _text(own, "row"), _source_of(own, build)


def credential_terms(item: Credential) -> dict[str, Any]:
    """Write what a credential holds."""
    return {
        "name": item.name, "type": item.type, "issuer": item.issuer, "subject": item.subject, "audience": item.audience,
        "description": item.description, "competencies": list(item.competencies), "source": _source(item.source),
        "status": item.status, "place": _place(item.place), "hours": _number(item.hours),
        "cost_usd": None if item.cost_usd is None else str(item.cost_usd), "credits": _credits(item.credits),
        "validity_months": item.validity_months, "assessment": item.assessment, "level": item.level,
        "transcripted": None if item.transcripted is None else ("yes" if item.transcripted else "no"),
        "offer_from": _day(item.offer_from), "offer_until": _day(item.offer_until), "retired_on": _day(item.retired_on),
        "generic": item.generic, "stands_for": None if item.stands_for is None else render(AtLeast(1, (item.stands_for,))),
    }  # fmt: skip


def credential_of(own: dict[str, Any], found: str, build: Build) -> Credential:
    """Read a credential.

    Raises
    ------
    OwnTermsError
        Naming the member that does not read.
    """
    own = _cleaned(own, build)
    level = _choice(own, "level", LEVELS) if "level" in own else None
    months = own.get("validity_months")
    if months is not None and (not isinstance(months, int) or not 0 < months <= 1200):
        _wrong("validity_months")
    return Credential(
        found, _text(own, "name"), _choice(own, "type", get_args(CredentialType)), _text(own, "issuer"), _text(own, "subject"),
        _text(own, "audience"), _text(own, "description"), _texts(own, "competencies"), _source_of(own, build),
        _choice(own, "status", get_args(Status)), _place_of(own), hours=_number_of(own, "hours"),
        cost_usd=_dollars(own, "cost_usd"), credits=_credits_of(own),
        validity_months=months, assessment=_optional(own, "assessment"), level=level,
        transcripted={"yes": True, "no": False}.get(_text(own, "transcripted")), offer_from=_day_of(own, "offer_from"),
        offer_until=_day_of(own, "offer_until"), retired_on=_day_of(own, "retired_on"), generic=own.get("generic") is True,
        stands_for=_selection(own, "stands_for"),
    )  # fmt: skip


def agreement_terms(item: Agreement) -> dict[str, Any]:
    """Write what an agreement holds."""
    return {
        "agreement": item.id, "from": list(item.from_ids), "institution": item.institution, "to": item.to_id,
        "to_text": item.to_text, "kind": item.kind, "conditions": item.conditions, "source": _source(item.source),
        "credits": _credits(item.credits),
        "maximum": item.maximum, "mode": item.mode, "min_grade": item.min_grade, "effective_from": _day(item.effective_from),
        "effective_until": _day(item.effective_until), "fee_usd": None if item.fee_usd is None else str(item.fee_usd),
        "fee_per": item.fee_per, "approval_first": item.approval_first, "place": _place(item.place),
    }  # fmt: skip


def agreement_of(own: dict[str, Any], build: Build) -> Agreement:
    """Read an agreement.

    Raises
    ------
    OwnTermsError
        Naming the member that does not read.
    """
    own = _cleaned(own, build)
    from_ids = _texts(own, "from")
    if not from_ids:
        _wrong("from")
    per = own.get("fee_per")
    if per not in (None, "item", "credit"):
        _wrong("fee_per")
    return Agreement(
        _text(own, "agreement"), from_ids, _text(own, "institution"), _text(own, "to_text"),
        _choice(own, "kind", get_args(AgreementKind)), _text(own, "conditions"), _source_of(own, build), to_id=_optional(own, "to"),
        credits=_credits_of(own), maximum=own.get("maximum") is True,
        mode=_choice(own, "mode", get_args(Mode)) if "mode" in own else None, min_grade=_optional(own, "min_grade"),
        effective_from=_day_of(own, "effective_from"), effective_until=_day_of(own, "effective_until"),
        fee_usd=_dollars(own, "fee_usd"), fee_per=per, approval_first=own.get("approval_first") is True, place=_place_of(own),
    )  # fmt: skip


def _cleaned(own: dict[str, Any], build: Build) -> dict[str, Any]:
    """Own texts are as little trusted as any others; only rules stand as they are written."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return build.reading.clean(value, OWN_PREFIX)
        return [clean(one) for one in value] if isinstance(value, list) else value

    return {key: value if key == "stands_for" else clean(value) for key, value in own.items()}


def _wrong(name: str) -> NoReturn:
    message = f"{name} does not read; leave out this project's own properties, or write the file again from the catalog"
    raise OwnTermsError(message)


def _source(source: Source) -> dict[str, Any]:
    said = {"url": source.url, "confidence": source.confidence, "date": source.date, "note": source.note}
    return {key: value for key, value in said.items() if value}


def _source_of(own: dict[str, Any], build: Build) -> Source:
    said = _object(own, "source")
    confidence: Confidence = _choice(said, "confidence", get_args(Confidence))
    return Source(_text(said, "url"), confidence, _text(said, "date"), build.reading.file, 0, _text(said, "note"))


def _place(place: Place) -> dict[str, Any]:
    said = {"nation": place.nation, "state": place.state, "district": place.district, "institution": place.institution}
    return {key: value for key, value in said.items() if value is not None}


def _place_of(own: dict[str, Any]) -> Place:
    said = _object(own, "place")
    return Place(*(_optional(said, name) for name in ("nation", "state", "district", "institution")))


def _credits(value: CreditValue | None) -> dict[str, Any]:
    if value is None:
        return {}
    return {"amount": show(value.amount), "unit": value.unit, **({"level": value.level} if value.level else {})}


def _credits_of(own: dict[str, Any]) -> CreditValue | None:
    said = _object(own, "credits")
    number = _number_of(said, "amount")
    if number is None:
        return None
    return CreditValue(number, _text(said, "unit"), _choice(said, "level", LEVELS) if "level" in said else None)


def _number(value: Fraction | None) -> str | None:
    return None if value is None else show(value)


def _number_of(own: dict[str, Any], name: str) -> Fraction | None:
    text = _text(own, name)
    try:
        return amount(text) if text else None
    except PathwaysError:
        _wrong(name)


def _dollars(own: dict[str, Any], name: str) -> Decimal | None:
    text = _text(own, name)
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        number = Decimal(-1)
    if number is not None and not (number.is_finite() and 0 <= number < 10**9):
        _wrong(name)
    return number


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _day_of(own: dict[str, Any], name: str) -> date | None:
    text = _text(own, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        _wrong(name)


def _selection(own: dict[str, Any], name: str) -> Select | None:
    text = _text(own, name)
    if not text:
        return None
    try:
        tree = parse(text)
    except RequirementSyntaxError:
        tree = None
    if not (isinstance(tree, AtLeast) and len(tree.children) == 1 and isinstance(tree.children[0], Select)):
        _wrong(name)
    return tree.children[0]


def _text(own: dict[str, Any], name: str) -> str:
    found = own.get(name, "")
    if not isinstance(found, str):
        _wrong(name)
    return found


def _optional(own: dict[str, Any], name: str) -> str | None:
    return _text(own, name) or None


def _texts(own: dict[str, Any], name: str) -> tuple[str, ...]:
    found = own.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        _wrong(name)
    return tuple(found)


def _object(own: dict[str, Any], name: str) -> dict[str, Any]:
    found = own.get(name, {})
    if not isinstance(found, dict):
        _wrong(name)
    return found


def _choice(own: dict[str, Any], name: str, allowed: tuple[Any, ...]) -> Any:
    found = own.get(name)
    if found not in allowed:
        _wrong(name)
    return found
