"""Kinds of credential a matcher may have been trained on, and those it was not."""

from __future__ import annotations

import re
from typing import Final

from pathways.matching.proposal import BadgeText

#: Kinds that occur in the training data ("prior-learning": of a kind its source does not name); everything else is a kind not seen.
TRAINED_KINDS: Final = (
    "industry-certification",
    "standardized-exam",
    "credit-by-exam",
    "military-training",
    "portfolio",
    "course",
    "prior-learning",
)

#: Kinds of educator credential: no record of credit given for them is in the training data yet.
EDUCATOR_KINDS: Final = ("badge", "micro-credential", "stack", "certificate", "program", "endorsement", "license", "certification")

KINDS: Final = tuple(sorted({*TRAINED_KINDS, *EDUCATOR_KINDS, "credential"}))

_EDUCATOR: Final = re.compile(
    r"micro-?credential|digital badge|\beducators?\b|\bteacher|\bteaching (?:license|credential|certificate|endorsement)|"
    r"\bendorsement\b|\bp?k-?12\b|\bparaprofessional|\bliteracy coach|\binstructional (?:coach|design)|\bschool leader",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"\b(?:college|university|institute|school)\b", re.IGNORECASE)

#: Decisions of its own that an institution needs for a kind before probabilities of that kind are put forward to it.
DECISIONS_NEEDED: Final = 50


def is_trained(kind: str, own_decisions: int = 0) -> bool:
    """Whether a probability may be put forward for a kind.

    Parameters
    ----------
    kind : str
        Blank means not known, which counts as not seen.
    own_decisions : int
        Decisions on this kind by people of the asking institution.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_trained("standardized-exam"), is_trained("micro-credential"), is_trained("micro-credential", own_decisions=50)
    (True, False, True)
    """
    return kind in TRAINED_KINDS or own_decisions >= DECISIONS_NEEDED


def kind_of(badge: BadgeText) -> str:
    """Kind of a badge: what it says, or a guess from its words where it says nothing.

    Examples
    --------
    >>> kind_of(BadgeText("b", "Trauma-Informed Educator micro-credential")), kind_of(BadgeText("b", "CompTIA A+"))
    ('micro-credential', 'prior-learning')
    """
    if badge.kind:
        return badge.kind
    if _EDUCATOR.search(f"{badge.title} {badge.issuer} {badge.description[:400]}"):
        return "micro-credential"
    return "course" if badge.description and _PLACE.search(badge.issuer) else "prior-learning"
