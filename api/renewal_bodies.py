"""A license renewal as a target: listed beside credentials, and audited like one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from api.audit_schemas import AuditOut, CountedOut, NodeOut, SpareOut, TargetOut, TreeOut
from api.bodies import fact, label, number
from api.held_bodies import held_body
from api.schemas import AskOut, FactOut, ItemOut, LedgerOut, Truth, ValueHereOut
from api.value_bodies import place_words
from pathways.articulation.renewal import RenewalProgress, RenewalWay, load_for, parse_renewal_target, progress, ways
from pathways.articulation.renewal_load import PREFIX, RenewalLoad, RenewalTarget
from pathways.catalog.entities import Catalog
from pathways.credential import Source
from pathways.places import Place
from pathways.record import LearnerRecord
from pathways.units import show

NO_LOAD = "no rule found: the renewal load of this place is not in this catalog"
_NOT_AN_ITEM = LedgerOut(answer="no rule found", text="no rule found")


def renewal_targets(catalog: Catalog) -> list[TargetOut]:
    """Every state whose load is in the catalog, by code."""
    states = sorted({row.place.state for row in catalog.policies if row.kind == "renewal_load" and row.place.state is not None})
    found = []
    for state in states:
        target = RenewalTarget(Place(state[:2], state))
        load = load_for(target, catalog.policies)
        if load is not None:
            found.append(_target(target, load))
    return found


def renewal_audit(text: str, record: LearnerRecord, catalog: Catalog, on: date) -> AuditOut:
    """Where a record stands on one renewal.

    Raises
    ------
    QuestionError
        If the target names no place.
    UnitError
        If reported progress is in a unit that no load of the place uses.
    """
    target = parse_renewal_target(text)
    load = load_for(target, catalog.policies)
    done = None if load is None else progress(load, record, catalog, catalog.agreements, catalog.policies, on=on)
    return AuditOut(
        target=_item(target),
        verdict="unknown" if done is None else _verdict(done),
        summary=f"Renewal: {NO_LOAD}." if done is None else _summary(done),
        requires=None,
        composed_of=None if done is None else _tree(target, done, record, catalog),
        offers=[],
        refused=[],
        value_here=_value(target, load),
        evidence=[],
        ask=[_question(target, load)],
        sources=[] if done is None else _sources(done, catalog),
        place=place_words(record.place if record.place.nation else target.place),
        date=on.isoformat(),
        data_version=catalog.version,
        holds=held_body(record, catalog),
    )


def renewal_name(text: str) -> str:
    """What a renewal target is called.

    Raises
    ------
    QuestionError
        If it names no place.
    """
    return _item(parse_renewal_target(text)).name


def _verdict(done: RenewalProgress) -> Truth:
    """Met only where the sum is reached and nothing inside the load has to be shown separately."""
    if done.remaining.amount > 0:
        return "unmet"
    shares = any(part.minimum for part in done.load.parts)
    return "unknown" if shares or done.load.option.unverified else "met"


def _summary(done: RenewalProgress) -> str:
    words = f"{done.done} of {done.load} done; {done.remaining} left."
    return f"{words} {done.surplus} more than asked." if done.surplus.amount > 0 else words


def _tree(target: RenewalTarget, done: RenewalProgress, record: LearnerRecord, catalog: Catalog) -> TreeOut:
    held = record.achievements
    root = NodeOut(
        rule=str(target),
        text=str(done.load),
        truth=_verdict(done),
        in_progress=done.remaining.amount > 0 and done.done.amount > 0,
        have=number(done.done.amount),
        need=number(done.load.option.load.amount),
        unit=done.unit,
        uses=[
            CountedOut(
                id="progress" if entry.achievement is None else held[entry.achievement].id,
                name=entry.label,
                credits=number(entry.amount.amount),
            )
            for entry in done.counted
        ],
        spare=[
            SpareOut(id=held[entry.achievement].id, name=label(record, catalog, entry.achievement), reason=entry.sentence)
            for entry in done.uncounted
            if entry.achievement is not None
        ],
        notes=[*(way.sentence for way in _ways(done, catalog)), *done.effects, *done.load.notes],
        facts=_sources(done, catalog),
    )
    return TreeOut(truth=root.truth, root=root)


def _ways(done: RenewalProgress, catalog: Catalog) -> Sequence[RenewalWay]:
    return ways(done, catalog.policies, catalog.agreements, facts=catalog)


def _sources(done: RenewalProgress, catalog: Catalog) -> list[FactOut]:
    found: dict[str, FactOut] = {}

    def add(text: str, sources: Iterable[Source]) -> None:
        for source in sources:
            found.setdefault(source.url, fact(source, text))

    add(done.load.option.rule, done.load.option.sources)
    for entry in done.counted:
        add(entry.how, entry.sources)
    for way in _ways(done, catalog):
        add(way.sentence, way.sources)
    return list(found.values())


def _question(target: RenewalTarget, load: RenewalLoad | None) -> AskOut:
    about = "what the load is" if load is None else f"that my renewal asks for {load}"
    words = f"Please confirm in writing {about}, what your record shows as done, and which of my next steps you would count."
    source = [] if load is None else [fact(load.option.sources[0], load.option.rule)] if load.option.sources else []
    return AskOut(whom=f"educator licensing office of {target.place}", question=words, about=str(target), facts=source)


def _value(target: RenewalTarget, load: RenewalLoad | None) -> ValueHereOut:
    own = _NOT_AN_ITEM if load is None else LedgerOut(answer="yes", text=f"this is the renewal itself: {load}")
    return ValueHereOut(place=str(target.place), renewal=own, pay=_NOT_AN_ITEM, degree=_NOT_AN_ITEM)


def _item(target: RenewalTarget) -> ItemOut:
    who = f" ({target.audience})" if target.audience else ""
    return ItemOut(id=str(target), name=f"License renewal, {target.place}{who}", type="renewal", issuer=str(target.place))


def _target(target: RenewalTarget, load: RenewalLoad) -> TargetOut:
    others = "".join(f"; or {show(option.load.amount)} {option.load.unit}" for option in load.alternatives)
    return TargetOut(
        **_item(target).model_dump(),
        place=str(target.place),
        requirements_known=True,
        text=f"{load}{others}",
        facts=[fact(source, load.option.rule) for source in load.option.sources],
    )


__all__ = ["PREFIX", "renewal_audit", "renewal_name", "renewal_targets"]
