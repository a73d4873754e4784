"""What one item counts for in one place: renewal, pay, endorsement or degree.

Each answer is yes, yes with prior approval, no (a source says no) or no rule found. An agreement answers for the institution
that made it and nobody else, pay is answered by a named district only, and amounts of different units are never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pathways.articulation.agreements import Agreement
from pathways.articulation.case import Case, Rulebook, rulebook
from pathways.articulation.conversion import Conversion, binds_here, conversions, covers_item, names_item
from pathways.articulation.degree_value import degree_ledger
from pathways.articulation.ledger import Ledger, LedgerLine, ValueHere, ledger, row_words, says_no, says_yes
from pathways.articulation.policies import Policy
from pathways.credential import Credential
from pathways.places import STATES, Place
from pathways.record import LearnerRecord
from pathways.requirements.verdicts import Facts
from pathways.units import CreditValue

__all__ = ["Ledger", "LedgerLine", "ValueHere", "value_here", "values_here"]

_BASIS_WORDS = {"item": "each", "credits": "from its credits", "hours": "from its hours"}


def value_here(
    credential: Credential,
    record: LearnerRecord,
    facts: Facts,
    agreements: Sequence[Agreement],
    policies: Sequence[Policy],
    *,
    place: Place,
    on: date,
) -> ValueHere:
    """What an item counts for, for a person who works in a place.

    Parameters
    ----------
    credential : Credential
        Held or only considered; where the record holds it, its own date decides about windows.
    record : LearnerRecord
        For dates and approvals already given.
    facts : Facts
        The catalog.
    agreements, policies : sequences
        All rows; the ones that bind the place, or speak of the item, are picked here.
    place : Place
        Nation, state and district of work. With no state, renewal is "no rule found"; with no district, pay is.
    on : date
        The day of the question.

    Returns
    -------
    ValueHere
        Three ledgers, each with sources, conditions and whom to ask.
    """
    (found,) = values_here((credential,), record, facts, agreements, policies, place=place, on=on)
    return found


def values_here(
    credentials: Iterable[Credential],
    record: LearnerRecord,
    facts: Facts,
    agreements: Sequence[Agreement],
    policies: Sequence[Policy],
    *,
    place: Place,
    on: date,
) -> tuple[ValueHere, ...]:
    """:func:`value_here` of many items with one look at all rows, in the order given."""
    return values_by(rulebook(agreements, policies, place), credentials, record, facts, on=on)


def values_by(
    rules: Rulebook, credentials: Iterable[Credential], record: LearnerRecord, facts: Facts, *, on: date
) -> tuple[ValueHere, ...]:
    """:func:`values_here` with the rows of a place already sorted, for whoever asks more than once."""
    cases = (Case(item, record, facts, rules, on) for item in credentials)
    return tuple(ValueHere(_renewal(case), _pay(case), degree_ledger(case)) for case in cases)


def _renewal(case: Case) -> Ledger:
    """Renewal: agreements and conversion rows that bind the state or district of work."""
    approvals = [row for row in case.binding("approval") if row.place.district is None and _covers(row, case)]
    lines: list[LedgerLine] = []
    notes = [f"Approval: {row_words(row)}." for row in approvals]
    for agreement in case.starting_here("renewal"):
        if not binds_here(agreement.place, case.place):
            continue
        doubt = case.doubt(agreement)
        if doubt is None:
            lines.append(case.line(agreement, agreement.approval_first or bool(approvals)))
        else:
            notes.append(doubt.sentence)
    for found in conversions(case.item.id, case.facts, case.rules.binding, place=case.place, credits=_own_credits(case)):
        _add_conversion(case, found, lines, notes, bool(approvals))
    for row in case.binding("renewal_conversion"):
        if says_yes(row) and row.applies_to != () and names_item(row, case.item.id, case.facts):
            answer = case.answer(bool(approvals), str(row.place))
            lines.append(LedgerLine(answer, str(row.place), None, (row.rule,), (row.source,), row.id, what=row.rule))
        elif not row.computable and row.applies_to != () and names_item(row, case.item.id, case.facts):
            notes.append(f"Also read: {row_words(row)}.")
    return ledger(lines, notes=notes, ask=_ask_state(case.place), one_place=True)


def _own_credits(case: Case) -> CreditValue | None:
    held = next((item for item in case.record.achievements if item.id == case.item.id), None)
    return held.credits if held else None


def _add_conversion(case: Case, found: Conversion, lines: list[LedgerLine], notes: list[str], approvals: bool) -> None:
    """A conversion answers when its row is current; otherwise it is only mentioned."""
    row = found.policy
    if row.standing != "current":
        notes.append(f"Also read, {row.standing}: {row_words(row)}.")
        return
    needs_approval = approvals or (found.basis == "item" and "approved" in row.rule.casefold().split())
    where = str(row.place)
    words = (f"{row_words(row)} ({_BASIS_WORDS[found.basis]})",)
    lines.append(LedgerLine(case.answer(needs_approval, where), where, found.value, words, (row.source,), row.id, what=row.rule))


def _pay(case: Case) -> Ledger:
    """Pay: only what the named district itself says."""
    district = case.place.district
    if district is None:
        lanes = [row for row in case.binding("lane") if row.place.district is None and _covers(row, case)]
        notes = [f"A state page speaks of pay, which only a district can answer: {row_words(row)}." for row in lanes]
        return ledger(
            (),
            notes=[*notes, *_known_districts(case)],
            ask="Ask your district's human resources office; a state alone never answers pay.",
        )
    ask = f"Ask the human resources office of {district}, in writing, before paying."
    approvals = [row for row in case.binding("approval") if row.place.district and _covers(row, case)]
    lines: list[LedgerLine] = []
    notes = [f"Approval: {row_words(row)}." for row in approvals]
    for agreement in case.starting_here("pay"):
        if agreement.place.district is None or not binds_here(agreement.place, case.place):
            continue
        doubt = case.doubt(agreement)
        if doubt is None:
            lines.append(case.line(agreement, agreement.approval_first or bool(approvals)))
        else:
            notes.append(doubt.sentence)
    rows = [row for row in case.rules.binding if row.place.district is not None]
    for found in conversions(
        case.item.id, case.facts, rows, place=case.place, credits=_own_credits(case), kinds=("lane", "unit_conversion")
    ):
        _add_conversion(case, found, lines, notes, bool(approvals))
    lines += _approved_for_pay(case, approvals)
    notes += [f"{row_words(row)}." for row in case.binding("lane") if row.place.district and row.factor is None]
    if not lines:
        notes += _known_districts(case)
    return ledger(lines, notes=notes, ask=ask, one_place=True)


def _known_districts(case: Case) -> list[str]:
    """Which districts of the state have a pay rule here, for a person who named none of them."""
    names = case.rules.districts
    return [f"Districts with a pay rule in this catalog: {', '.join(names)}."] if names else []


def _approved_for_pay(case: Case, approvals: list[Policy]) -> list[LedgerLine]:
    """A district row naming the item under the approval it asks for: it counts with that approval, amount not stated."""
    return [
        LedgerLine(case.answer(True, str(row.place)), str(row.place), None, (row.rule,), (row.source,), row.id, what=row.rule)
        for row in approvals
        if row.applies_to != () and not says_no(row)
    ]


def _covers(row: Policy, case: Case) -> bool:
    return covers_item(row, case.item, case.item.id, case.facts)


def _ask_state(place: Place) -> str:
    if place.state is None:
        return "Say which state issued your license; then ask its educator licensing office."
    return f"Ask the educator licensing office of {STATES.get(place.state, place.state)}, in writing, before paying."
