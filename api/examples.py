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

PLAN_IN: dict[str, Any] = {
    "target": "oh-reading-endorsement",
    "have": ["letrs-u1", "letrs-u2"],
    "place": "US-OH",
    "terms": "Spring 2027..Fall 2028",
    "load": "0..6",
    "seconds": 5,
}

PLAN_CHANGE_IN: dict[str, Any] = {"load": "0..9"}

ALTERNATIVES_IN: dict[str, Any] = {"count": 2, "differ_in": 2, "seconds": 5}

WHAT_IF_IN: dict[str, Any] = {"plan": "7F3K9QHD", "change": {"by": "2028-06"}}
