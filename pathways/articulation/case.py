"""One item, one learner, one place, one day: what the three ledgers of :mod:`.value` are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pathways.articulation.acceptance import Doubt, Piece, doubt_of
from pathways.articulation.agreements import Agreement, AgreementKind
from pathways.articulation.conversion import binds_here
from pathways.articulation.ledger import LedgerLine, says_no
from pathways.articulation.policies import Policy, PolicyKind
from pathways.credential import Credential
from pathways.places import Place
from pathways.record import LearnerRecord
from pathways.requirements.verdicts import Facts

Yes = Literal["yes", "yes, with prior approval"]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rows of a catalog sorted for one place, so that many items are answered with one look at all rows.

    ``binding`` are rows that bind the place, ``refusals`` the sourced noes of anyone, ``approvals`` the institutions' own.
    """

    place: Place
    agreements_from: dict[str, tuple[Agreement, ...]]
    binding: tuple[Policy, ...]
    refusals: tuple[Policy, ...]
    approvals: tuple[Policy, ...]
    districts: tuple[str, ...]


def rulebook(agreements: Sequence[Agreement], policies: Sequence[Policy], place: Place) -> Rulebook:
    """Sort all rows for one place."""
    starts: dict[str, list[Agreement]] = {}
    for agreement in agreements:
        for key in dict.fromkeys(agreement.from_ids):
            starts.setdefault(key, []).append(agreement)
    paying = [row.place for row in policies if row.kind in {"lane", "approval"}]
    paying += [row.place for row in agreements if row.kind == "pay"]
    near = {where.district for where in paying if where.district and where.state is not None and where.state == place.state}
    return Rulebook(
        place,
        {key: tuple(rows) for key, rows in starts.items()},
        tuple(row for row in policies if binds_here(row.place, place)),
        tuple(row for row in policies if says_no(row)),
        tuple(row for row in policies if row.kind == "approval" and row.place.institution is not None),
        tuple(sorted(near)),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked about, by whom, where and when."""

    item: Credential
    record: LearnerRecord
    facts: Facts
    rules: Rulebook
    on: date

    @property
    def place(self) -> Place:
        """Where the learner works."""
        return self.rules.place

    @property
    def keys(self) -> tuple[str, ...]:
        """The item's id and the generic ids that stand for it."""
        return (self.item.id, *self.facts.generics_of(self.item.id))

    def starting_here(self, *kinds: AgreementKind) -> list[Agreement]:
        """Agreements of these kinds that start from the item or a generic id standing for it."""
        rows = {id(row): row for key in self.keys for row in self.rules.agreements_from.get(key, ())}
        return [row for row in rows.values() if row.kind in kinds]

    def binding(self, *kinds: PolicyKind) -> list[Policy]:
        """Rows of these kinds that bind the place."""
        return [row for row in self.rules.binding if row.kind in kinds]

    def name(self, credential_id: str) -> str:
        """Name of a credential, or its id where the catalog does not define it."""
        item = self.facts.item(credential_id)
        return item.name if item else credential_id

    def doubt(self, agreement: Agreement) -> Doubt | None:
        """Why the item would not be accepted: by the record where it holds the item, else as if earned on the day.

        A grade is a condition of a step not taken yet, not a reason to say no.
        """
        held = next((entry for entry in self.record.achievements if entry.id == self.item.id), None)
        if held is not None and held.stage in {"eligible", "applied"}:
            held = None
        return doubt_of(Piece(self.item.id, self.item.name, None, held), replace(agreement, min_grade=None), self.on)

    def answer(self, needs_approval: bool, office: str) -> Yes:
        """Yes; with prior approval where a source asks for it and the record shows none from that office."""
        given = any(item.by.casefold() == office.casefold() for item in self.record.approvals or ())
        return "yes, with prior approval" if needs_approval and not given else "yes"

    def line(self, agreement: Agreement, needs_approval: bool) -> LedgerLine:
        """One agreement as a statement of a ledger, with what it asks for beside the item."""
        others = [self.name(key) for key in dict.fromkeys(agreement.from_ids) if key not in self.keys]
        conditions: list[str] = []
        if others:
            conditions.append(f"together with {', '.join(others)}")
        if len(agreement.from_ids) > len(set(agreement.from_ids)):
            conditions.append(f"for {len(agreement.from_ids)} items together, not for one alone")
        if agreement.effective_from is not None or agreement.effective_until is not None:
            first, last = agreement.effective_from, agreement.effective_until
            conditions.append(" ".join(["accepted", *([f"from {first}"] if first else []), *([f"until {last}"] if last else [])]))
        if agreement.min_grade:
            conditions.append(f"grade {agreement.min_grade} or better")
        if agreement.conditions:
            conditions.append(agreement.conditions)
        return LedgerLine(
            self.answer(needs_approval, agreement.institution), agreement.institution, agreement.credits, tuple(conditions),
            (agreement.source,), agreement.id, what=agreement.to_text, fee_usd=agreement.fee_usd, fee_per=agreement.fee_per,
            maximum=agreement.maximum,
        )  # fmt: skip
