"""Request examples shown in the API documentation; a test sends each and expects an answer."""

from __future__ import annotations

from typing import Any

RECOMMENDATION_IN: dict[str, Any] = {
    "goal": "teach reading better in grades K-3",
    "have": ["letrs-u1", "letrs-u2"],
    "place": "US-OH",
    "budget_usd": 900,
    "k": 3,
}

AUDIT_IN: dict[str, Any] = {"target": "oh-reading-endorsement", "have": ["letrs-u1", "letrs-u2"], "place": "US-OH"}
