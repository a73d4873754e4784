"""Domain values to the parts all bodies share: facts, items, amounts, claims, value here.

Numbers are rounded nowhere: an amount is the exact number where JSON can hold it, beside its exact words.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from api.schemas import ClaimOut, CreditsOut, FactOut, ItemOut, Number, SumOut
from pathways.catalog.entities import Catalog
from pathways.credential import Credential, Source
from pathways.places import elsewhere
from pathways.record import LearnerRecord
from pathways.requirements.verdicts import Offer
from pathways.units import Amount, CreditValue, show


def number(value: Fraction | Decimal | int) -> Number:
    """An exact amount as a JSON number: whole numbers without a decimal point.

    Examples
    --------
    >>> number(Fraction(3)), number(Fraction(1, 2))
    (3, 0.5)
    """
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else float(fraction)


def number_or_none(value: Fraction | Decimal | None) -> Number | None:
    """The same; unknown stays unknown."""
    return None if value is None else number(value)


def fact(source: Source | None, text: str = "", *, day: str = "") -> FactOut:
    """A fact with its source; a computed one is dated by the day of the question."""
    if source is None:
        return FactOut(text=text, source_url=None, confidence="computed", date=day)
    return FactOut(text=text, source_url=source.url, confidence=source.confidence, date=source.date, note=source.note)


def facts(source: Source | None, text: str = "") -> list[FactOut]:
    """A list of the one fact, empty where there is no source."""
    return [] if source is None else [fact(source, text)]


def item(credential: Credential) -> ItemOut:
    """A credential in short."""
    return ItemOut(id=credential.id, name=credential.name, type=credential.type, issuer=credential.issuer)


def item_of(catalog: Catalog, credential_id: str) -> ItemOut:
    """A credential in short by its id; an id the catalog does not define keeps its own text."""
    found = catalog.item(credential_id)
    return item(found) if found is not None else ItemOut(id=credential_id, name=credential_id, type="unknown", issuer="")


def credits_body(value: CreditValue | None) -> CreditsOut | None:
    """Credits, or None where unknown."""
    if value is None:
        return None
    return CreditsOut(amount=number(value.amount), unit=value.unit, level=value.level, text=str(value))


def sum_body(value: Amount, unit: str) -> SumOut:
    """A sum with its unknown items; ``unit`` is ``USD`` or ``hours``."""
    amount = f"${number(value.known):,}" if unit == "USD" else f"{show(value.known)} {unit}"
    if value.items and value.unknown_items == value.items:
        text = "not published"
    elif value.unknown_items:
        text = f"at least {amount}; {value.unknown_items} of {value.items} not published"
    else:
        text = amount
    return SumOut(known=number(value.known), unknown_items=value.unknown_items, items=value.items, text=text)


def label(record: LearnerRecord, catalog: Catalog, index: int) -> str:
    """What one achievement is called: its own name, else the catalog's."""
    achievement = record.achievements[index]
    found = catalog.item(achievement.id)
    return achievement.name or (found.name if found is not None else achievement.id)


def claim(offer: Offer, record: LearnerRecord, catalog: Catalog) -> ClaimOut:
    """Something that may be claimed now."""
    return ClaimOut(
        to=offer.to_text,
        to_id=offer.to_id,
        institution=offer.institution,
        uses=[label(record, catalog, index) for index in offer.uses],
        via=list(offer.via),
        credits=credits_body(offer.credits),
        maximum=offer.maximum,
        fee_usd=number_or_none(offer.fee_usd),
        fee_per=offer.fee_per,
        approval_first=offer.approval_first,
        conditions=offer.conditions,
        agreement_id=offer.agreement_id,
        elsewhere=elsewhere(offer.place, record.place, f"{offer.institution} is there"),
        facts=[fact(offer.source)],
    )


def claims(offers: Sequence[Offer], record: LearnerRecord, catalog: Catalog) -> list[ClaimOut]:
    """All claims, in order."""
    return [claim(offer, record, catalog) for offer in offers]
