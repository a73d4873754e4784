"""Bodies of caseloads: how far one is, what became of each row, and whom to look at first."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.schemas import OutBody

Triage = Literal["one_step", "deadline", "changed"]


class JobOut(OutBody):
    """One caseload and how far it is."""

    id: str
    name: str
    state: Literal["checked", "queued", "running", "done", "cancelled"]
    total: int
    done: int
    failed: int
    data_version: str = Field(description="What the answers rest on; empty while it runs.")
    made_at: str
    ended_at: str | None
    text: str


class JobsOut(OutBody):
    """The newest caseloads."""

    items: list[JobOut]


class NamedOut(OutBody):
    """A credential with what is left of it, or how well it fits."""

    id: str
    name: str
    remaining: int | None = None
    fit: int | None = None


class RowOut(OutBody):
    """One row and its answer, or what is wrong with it."""

    row: int = Field(description="Line of the file; the header is line 1.")
    learner: str
    goal: str
    have: list[str]
    place: str
    target: str
    steps: list[NamedOut] = Field(default=[])
    targets: list[NamedOut] = Field(default=[])
    near: list[NamedOut] = Field(default=[])
    dates: list[str] = Field(default=[])
    dead_ends: list[str] = Field(default=[])
    message: str = ""
    changed: list[str] = Field(default=[], description="Ids whose rules changed since this row was answered.")
    triage: list[Triage] = Field(default=[])
    problem_column: str | None = None
    problem: str | None = None


class JobResultOut(OutBody):
    """All rows of a caseload, and whom to look at first."""

    job: JobOut
    rows: list[RowOut]
    one_step: list[str] = Field(description="Learners who are one step from a credential.")
    deadline: list[str] = Field(description="Learners with a date near.")
    changed: list[str] = Field(description="Learners whose answer rests on a rule that changed.")
