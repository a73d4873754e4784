"""The values of "what is it worth here": a ledger for renewal, one for pay, one for endorsement or degree.

Also the closed table of words by which a source says no, or yes without an amount. Computing them is :mod:`.value`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from pathways.articulation.policies import Policy
from pathways.credential import Source
from pathways.units import CreditValue, show

Answer = Literal["yes", "yes, with prior approval", "no", "no rule found"]

#: Categories and values of ``other`` and ``transfer_cap`` rows by which a source says that something does not count.
SAYS_NO = frozenset(
    {
        "leads to no license", "never counts in a degree there", "carries no credit", "credit not accepted", "no", "not counted",
        "not accepted", "not an endorsement",
    }
)  # fmt: skip
#: Categories and values by which a source says that something counts without saying how much.
SAYS_YES = frozenset({"meets the whole load", "eligible", "accepted"})


def says_no(policy: Policy) -> bool:
    """Whether a row is a sourced refusal. A cap of zero limits what comes in; it does not say that the item is worth nothing."""
    return policy.kind in {"other", "transfer_cap"} and not SAYS_NO.isdisjoint(_words(policy))


def says_yes(policy: Policy) -> bool:
    """Whether a row accepts something without an amount."""
    return not SAYS_YES.isdisjoint(_words(policy))


def _words(policy: Policy) -> set[str]:
    return {policy.value.strip().casefold(), (policy.category or "").casefold()}


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One sourced statement: who says it, what it is worth, on which conditions.

    ``basis`` is the id of the agreement or policy; ``where`` the institution, district or state that says so, and nobody else.
    """

    answer: Literal["yes", "yes, with prior approval", "no"]
    where: str
    amount: CreditValue | None
    conditions: tuple[str, ...]
    sources: tuple[Source, ...]
    basis: str
    what: str = ""
    fee_usd: Decimal | None = None
    fee_per: Literal["item", "credit"] | None = None
    maximum: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """One of the four answers, with every statement it rests on.

    Parameters
    ----------
    answer : str
        ``yes``, ``yes, with prior approval``, ``no`` (a source says no) or ``no rule found``.
    amount : CreditValue or None
        Of the first statement; amounts in other units stand in ``lines`` and are never added to it.
    money : Decimal or None
        What having it counted costs in dollars (``money_per`` item or credit), by the first statement that says.
    conditions : tuple of str
    sources : tuple of Source
        Of every statement in ``lines``.
    note : str
        What else is known and does not decide: superseded figures, other places, lanes.
    ask : str
        Whom to ask, in writing, before paying.
    """

    answer: Answer
    amount: CreditValue | None = None
    money: Decimal | None = None
    conditions: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""
    ask: str = ""
    lines: tuple[LedgerLine, ...] = ()
    money_per: Literal["item", "credit"] | None = None


@dataclass(frozen=True, slots=True)
class ValueHere:
    """What one item counts for in one place, in three ledgers that are never merged."""

    renewal: Ledger
    pay: Ledger
    degree: Ledger


def ledger(lines: Sequence[LedgerLine], *, notes: Sequence[str], ask: str, one_place: bool = False) -> Ledger:
    """Join statements into one answer: a yes without prior approval first, then one with it, then a no.

    ``one_place`` says that all statements bind the same place, so the same amount said twice is one statement.
    """
    note = " ".join(dict.fromkeys(note for note in notes if note))
    merged = merge(lines, one_place=one_place)
    if not merged:
        return Ledger("no rule found", note=note, ask=ask)
    order = ("yes", "yes, with prior approval", "no")
    best = min(merged, key=lambda line: order.index(line.answer))
    leading = [line for line in merged if line.answer == best.answer]
    rest = [line for line in merged if line.answer != best.answer]
    answer: Answer = best.answer
    amount = next((line.amount for line in leading if line.amount is not None), None)
    priced = next((line for line in leading if line.fee_usd is not None), None)
    return Ledger(
        answer,
        amount,
        priced.fee_usd if priced else None,
        tuple(dict.fromkeys(text for line in leading for text in line.conditions)),
        tuple(dict.fromkeys(source for line in merged for source in line.sources)),
        note,
        ask,
        (*leading, *rest),
        priced.fee_per if priced else None,
    )


def merge(lines: Sequence[LedgerLine], *, one_place: bool) -> tuple[LedgerLine, ...]:
    """Statements with the same answer, amount and (unless all are of one place) author become one with all their sources."""
    found: dict[tuple[object, ...], LedgerLine] = {}
    for line in lines:
        unit = (line.amount.amount, line.amount.unit) if line.amount else None
        key = (line.answer != "no", "" if one_place else line.where, unit, line.what if unit is None or not one_place else "")
        if key not in found:
            found[key] = line
            continue
        old = found[key]
        strict = "yes, with prior approval" if "yes, with prior approval" in {old.answer, line.answer} else old.answer
        conditions = tuple(dict.fromkeys((*old.conditions, *line.conditions)))
        sources = tuple(dict.fromkeys((*old.sources, *line.sources)))
        found[key] = replace(old, answer=strict, conditions=conditions, sources=sources)
    return tuple(found.values())


def row_words(policy: Policy) -> str:
    """A policy row in the words of its source: rule, value, unit."""
    figure = policy.value or (show(policy.factor) if policy.factor is not None else "")
    unit = "" if policy.unit in {"rule", "status"} else f" {policy.unit}"
    return f"{policy.rule}: {figure}{unit}" if figure else policy.rule
