"""Kinds of credential a matcher may have been trained on, and those it was not."""

from __future__ import annotations

from typing import Final

#: Kinds that occur in the training data; everything else is a kind not seen.
TRAINED_KINDS: Final = (
    "industry-certification",
    "standardized-exam",
    "credit-by-exam",
    "military-training",
    "portfolio",
    "course",
)

#: Kinds of educator credential: no record of credit given for them is in the training data yet.
EDUCATOR_KINDS: Final = ("badge", "micro-credential", "stack", "certificate", "program", "endorsement", "license", "certification")

KINDS: Final = tuple(sorted({*TRAINED_KINDS, *EDUCATOR_KINDS, "credential"}))

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
