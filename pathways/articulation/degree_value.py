"""The ledger for an endorsement, license or degree: who says that an item counts, and who says that it does not.

A university answers for itself in the whole nation; a state authority answers only in its own state. Where the place of work is
not known, statements are shown with the name of who made them, and the answer here stays "no rule found".
"""

from __future__ import annotations

from dataclasses import replace

from pathways.articulation.agreements import CLOSING_KINDS, Agreement
from pathways.articulation.case import Case
from pathways.articulation.conversion import names_item
from pathways.articulation.ledger import Ledger, LedgerLine, ledger, row_words
from pathways.articulation.policies import Policy
from pathways.places import STATES

#: What each closing kind says of its target.
_EFFECT = {"posts_credit": "posts", "applies_inside": "counts inside", "meets_exam": "stands in for the test of"}
#: Words in the name of a body that licenses educators in one state. A university's agreement is not limited by place.
_AUTHORITY_WORDS = ("department", "board", "commission", "office of public instruction", "division of", "dese")


def degree_ledger(case: Case) -> Ledger:
    """Whether an item counts for an endorsement, license or degree, and where."""
    lines: list[LedgerLine] = []
    notes: list[str] = []
    for agreement in case.starting_here(*sorted(CLOSING_KINDS)):
        doubt = case.doubt(agreement)
        if doubt is not None:
            notes.append(doubt.sentence)
        elif is_elsewhere(agreement, case):
            notes.append(f"Elsewhere: {agreement.institution} counts it for {_target(agreement, case)}.")
        else:
            lines.append(_line(agreement, case))
    refusals = [row for row in case.rules.refusals if _speaks_of(row, case)]
    lines += [
        LedgerLine("no", str(row.place), None, (f"{row_words(row)}.",), (row.source,), row.id, what=row.rule) for row in refusals
    ]
    for agreement in case.starting_here("recommends", "prepares_for"):
        verb = "prepares for" if agreement.kind == "prepares_for" else "puts you forward for"
        tail = "it never counts toward it" if agreement.kind == "prepares_for" else f"{agreement.institution} decides"
        notes.append(f"It {verb} {_target(agreement, case)}; {tail}.")
    return _settled(case, lines, notes)


def _settled(case: Case, lines: list[LedgerLine], notes: list[str]) -> Ledger:
    """The ledger, with whom to ask; without a known place no yes is an answer for here."""
    institutions = list(dict.fromkeys(line.where for line in lines if line.answer != "no"))
    office = f"the registrar or licensing office of {institutions[0]}" if institutions else "the registrar of the program you mean"
    found = ledger(lines, notes=notes, ask=f"Ask {office}, in writing, before paying.")
    if case.place.state is not None or case.place.nation not in {None, "US"} or found.answer in {"no", "no rule found"}:
        return found
    told = f"{', '.join(institutions)} would count it; whether that serves you depends on where you work."
    return replace(
        found, answer="no rule found", amount=None, money=None, money_per=None, conditions=(), sources=(),
        note=f"{found.note} {told}".strip(), ask=f"Say where you work; then ask {office}, in writing, before paying.",
    )  # fmt: skip


def is_elsewhere(agreement: Agreement, case: Case) -> bool:
    """Whether an agreement is of another nation, or a state authority's of a state the learner does not work in."""
    state, nation = agreement.place.state, agreement.place.nation
    if nation is not None and case.place.nation is not None and nation != case.place.nation:
        return True
    name = agreement.institution.casefold()
    of_state = state is not None and (STATES.get(state, "?").casefold() in name or agreement.place.institution is None)
    authority = of_state and any(word in name for word in _AUTHORITY_WORDS)
    return authority and state != case.place.state


def _target(agreement: Agreement, case: Case) -> str:
    return case.name(agreement.to_id) if agreement.to_id else agreement.to_text


def _line(agreement: Agreement, case: Case) -> LedgerLine:
    """An agreement as a statement; a refusal by the same institution for its own degrees turns it into a no."""
    line = case.line(agreement, agreement.approval_first or _asks_approval(agreement, case))
    words = f"{_EFFECT[agreement.kind]} {_target(agreement, case)}"
    if agreement.mode == "contributes" and agreement.kind != "meets_exam":
        words += ", without completing it"
    onward = [
        f"then counts inside {_target(row, case)}" + (f" (at most {row.credits})" if row.credits and row.maximum else "")
        for row in (case.rules.agreements_from.get(agreement.to_id, ()) if agreement.to_id else ())
        if row.kind == "applies_inside" and (row.effective_until is None or row.effective_until >= case.on)
    ]
    line = replace(line, what=words, conditions=(words, *onward, *line.conditions))
    refusal = _own_refusal(agreement, case)
    if refusal is None:
        return line
    conditions = (*line.conditions, f"{row_words(refusal)}.")
    return replace(line, answer="no", amount=None, conditions=conditions, sources=(refusal.source, *line.sources))


def _asks_approval(agreement: Agreement, case: Case) -> bool:
    """Whether a row of the institution asks for approval of what it posts."""
    rows = [row for row in case.rules.approvals if speaks_for(row.place.institution, agreement.institution)]
    named = (agreement.to_id, case.item.id)
    return any(
        row.applies_to == () or (isinstance(row.applies_to, tuple) and any(k in row.applies_to for k in named)) for row in rows
    )


def _own_refusal(agreement: Agreement, case: Case) -> Policy | None:
    """The institution's own word that what it posts never counts in its degrees."""
    if agreement.kind != "posts_credit":
        return None
    keys = (agreement.to_id, *case.keys)
    for row in case.rules.refusals:
        if row.kind == "transfer_cap" and speaks_for(row.place.institution, agreement.institution):
            named = isinstance(row.applies_to, tuple) and any(key in row.applies_to for key in keys)
            # Credit that the agreement names only in words ("non-degree credit") falls under the institution's general word.
            if row.applies_to == () or named or agreement.to_id is None:
                return row
    return None


def _speaks_of(row: Policy, case: Case) -> bool:
    """Whether a refusal is about this item here: it names it, or it is the issuer's own word about all it issues."""
    if row.place.institution is None and row.place.state != case.place.state:
        return False
    if row.applies_to != ():
        return names_item(row, case.item.id, case.facts)
    return row.kind == "other" and speaks_for(row.place.institution, case.item.issuer)


def speaks_for(rule: str | None, institution: str) -> bool:
    """Whether a rule of one institution binds another name: the same one, or a part of it named in parentheses.

    Examples
    --------
    >>> speaks_for("University of the Pacific", "University of the Pacific (Benerd College)")
    True
    >>> speaks_for("University of the Pacific (Benerd College)", "University of the Pacific")
    False
    """
    if rule is None:
        return False
    one, other = rule.casefold().strip(), institution.casefold().strip()
    return one == other or one == other.partition("(")[0].strip()
