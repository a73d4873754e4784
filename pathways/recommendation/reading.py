"""What a goal says besides its subject: that it is about renewing or about pay, and what the person already holds.

Nothing is put into the record that the person did not put there: what the words seem to say is told back, to be confirmed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pathways.articulation.renewal import load_for, parse_renewal_target
from pathways.articulation.renewal_load import PREFIX
from pathways.places import Place
from pathways.recommendation.answer import Fact, Question
from pathways.recommendation.audits import holds

if TYPE_CHECKING:
    from pathways.recommendation.engine import Engine

_RENEWING = re.compile(
    r"\b(?:renew(?:al|ing|s)?|recertif\w+|relicens\w+|PDPs?|CEUs?|clock hours|PD (?:hours|points)|Act 48)\b", re.IGNORECASE
)
_PAY = re.compile(r"\b(?:salary|pay(?:\s?scale)?|raise|lane)\b", re.IGNORECASE)
_HELD = re.compile(
    r"\b(?:with|have|hold|holding|finished|completed|earned|got)\s+(?:a|an|my|the)?\s*([A-Za-z][\w-]{1,40})", re.IGNORECASE
)
_HELD_NOTE = "You seem to hold {name}. If you do, add it ({id}) to what you have, so that it counts."
_PAY_NOTE = "Pay is set by a district's contract, not by a state. Name your district to see its rules, or ask its HR office."
_LONGEST_READ = 2_000


@dataclass(frozen=True)
class Reading:
    """The question as it will be answered, ids the words say are held, and what to tell the person of both."""

    question: Question
    said_held: tuple[str, ...]
    notes: tuple[Fact, ...]


def read_question(question: Question, engine: Engine) -> Reading:
    """Fill in what follows from the question itself.

    Parameters
    ----------
    question : Question
        Checked.
    engine : Engine

    Returns
    -------
    Reading
        A renewal target gives the place where none is stated; a goal about renewing gets its state's renewal as a target where a
        load is known.
    """
    question = _with_place(question)
    goal = question.goal[:_LONGEST_READ]
    notes: list[Fact] = []
    if _RENEWING.search(goal) and not any(target.startswith(PREFIX) for target in question.targets):
        question, note = _about_renewal(question, engine)
        notes.append(note)
    if _PAY.search(goal) and question.record.place.district is None:
        notes.append(Fact(_PAY_NOTE))
    held = _said_held(goal, question, engine)
    notes.extend(Fact(_HELD_NOTE.format(name=engine.name_of(item), id=item)) for item in held)
    return Reading(question, held, tuple(notes))


def _with_place(question: Question) -> Question:
    renewals = [target for target in question.targets if target.startswith(PREFIX)]
    if question.record.place.state is not None or not renewals:
        return question
    place = parse_renewal_target(renewals[0]).place
    here: Place = replace(place, district=question.record.place.district)
    return replace(question, record=replace(question.record, place=here))


def _about_renewal(question: Question, engine: Engine) -> tuple[Question, Fact]:
    state = question.record.place.state
    if state is None:
        return question, Fact("This sounds like a license renewal. Say your state to see what renewing asks there and what counts.")
    target = f"{PREFIX}{state}"
    load = load_for(parse_renewal_target(target), engine.catalog.policies)
    if load is None:
        return question, Fact(
            f"No renewal load of {Place('US', state)} was found: ask its educator licensing office what you need."
        )
    told = Fact(f"Read as a question about renewing a license in {Place('US', state)} ({target}). Say what you have done so far.")
    return replace(question, targets=(*question.targets, target)), told


def _said_held(goal: str, question: Question, engine: Engine) -> tuple[str, ...]:
    """Catalog ids that stand right after words such as "with a" or "finished", and are not on the record."""
    words = (match.group(1).casefold() for match in _HELD.finditer(goal))
    known = (word for word in dict.fromkeys(words) if engine.catalog.item(word) is not None)
    return tuple(word for word in known if not holds(question.record, word, engine.on))
