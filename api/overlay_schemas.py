"""Bodies about what lies on a catalog: imports and what they change, local rules."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from api.schemas import Id, InBody, OutBody, Words


class ImportNoteOut(OutBody):
    """Something about a file: a stable word, the place in it as a JSON path, and what it means."""

    code: str
    place: str
    text: str


class ChangeOut(OutBody):
    """One difference between two catalogs; `before` or `after` is empty where there was or is nothing."""

    thing: Literal["credential", "requirement", "agreement"]
    id: str
    part: str = Field(description="The field that differs, or the kind of a requirement; empty for a whole thing.")
    how: Literal["added", "changed", "removed"]
    before: str
    after: str


class ImportOut(OutBody):
    """What an import did, or would do: everything in the file, or nothing of it."""

    file: str
    outcome: Literal["import_ok", "import_rejected"]
    format: str | None = Field(description="`ctdl`, `case` or `rsd`.")
    dry_run: bool
    applied: bool = Field(description="Whether the catalog is another one now; false where the same file lay on it already.")
    counts: dict[str, int]
    changes: dict[str, int]
    diff: list[ChangeOut]
    requirements: dict[str, str] = Field(description="The requirement of each credential of the file, in the requirement language.")
    warnings: list[ImportNoteOut]
    problems: list[ImportNoteOut]
    data_version: str | None


class DifferenceOut(OutBody):
    """What lies on the published catalog, as changes of it."""

    changes: dict[str, int]
    diff: list[ChangeOut]
    published_version: str
    data_version: str


class KeptImportOut(OutBody):
    """One imported file."""

    id: int
    file: str
    format: str
    sha256: str
    kept_at: str


class ExportFilter(InBody):
    """Which part of the catalog to write out."""

    id: list[Id] = Field(default=[], max_length=200, description="Only these credentials. Repeat for more.")


class RuleIn(InBody):
    """A rule as one place or institution applies it."""

    credential: Words = Field(description="Catalog id whose requirement this is.")
    rule: str = Field(min_length=1, max_length=20_000, description="In the requirement language.")
    source: Words = Field(description="Who said so, how and when: `e-mail from the registrar, 2026-11-20`.")
    place: Words | None = Field(default=None, description="`US-OH`, `OH` or `Ohio`: holds for learners who work there.")
    district: Words | None = None
    institution: Words | None = Field(default=None, description="Holds for what this institution awards.")
    kind: Literal["component", "prerequisite", "corequisite", "precedes"] = "component"
    adds: bool = Field(default=False, description="Holds beside the published rule instead of in its place.")
    valid_from: date | None = None
    valid_until: date | None = None


class RuleOut(OutBody):
    """A local rule as it is kept."""

    id: str
    credential: str
    kind: str
    rule: str
    binds: str = Field(description="The place or institution, in words.")
    adds: bool
    valid_from: date | None
    valid_until: date | None
    source: str
    in_force: bool


class RuleAddedOut(OutBody):
    """A local rule that was added, and what it changes."""

    rule: RuleOut
    diff: list[ChangeOut]
