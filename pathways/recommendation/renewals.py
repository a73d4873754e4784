"""Renewal as a target beside credentials: where the learner stands, what would close the rest, and which items those are."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pathways.articulation.conversion import binds_here
from pathways.articulation.renewal import load_for, parse_renewal_target, progress
from pathways.articulation.renewal_load import PREFIX as RENEWAL
from pathways.articulation.renewal_load import LoadOption
from pathways.articulation.renewal_ways import RenewalWay, ways
from pathways.catalog.entities import Catalog
from pathways.credential import Select
from pathways.recommendation.answer import Fact, Question, RenewalAnswer
from pathways.units import show, unit_words

if TYPE_CHECKING:
    from pathways.recommendation.engine import Engine

__all__ = ["RENEWAL", "renewal_answers", "renewal_rows"]

#: Items of a conversion rule that become candidates, so that a rule on "any micro-credential" does not flood the list.
MOST_ITEMS = 300


def renewal_answers(engine: Engine, question: Question) -> tuple[RenewalAnswer, ...]:
    """State of each renewal target.

    Raises
    ------
    QuestionError
        If a renewal target names no place.
    UnitError
        If reported progress is in a unit that no load of the place uses.
    """
    return tuple(_answer(engine, question, target) for target in question.targets if target.startswith(RENEWAL))


def renewal_rows(engine: Engine, question: Question) -> list[int]:
    """Catalog rows that current conversion rules of the renewal targets' places name; none for a load that is reached."""
    catalog = engine.catalog
    found: dict[str, None] = {}
    for text in question.targets:
        if not text.startswith(RENEWAL):
            continue
        if _answer(engine, question, text).is_done:
            continue
        place = parse_renewal_target(text).place
        for row in catalog.policies:
            if row.kind == "renewal_conversion" and row.computable and row.standing == "current" and binds_here(row.place, place):
                named = catalog.select(row.applies_to) if isinstance(row.applies_to, Select) else row.applies_to
                found.update(dict.fromkeys(named[:MOST_ITEMS]))
    return [engine.graph.index[item] for item in found if item in engine.graph.index]


def _answer(engine: Engine, question: Question, text: str) -> RenewalAnswer:
    catalog: Catalog = engine.catalog
    target = parse_renewal_target(text)
    load = load_for(target, catalog.policies)
    if load is None:
        return RenewalAnswer(
            text, "no rule found", "unknown", "unknown", (), (Fact(f"No renewal load of {target.place} was found."),)
        )
    done = progress(load, question.record, catalog, catalog.agreements, catalog.policies, on=engine.on)
    closing = ways(done, catalog.policies, catalog.agreements, facts=catalog)
    notes = [
        *_option_notes((done.load.option, *done.load.alternatives)),
        *(
            Fact(f"{entry.label}: {entry.amount} ({entry.how})", entry.sources[0] if entry.sources else None)
            for entry in done.counted
        ),
        *(Fact(entry.sentence) for entry in done.uncounted),
        *(Fact(effect) for effect in done.effects),
        *(Fact(note) for note in done.load.notes),
    ]
    return RenewalAnswer(
        text, str(done.load), _amount(done.done.amount, done.unit), _amount(done.remaining.amount, done.unit),
        tuple(_way(way) for way in closing), tuple(dict.fromkeys(notes)), done.remaining.amount == 0,
    )  # fmt: skip


def _amount(amount: Fraction, unit: str) -> str:
    return f"{show(amount)} {unit_words(unit, amount)}"


def _way(way: RenewalWay) -> Fact:
    notes = f" {' '.join(way.notes)}" if way.notes else ""
    return Fact(f"{way.sentence}.{notes}", way.sources[0] if way.sources else None)


def _option_notes(options: tuple[LoadOption, ...]) -> list[Fact]:
    """The load used with its page, then every other load a page states."""
    found: list[Fact] = []
    for number, option in enumerate(options):
        who = f" for {option.audience}" if option.audience else ""
        warn = " (unverified: check with the state)" if option.unverified else ""
        found.extend(Fact(f"{'Also stated' if number else 'Load'}{who}: {option.load}{warn}.", source) for source in option.sources)
    return found
