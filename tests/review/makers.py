"""Short makers for matches and decisions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from api.identity.asker import Asker, Role
from api.review.matches import NewMatch
from api.review.state import Changes, Decision, Kind, ReasonCode

WALSH = "local"


def evaluator(name: str, *, institution: str = WALSH, roles: tuple[Role, ...] = ("evaluator",)) -> Asker:
    return Asker(name, institution, frozenset(roles), "session")


def decision(
    kind: Kind, *, by: str = "ann", code: ReasonCode = "outcomes_covered", reason: str = "as the outcomes say", **more: Any
) -> Decision:
    return Decision(0, 1, kind, code, reason, by, "", **more)


def two_credits(until: date | None = None) -> Changes:
    return Changes(credits=Decimal(2), expires_on=until)


def proposed(badge: str = "letrs-v1", course: str = "EDU-101", probability: float | None = 0.82) -> NewMatch:
    proposal = {"model": "match 1", "title": f"{badge} {course}"}
    return NewMatch((badge,), (course,), {f"badge:{badge}": "b1", f"course:{course}": "c1"}, probability, proposal, "model")
