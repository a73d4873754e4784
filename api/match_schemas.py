"""The body of matches made at the command line: the domain's own values, as JSON."""

from __future__ import annotations

from pydantic import BaseModel

from pathways.matching.proposal import MatchResult


class MatchesOut(BaseModel):
    """Results, in the order of the badges."""

    results: list[MatchResult]
