"""Bodies of what was read of badge files. The JSON lines of ``pathways badges read`` are :class:`BadgeLineOut`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.schemas import ItemOut, OutBody


class BadgeProblemOut(OutBody):
    """One thing wrong with a file, or worth knowing: a stable code, and what was found."""

    code: str
    text: str


class BadgeLineOut(OutBody):
    """What one badge is worth as evidence. The signature and the issuer are two answers, never merged."""

    file: str = Field(description="The file as it was named; the n-th member of a JSON array is `file#n`.")
    format: str = Field(description="`ob2-hosted` or `-signed`; `ob3-`, `clr2-` or `vc-` with `json` or `jwt`; `unknown`.")
    verdict: Literal["valid", "invalid", "unsupported", "unverified", "status_unknown"]
    signature: str
    issuer: Literal["verified", "unverified"]
    status: str
    dates: str
    achievement: str | None = Field(description="The achievement's name; null where the file names none.")
    problems: list[BadgeProblemOut]
    inner: list[BadgeLineOut] = Field(default=[], description="The credentials inside a learner record, each by itself.")


class BadgeCandidateOut(OutBody):
    """A credential of the catalog that a badge may be; `score` is between 0 and 1, and a person confirms."""

    credential: ItemOut
    score: float
    why: str


class BadgeOut(BadgeLineOut):
    """A badge, what it is in the catalog, and what it would add to a record."""

    counts: bool = Field(description="Whether it counts; if not, `why_not` says why.")
    why_not: str = ""
    method: Literal["id", "alignment", "confirmed", "ask", "none"] = "none"
    credential: ItemOut | None = None
    candidates: list[BadgeCandidateOut] = Field(default=[])
    entry: dict[str, Any] | None = Field(
        default=None, description="The achievement to put into a record; where a person must choose, change its id to theirs."
    )


class BadgesOut(OutBody):
    """All files of one request, in their order; those with problems beside those that count."""

    badges: list[BadgeOut]
    count: int = Field(description="How many count.")
    data_version: str


class TranscriptOut(OutBody):
    """A transcript as a learner record, ready to be sent as `record`; `notes` tell of courses that do not count."""

    record: dict[str, Any]
    notes: list[str]
