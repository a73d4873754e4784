"""Policies of made-up but real-looking places, one line each, for the tests of this folder."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pathways.articulation.policies import Policy, PolicyKind
from pathways.credential import Select
from pathways.places import Place
from tests.builders import SOURCE

TENNESSEE = Place("US", "US-TN")
OHIO = Place("US", "US-OH")
AURORA = Place("US", "US-CO", "Aurora Public Schools")
BADGES = Select(type="badge")


def policy(id: str, place: Place, kind: PolicyKind, rule: str, **changes: Any) -> Policy:  # noqa: A002
    """One row; not computable unless it has a factor, a load or a cap."""
    fields: dict[str, Any] = {"value": "", "unit": "", "computable": bool({"factor", "load", "cap"} & changes.keys())}
    fields.update(changes)
    value, unit = fields.pop("value"), fields.pop("unit")
    return Policy(id, place, rule, kind, value, unit, SOURCE, **fields)


def converts(id: str, place: Place, rule: str, start: str, end: str, factor: int | str, **changes: Any) -> Policy:  # noqa: A002
    """``converts("p", TENNESSEE, "Points per hour", "hour", "PDP", 1)``."""
    fields: dict[str, Any] = {"value": str(factor), "unit": end, "from_unit": start, "to_unit": end, "factor": Fraction(factor)}
    fields.update(changes)
    return policy(id, place, fields.pop("kind", "renewal_conversion"), rule, **fields)


def load(id: str, place: Place, amount: int, unit: str, **changes: Any) -> Policy:  # noqa: A002
    """A renewal load."""
    fields: dict[str, Any] = {"value": str(amount), "unit": unit, "load": Fraction(amount), "load_unit": unit}
    fields.update(changes)
    return policy(id, place, "renewal_load", fields.pop("rule", f"Load in {unit}"), **fields)


TENNESSEE_ROWS = (
    converts("tn-badge", TENNESSEE, "Points per approved micro-credential", "item", "PDP", 6, applies_to=BADGES),
    converts("tn-hour", TENNESSEE, "Points per hour of professional learning", "hour", "PDP", 1),
    load("tn-load", TENNESSEE, 60, "PDP"),
    converts("tn-credit", TENNESSEE, "Points per graduate or semester credit", "semester", "PDP", 10),
    converts(
        "tn-old", TENNESSEE, "Points per approved micro-credential as reported in 2017", "item", "PDP", 5, applies_to=BADGES,
        standing="superseded",
    ),
)  # fmt: skip
