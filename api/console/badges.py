"""Verdicts of badge files as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.badge_schemas import BadgeLineOut
    from api.console.paper import Paper

_WORDS = {
    "valid": "valid",
    "invalid": "INVALID",
    "unsupported": "not supported",
    "unverified": "not verified",
    "status_unknown": "status unknown",
}
_ISSUER = {"verified": "issuer verified", "unverified": "issuer not verified"}


def write_badges(paper: Paper, lines: Sequence[BadgeLineOut]) -> None:
    """One paragraph a badge: what it is, its verdict, and every problem with what to do."""
    for line in lines:
        _write(paper, line, 0)


def _write(paper: Paper, line: BadgeLineOut, inside: int) -> None:
    name = f'"{line.achievement}"' if line.achievement else "no achievement named"
    paper.line(f"{line.file}: {_WORDS[line.verdict]}, {name} ({line.format})", indent=2 * inside)
    words = f"signature {line.signature}, {_ISSUER[line.issuer]}, status {line.status}, dates {line.dates}"
    paper.line(words, indent=2 * inside + 2)
    for problem in line.problems:
        paper.line(f"{problem.text} [{problem.code}]", indent=2 * inside + 2)
    for member in line.inner:
        _write(paper, member, inside + 1)
