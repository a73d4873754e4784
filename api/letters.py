"""Questions as letters a person can send as they are: one for each office."""

from __future__ import annotations

from collections.abc import Sequence

from api.audit_schemas import AuditOut, OneLetterOut
from api.schemas import AskOut


def letters(asks: Sequence[AskOut], *, about: str, subject: str, date: str) -> list[OneLetterOut]:
    """One letter for each office that is asked something, in the order of the first question to each.

    Parameters
    ----------
    asks : sequence of AskOut
    about : str
        What the letter is about, with who issues it.
    subject : str
    date : str
    """
    offices: dict[str, list[AskOut]] = {}
    for ask in asks:
        offices.setdefault(ask.whom, []).append(ask)
    return [_letter(office, rows, about=about, subject=subject, date=date) for office, rows in offices.items()]


def letters_of_audit(found: AuditOut) -> list[OneLetterOut]:
    """The questions of an audit as letters."""
    about, subject = f"{found.target.name} ({found.target.issuer})", f"Questions about {found.target.name}"
    return letters(found.ask, about=about, subject=subject, date=found.date)


def _letter(office: str, asks: list[AskOut], *, about: str, subject: str, date: str) -> OneLetterOut:
    """A letter: who is asked, about what, each question with the page it rests on."""
    lines = [f"To: {office}", f"About: {about}", f"Date: {date}", ""]
    lines += ["Before I enroll or pay, I would like to have these answers in writing:", ""]
    for count, ask in enumerate(asks, start=1):
        lines.append(f"{count}. {ask.question}")
        lines += [f"   (Page read {fact.date}: {fact.source_url}{f'; {fact.note}' if fact.note else ''})" for fact in ask.facts]
    lines += ["", "Thank you."]
    return OneLetterOut(to=office, subject=subject, questions=asks, text="\n".join(lines))
