"""Which agreements apply to a learner now: accepted credit, chains of claims, and each refusal with its reason.

An agreement makes a thing claimable, never held: only a posted record satisfies a requirement for it. What credit counts inside
a target, up to the receiving institution's cap, is :mod:`pathways.articulation.inside`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from pathways.articulation.acceptance import Doubt, Offers, Part, Piece, Refusal, RefusalReason, doubt_of
from pathways.articulation.agreements import CLOSING_KINDS, Agreement
from pathways.articulation.inside import InsideCount, count_inside
from pathways.record import LearnerRecord
from pathways.requirements.verdicts import Facts, Offer, Truth
from pathways.units import GRADES, CreditValue

__all__ = ["InsideCount", "Offers", "Refusal", "count_inside", "offers"]


def offers(
    record: LearnerRecord,
    facts: Facts,
    agreements: Sequence[Agreement],
    *,
    on: date,
    lists: Iterable[tuple[str, Truth]] | None = None,
) -> Offers:
    """All that the learner may claim on a day, with the near misses.

    Parameters
    ----------
    record : LearnerRecord
        What is held, and in which stage.
    facts : Facts
        Names, generic ids and selections of the catalog.
    agreements : sequence of Agreement
        All agreements; those that touch nothing held are passed over in silence.
    on : date
        The day of the question.
    lists : iterable of (credential id, Truth), optional
        Verdicts on awarders' own component lists; a met one makes its credential claimable.

    Returns
    -------
    Offers
        In the order of ``lists``, then of ``agreements``, then of the record. A chain is resolved to its end: an offer that
        needs another claimed first names it in ``via``.
    """
    world = _World(record, facts, on)
    complete, refused = _complete_lists(world, lists or ())
    found: list[Offer] = []
    # Each pass can only add claims, and a chain visits no target twice, so this ends after at most one pass per agreement.
    for _ in range(len(agreements) + 1):
        pieces = _pieces(world, (*complete, *found))
        before = len(found)
        found, late = _one_pass(world, agreements, pieces)
        if len(found) == before:
            break
    return Offers((*complete, *found), (*refused, *late), on)


@dataclass(frozen=True, slots=True)
class _World:
    record: LearnerRecord
    facts: Facts
    on: date

    def name(self, credential_id: str) -> str:
        item = self.facts.item(credential_id)
        return item.name if item else credential_id

    def credits(self, credential_id: str) -> CreditValue | None:
        item = self.facts.item(credential_id)
        return item.credits if item else None

    def is_generic(self, credential_id: str) -> bool:
        item = self.facts.item(credential_id)
        return item is not None and item.generic


def _pieces(world: _World, claims: Sequence[Offer]) -> dict[str, list[Piece]]:
    """Every piece by id, and again under each generic id that stands for it; one (id, name, area) counts once, at its best."""
    found: dict[tuple[str, str | None, str | None], Piece] = {}
    for index, item in enumerate(world.record.achievements):
        piece = Piece(item.id, item.name, index, item, None, item.credits or world.credits(item.id), world.name(item.id))
        key = (item.id, item.name, item.area)
        if key not in found or _quality(piece, world.on) > _quality(found[key], world.on):
            found[key] = piece
    for claim in claims:
        if claim.to_id is None:
            continue
        worth = claim.credits or world.credits(claim.to_id)
        piece = Piece(claim.to_id, claim.name, None, None, claim, worth, world.name(claim.to_id))
        key = (claim.to_id, claim.name, None)
        if key not in found or not _quality(found[key], world.on)[0]:
            found[key] = piece
    by_id: dict[str, list[Piece]] = {}
    for piece in found.values():
        for name in (piece.id, *world.facts.generics_of(piece.id)):
            by_id.setdefault(name, []).append(piece)
    return by_id


def _quality(piece: Piece, on: date) -> tuple[bool, int]:
    """Usable items before others, better grades first: of two records of one item the better one is used."""
    item = piece.held
    if item is None:
        return True, -1
    usable = item.stage in {"earned", "posted"} and (item.expires_on is None or item.expires_on >= on)
    return usable, GRADES.index(item.grade) if item.grade in GRADES else -1


def _one_pass(world: _World, agreements: Sequence[Agreement], pieces: dict[str, list[Piece]]) -> tuple[list[Offer], list[Refusal]]:
    accepted: list[Offer] = []
    refused: list[Refusal] = []
    for agreement in agreements:
        if agreement.kind in {"renewal", "pay"} or not any(pieces.get(key) for key in agreement.from_ids):
            continue
        postings, refusals = _postings(world, agreement, pieces)
        refused += refusals
        if postings:
            new, more = _verdict(world, agreement, postings)
            accepted += new
            refused += more
    return accepted, refused


def _postings(world: _World, agreement: Agreement, pieces: dict[str, list[Piece]]) -> tuple[list[tuple[Piece, ...]], list[Refusal]]:
    """Complete sets of pieces for one agreement: one set for plain ids, one per item under a generic id."""
    columns: list[list[tuple[Piece, ...]]] = []
    sizes: list[int] = []
    refused: list[Refusal] = []
    missing: list[str] = []
    for key, needed in Counter(agreement.from_ids).items():
        good, bad = _sorted_out(pieces.get(key, []), agreement, world.on)
        groups = [tuple(good[i : i + needed]) for i in range(0, len(good) - needed + 1, needed)]
        generic = world.is_generic(key)
        columns.append(groups if generic else groups[:1])
        sizes += [len(groups)] if generic else []
        if generic or len(good) < needed:
            refused += [_refusal(agreement, doubt, piece.uses) for piece, doubt in bad]
        if len(good) + len(bad) < needed:
            missing.append(key)
    if missing:
        names = ", ".join(world.name(key) for key in missing)
        sentence = f"{agreement.institution} asks for {names} as well before {_target(world, agreement)} can be claimed."
        refused.append(replace(_refusal(agreement, Doubt("item missing", sentence)), missing=tuple(missing)))
    size = min(sizes, default=1) if all(columns) else 0
    return [sum((column[i if i < len(column) else 0] for column in columns), ()) for i in range(size)], refused


def _sorted_out(pieces: list[Piece], agreement: Agreement, on: date) -> tuple[list[Piece], list[tuple[Piece, Doubt]]]:
    judged = [(piece, doubt_of(piece, agreement, on)) for piece in pieces if agreement.to_id not in piece.via]
    good = [piece for piece, doubt in judged if doubt is None]
    return good, [(piece, doubt) for piece, doubt in judged if doubt is not None]


def _refusal(agreement: Agreement, doubt: Doubt, uses: tuple[int, ...] = ()) -> Refusal:
    return Refusal(
        agreement.id, doubt.reason, doubt.sentence, agreement.to_id, agreement.to_text, agreement.institution, agreement.source,
        unknown=doubt.unknown, uses=uses,
    )  # fmt: skip


def _target(world: _World, agreement: Agreement) -> str:
    return world.name(agreement.to_id) if agreement.to_id else agreement.to_text


def _verdict(world: _World, agreement: Agreement, postings: list[tuple[Piece, ...]]) -> tuple[list[Offer], list[Refusal]]:
    """Offers or refusals for the complete postings of one agreement."""
    if agreement.kind not in CLOSING_KINDS:
        return [], [_informs(world, agreement, postings)]
    closed = _closed(world, agreement)
    if closed is not None:
        return [], [_refusal(agreement, closed, _uses(postings))]
    if agreement.kind == "posts_credit" and agreement.to_id is None:
        return [_offer(world, agreement, posting) for posting in postings], []
    if agreement.mode != "alternative":
        inside = _contributes(world, agreement, postings)
        if agreement.kind != "posts_credit":
            return [], [inside]
        # Credit is posted and can be claimed, but the target it counts inside is not: the offer names no target id.
        words = f"credit inside {_target(world, agreement)}"
        return [replace(_offer(world, agreement, posting), to_id=None, to_text=words) for posting in postings], [inside]
    return _not_held_yet(world, agreement, postings)


def _informs(world: _World, agreement: Agreement, postings: list[tuple[Piece, ...]]) -> Refusal:
    target = _target(world, agreement)
    if agreement.kind == "prepares_for":
        doubt = Doubt("prepares", f"It prepares for {target} and never counts toward it.")
    else:
        doubt = Doubt("recommends", f"It puts you forward for {target}; {agreement.institution} decides.")
    return replace(_refusal(agreement, doubt, _uses(postings)), via=_via(postings[0]))


def _closed(world: _World, agreement: Agreement) -> Doubt | None:
    item = world.facts.item(agreement.to_id) if agreement.to_id else None
    if item is None:
        return None
    if item.retired_on is not None and item.retired_on <= world.on:
        return Doubt("closed", f"{item.name} was closed on {item.retired_on.isoformat()}.")
    if item.status == "retired" and item.retired_on is None:
        return Doubt("closed", f"{item.name} is closed; the date is not published.")
    if item.offer_until is not None and item.offer_until < world.on:
        return Doubt("closed", f"{item.name} was offered until {item.offer_until.isoformat()}.")
    return None


def _contributes(world: _World, agreement: Agreement, postings: list[tuple[Piece, ...]]) -> Refusal:
    fixed = None if agreement.maximum else agreement.credits
    # Standing in for a test supplies no credit.
    parts = (
        ()
        if agreement.kind == "meets_exam"
        else tuple(Part(_label(posting), _uses([posting]), _via(posting), fixed or _sum_of(posting)) for posting in postings)
    )
    target = _target(world, agreement)
    if agreement.credits is None:
        amount = "an amount its page does not state"
    else:
        amount = f"at most {agreement.credits}" if agreement.maximum else f"{agreement.credits}"
    if agreement.kind == "meets_exam":
        sentence = f"It stands in for the test of {target} and does not complete it."
    else:
        sentence = f"It counts inside {target} ({amount}) and does not complete it."
    doubt = Doubt("contributes", sentence)
    cap = agreement.credits if agreement.maximum else None
    return replace(_refusal(agreement, doubt, _uses(postings)), via=_via(postings[0]), parts=parts, maximum=cap)


def _sum_of(posting: tuple[Piece, ...]) -> CreditValue | None:
    """Credits of one posting where all its pieces state them in one unit."""
    values = [piece.credits for piece in posting]
    first = values[0]
    if first is None:
        return None
    total = Fraction(0)
    for value in values:
        if value is None or value.unit != first.unit:
            return None
        total += value.amount
    return replace(first, amount=total)


def _offer(world: _World, agreement: Agreement, posting: tuple[Piece, ...]) -> Offer:
    several = any(world.is_generic(key) for key in agreement.from_ids)
    return Offer(
        agreement.to_id, _target(world, agreement), agreement.institution, _uses([posting]), agreement.id, agreement.conditions,
        agreement.source, name=_label(posting) if several or _many(world, agreement) else None, credits=agreement.credits,
        maximum=agreement.maximum, fee_usd=agreement.fee_usd, fee_per=agreement.fee_per,
        approval_first=agreement.approval_first, via=_via(posting), place=agreement.place,
    )  # fmt: skip


def _many(world: _World, agreement: Agreement) -> bool:
    """Whether the target can be posted once for each item."""
    return agreement.to_id is not None and world.is_generic(agreement.to_id)


def _not_held_yet(world: _World, agreement: Agreement, postings: list[tuple[Piece, ...]]) -> tuple[list[Offer], list[Refusal]]:
    """Offers for what the record does not show as posted or applied for already."""
    items = [_offer(world, agreement, posting) for posting in postings]
    if agreement.to_id is None:
        return items, []
    standing = [
        item for item in world.record.achievements
        if item.id == agreement.to_id and (item.expires_on is None or item.expires_on >= world.on)
    ]  # fmt: skip
    offered: list[Offer] = []
    refused: list[Refusal] = []
    named = {item.name: item for item in standing if item.name}
    labels = {offer.name for offer in items}
    # A posting that names none of these items still used one of them up: which one cannot be told, so the first ones yield.
    nameless = [item for item in standing if item.name not in labels or item.name is None]
    for offer in items:
        match = named.get(offer.name) if offer.name else (standing[0] if standing else None)
        if match is None and nameless and offer.name:
            match = nameless.pop(0)
        if match is None:
            offered.append(offer)
            continue
        reason: RefusalReason = "already applied for" if match.stage in {"applied", "eligible"} else "already held"
        text = f"{offer.to_text}{f' for {offer.name}' if offer.name else ''}: {reason}."
        refused.append(_refusal(agreement, Doubt(reason, text), offer.uses))
    return offered, refused


def _label(posting: tuple[Piece, ...]) -> str:
    return " + ".join(piece.label for piece in posting)


def _uses(postings: Sequence[tuple[Piece, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(use for posting in postings for piece in posting for use in piece.uses))


def _via(posting: tuple[Piece, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step for piece in posting for step in piece.via))


def _complete_lists(world: _World, lists: Iterable[tuple[str, Truth]]) -> tuple[list[Offer], list[Refusal]]:
    """Offers for credentials whose own list is complete; closed ones are refused."""
    accepted: list[Offer] = []
    refused: list[Refusal] = []
    live = {item.id for item in world.record.achievements if item.expires_on is None or item.expires_on >= world.on}
    for key, truth in lists:
        item = world.facts.item(key)
        if truth is not Truth.MET or item is None or key in live:
            continue
        done = "all listed parts are done; the awarder confirms"
        offer = Offer(key, item.name, item.issuer, (), None, done, item.source, place=item.place)
        if item.status == "retired":
            since = f" on {item.retired_on.isoformat()}" if item.retired_on else ""
            sentence = f"{item.name} was closed{since}; it can no longer be claimed."
            refused.append(Refusal(None, "closed", sentence, key, item.name, item.issuer, item.source))
        else:
            accepted.append(offer)
    return accepted, refused
