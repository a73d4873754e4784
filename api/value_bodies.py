"""Value here as a body: three ledgers, each answer in one line that a teacher can read."""

from __future__ import annotations

from api.bodies import fact, number, number_or_none
from api.schemas import LedgerOut, UseOut, ValueHereOut
from pathways.articulation.ledger import Ledger, LedgerLine, ValueHere
from pathways.places import ANYWHERE, Place
from pathways.units import CreditValue

PLACE_UNKNOWN = "place not stated"


def place_words(place: Place) -> str:
    """Where the learner works, or that it was not stated."""
    return PLACE_UNKNOWN if place == ANYWHERE else str(place)


def value_body(value: ValueHere, place: Place) -> ValueHereOut:
    """The three ledgers of one item in one place."""
    ledgers = [ledger_body(part) for part in (value.renewal, value.pay, value.degree)]
    return ValueHereOut(place=place_words(place), renewal=ledgers[0], pay=ledgers[1], degree=ledgers[2])


def ledger_body(ledger: Ledger) -> LedgerOut:
    """One ledger with every statement it rests on."""
    return LedgerOut(
        answer=ledger.answer,
        text=_ledger_words(ledger),
        amount=number_or_none(ledger.amount.amount) if ledger.amount else None,
        unit=ledger.amount.unit if ledger.amount else None,
        fee_usd=number_or_none(ledger.money),
        fee_per=ledger.money_per,
        conditions=list(ledger.conditions),
        note=ledger.note,
        ask=ledger.ask,
        uses=[_use(line) for line in ledger.lines],
        facts=[fact(source) for source in ledger.sources],
    )


def _use(line: LedgerLine) -> UseOut:
    return UseOut(
        answer=line.answer,
        where=line.where,
        what=line.what,
        text=_line_words(line),
        amount=number(line.amount.amount) if line.amount else None,
        unit=line.amount.unit if line.amount else None,
        maximum=line.maximum,
        fee_usd=number_or_none(line.fee_usd),
        fee_per=line.fee_per,
        conditions=list(line.conditions),
        facts=[fact(source) for source in line.sources],
    )


def _ledger_words(ledger: Ledger) -> str:
    if ledger.answer == "no rule found":
        return "no rule found"
    if not ledger.lines:
        return _with_amount(ledger.answer, ledger.amount, maximum=False)
    more = len(ledger.lines) - 1
    first = _line_words(ledger.lines[0])
    return first if not more else f"{first}; and {more} more {'statement' if more == 1 else 'statements'}"


def _line_words(line: LedgerLine) -> str:
    words = _with_amount(line.answer, line.amount, maximum=line.maximum)
    if line.what:
        # A rule's own title, as "Professional development points per badge", would read as more of the unit.
        words += f" {line.what}" if line.amount and not line.what[:1].isupper() else f": {line.what}"
    fee = f", ${_dollars(line)} per {line.fee_per or 'item'}" if line.fee_usd is not None else ""
    return f"{words} ({line.where}){fee}"


def _dollars(line: LedgerLine) -> str:
    """Dollars of a statement's fee, cents only where there are any."""
    value = number(line.fee_usd or 0)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def _with_amount(answer: str, amount: CreditValue | None, *, maximum: bool) -> str:
    if amount is None:
        return answer
    return f"{answer}, up to {amount}" if maximum else f"{answer}, {amount}"
