"""The catalog from its files: strict, and every problem at once.

One CSV file a table, each described in ``data/README.md``. What the rows say of each other is checked in :mod:`.check`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, get_args

from pathways.articulation.agreements import CLOSING_KINDS, Agreement, AgreementKind, Mode
from pathways.articulation.policies import Policy, PolicyKind
from pathways.catalog.check import errors
from pathways.catalog.columns import Cells
from pathways.catalog.entities import Catalog, Finding, RequirementKind, RequirementRow, Topic
from pathways.catalog.folder import bundled_folder
from pathways.credential import Credential, CredentialType, Status
from pathways.errors import DataError, DataProblem
from pathways.requirements.wellformed import is_grade
from pathways.text_files import read_table, read_text
from pathways.units import LEVELS, UNITS, Level

CREDENTIALS, REQUIREMENTS, AGREEMENTS = "credentials.csv", "requirements.csv", "articulations.csv"
POLICIES, FINDINGS, MIRRORS, TOPICS = "policies.csv", "evidence.csv", "mirrors.csv", "topics.csv"

_SOURCE = ("source_url", "confidence", "read_on")
#: Every table and its columns.
COLUMNS: dict[str, tuple[str, ...]] = {
    CREDENTIALS: (
        "id", "name", "type", "issuer", "subject", "audience", "description", "competencies", "hours", "cost_usd",
        "credit_amount", "credit_unit", "level", "transcripted", "validity_months", "assessment", "status", "offer_from",
        "offer_until", "retired_on", "nation", "state", "district", "generic", "stands_for", "text_date", *_SOURCE,
    ),
    REQUIREMENTS: ("id", "credential_id", "kind", "expression", *_SOURCE),
    AGREEMENTS: (
        "id", "from_ids", "institution", "to_id", "to_text", "kind", "mode", "credit_amount", "credit_unit", "credit_level",
        "maximum", "min_grade", "conditions", "fee_usd", "fee_per", "approval_first", "effective_from", "effective_until",
        "nation", "state", "district", *_SOURCE,
    ),
    POLICIES: (
        "id", "source_row", "nation", "state", "district", "institution", "kind", "rule", "value", "unit", "from_unit",
        "to_unit", "factor", "load", "load_unit", "period_months", "cap", "cap_unit", "category", "audience", "applies_to",
        "carry_over", "standing", "computable", *_SOURCE,
    ),
    FINDINGS: (
        "credential_id", "finding", "measure", "value", "population", "study_type", "year", "direction", "shows_effect", *_SOURCE,
    ),
    MIRRORS: ("host", "note"),
    TOPICS: ("topic", "types", "words"),
}  # fmt: skip

#: What a policy may count besides units of credit.
POLICY_UNITS = UNITS | {
    "item", "USD", "program", "professional growth plan", "state subject test", "Administrators' Academy",
    "year", "term", "exam", "review", "unit", "set of 12",
}  # fmt: skip

FeePer = Literal["item", "credit"]
Standing = Literal["current", "superseded", "unverified"]
Direction = Literal["positive", "null", "negative", "mixed"]
_TYPES: tuple[CredentialType, ...] = get_args(CredentialType)
_STATUSES: tuple[Status, ...] = get_args(Status)
_REQUIREMENT_KINDS: tuple[RequirementKind, ...] = get_args(RequirementKind)
_AGREEMENT_KINDS: tuple[AgreementKind, ...] = get_args(AgreementKind)
_MODES: tuple[Mode, ...] = get_args(Mode)
_POLICY_KINDS: tuple[PolicyKind, ...] = get_args(PolicyKind)
_STANDINGS: tuple[Standing, ...] = get_args(Standing)
_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
_FEE_PER: tuple[FeePer, ...] = get_args(FeePer)

T = TypeVar("T")


class _Files(NamedTuple):
    """Texts of the tables that could be read, and the version over all bytes."""

    texts: dict[str, str]
    version: str


def load(folder: Path | None = None) -> Catalog:
    """Read a catalog folder.

    Parameters
    ----------
    folder : Path or None
        Holds the files named in :data:`COLUMNS`; None means the bundled catalog.

    Returns
    -------
    Catalog
        Read-only; ``version`` is the first 12 hex digits of the sha256 over the files.

    Raises
    ------
    DataError
        With every problem of every file, in file and row order.
    """
    problems: list[DataProblem] = []
    files = _read_files(folder or bundled_folder(), problems)
    notes = _notes(files, problems)

    def rows(file: str, build: Callable[[Cells], T]) -> tuple[T, ...]:
        lines = read_table(file, files.texts[file], COLUMNS[file], problems) if file in files.texts else ()
        return tuple(build(Cells(file, line, problems, notes)) for line in lines)

    credentials = rows(CREDENTIALS, _credential)
    if CREDENTIALS in files.texts and not credentials and not problems:
        problems.append(DataProblem(CREDENTIALS, 1, "id", "no lines", "at least one credential"))
    by_id = _by_id(credentials, problems)
    requirements, agreements = rows(REQUIREMENTS, _requirement), rows(AGREEMENTS, _agreement)
    catalog = Catalog(
        by_id, requirements, tuple(_named(item, by_id) for item in agreements), rows(POLICIES, _policy), rows(FINDINGS, _finding),
        files.version, rows(TOPICS, _topic),
    )  # fmt: skip
    for file, table in ((REQUIREMENTS, catalog.requirements), (AGREEMENTS, catalog.agreements), (POLICIES, catalog.policies)):
        _repeated(file, [(item.id, item.source.row) for item in table], problems)
    problems += errors(catalog)
    if problems:
        order = list(COLUMNS)
        raise DataError(tuple(sorted(problems, key=lambda problem: (order.index(problem.file), problem.row))))
    return catalog


def _read_files(folder: Path, problems: list[DataProblem]) -> _Files:
    digest = hashlib.sha256()
    texts = {}
    for file in COLUMNS:
        text = read_text(folder / file, problems)
        if text is not None:
            texts[file] = text
            digest.update(f"{file} {len(text)}\n{text}".encode())
    return _Files(texts, digest.hexdigest()[:12])


def _notes(files: _Files, problems: list[DataProblem]) -> tuple[tuple[str, str], ...]:
    lines = read_table(MIRRORS, files.texts[MIRRORS], COLUMNS[MIRRORS], problems) if MIRRORS in files.texts else ()
    cells = [Cells(MIRRORS, line, problems) for line in lines]
    return tuple((cell.text("host").casefold(), cell.text("note")) for cell in cells)


def _repeated(file: str, ids: Sequence[tuple[str, int]], problems: list[DataProblem]) -> None:
    first: dict[str, int] = {}
    for item, row in ids:
        if item in first:
            problems.append(DataProblem(file, row, "id", f'"{item[:60]}" again', f"an id not used before (row {first[item]})"))
        first.setdefault(item, row)


def _by_id(credentials: Sequence[Credential], problems: list[DataProblem]) -> dict[str, Credential]:
    _repeated(CREDENTIALS, [(item.id, item.source.row) for item in credentials], problems)
    items: dict[str, Credential] = {}
    for item in credentials:
        items.setdefault(item.id, item)
    return items


def _named(agreement: Agreement, credentials: Mapping[str, Credential]) -> Agreement:
    """Say the target in words too, by the name of the credential it is."""
    target = credentials.get(agreement.to_id or "")
    return agreement if target is None else replace(agreement, to_text=target.name)


def _credential(cells: Cells) -> Credential:
    offer_from, offer_until = cells.days("offer_from", "offer_until")
    level: Level | None = cells.optional_choice("level", LEVELS)
    status, retired_on, generic = cells.choice("status", _STATUSES), cells.day("retired_on"), cells.flag("generic")
    if retired_on and status != "retired":
        cells.wrong("status", f'"retired", since retired_on says {retired_on}')
    stands_for = cells.selection("stands_for")
    if stands_for and not generic:
        cells.wrong("stands_for", 'a blank cell, or "yes" in the column generic')
    return Credential(
        id=cells.id(), name=cells.text("name"), type=cells.choice("type", _TYPES), issuer=cells.text("issuer"),
        subject=cells.text("subject"), audience=cells.optional("audience") or "", description=cells.optional("description") or "",
        competencies=cells.ids("competencies"), source=cells.source(dated=True), status=status, place=cells.place(),
        hours=cells.number("hours"), cost_usd=cells.dollars("cost_usd"),
        credits=cells.credits("credit_amount", "credit_unit", level), validity_months=cells.whole("validity_months"),
        assessment=cells.optional("assessment"), level=level, transcripted=cells.yes_no("transcripted"),
        offer_from=offer_from, offer_until=offer_until, retired_on=retired_on, generic=generic, stands_for=stands_for,
    )  # fmt: skip


def _requirement(cells: Cells) -> RequirementRow:
    rule = cells.rule("expression")
    return RequirementRow(cells.id("credential_id"), cells.choice("kind", _REQUIREMENT_KINDS), rule, cells.source(), cells.id())


def _agreement(cells: Cells) -> Agreement:
    kind, mode, to_id = cells.choice("kind", _AGREEMENT_KINDS), cells.optional_choice("mode", _MODES), cells.optional("to_id")
    start, until = cells.days("effective_from", "effective_until")
    if (mode is None) == (kind in CLOSING_KINDS and to_id is not None):
        cells.wrong("mode", f"{' or '.join(_MODES)} where {', '.join(sorted(CLOSING_KINDS))} names a to_id, else a blank cell")
    if (to_id is None) == cells.blank("to_text"):
        cells.wrong("to_text", "either a to_id or a to_text")
    if cells.blank("from_ids"):
        cells.wrong("from_ids", "at least one id")
    grade = cells.optional("min_grade")
    if grade is not None and not is_grade(grade):
        cells.wrong("min_grade", "a letter grade such as B or B-, or a number")
    fee = cells.dollars("fee_usd")
    level: Level | None = cells.optional_choice("credit_level", LEVELS)
    per: FeePer | None = cells.optional_choice("fee_per", _FEE_PER)
    if (fee is None) != (per is None):
        cells.wrong("fee_per", "item or credit where fee_usd is given, else a blank cell")
    return Agreement(
        id=cells.id(), from_ids=cells.ids("from_ids"), institution=cells.text("institution"),
        to_text=cells.optional("to_text") or "", kind=kind,
        conditions=cells.optional("conditions") or "", source=cells.source(), to_id=to_id,
        credits=cells.credits("credit_amount", "credit_unit", level), maximum=cells.flag("maximum"), mode=mode,
        min_grade=grade, effective_from=start, effective_until=until, fee_usd=fee, fee_per=per,
        approval_first=cells.flag("approval_first"), place=cells.place(),
    )  # fmt: skip


def _policy(cells: Cells) -> Policy:
    for number, units in (("factor", ("from_unit", "to_unit")), ("load", ("load_unit",)), ("cap", ("cap_unit",))):
        for unit in units:
            if cells.blank(number) != cells.blank(unit):
                cells.wrong(unit, f"{number} and {' and '.join(units)} together, or none of them")
    computable = cells.flag("computable")
    if computable and all(cells.blank(name) for name in ("factor", "load", "cap", "period_months")):
        cells.wrong("computable", "a factor, load, cap or period_months to compute with, or a blank cell")
    if cells.whole("source_row") is None and cells.blank("source_row"):
        cells.wrong("source_row", "the number of the row it was read from, from 1")
    return Policy(
        id=cells.id(), place=cells.place(institution=True), rule=cells.text("rule"), kind=cells.choice("kind", _POLICY_KINDS),
        value=cells.optional("value") or "", unit=cells.optional("unit") or "", source=cells.source(),
        from_unit=cells.unit("from_unit", POLICY_UNITS), to_unit=cells.unit("to_unit", POLICY_UNITS), factor=cells.number("factor"),
        load=cells.number("load"), load_unit=cells.unit("load_unit", POLICY_UNITS), period_months=cells.whole("period_months"),
        cap=cells.number("cap"), cap_unit=cells.unit("cap_unit", POLICY_UNITS), category=cells.optional("category"),
        audience=cells.optional("audience"), applies_to=cells.items("applies_to"), carry_over=cells.yes_no("carry_over"),
        standing=cells.choice("standing", _STANDINGS), computable=computable,
    )  # fmt: skip


def _topic(cells: Cells) -> Topic:
    types, words = (cells.optional(name) or "" for name in ("types", "words"))
    return Topic(cells.text("topic"), _parts(types), _parts(words.casefold()))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _finding(cells: Cells) -> Finding:
    return Finding(
        credential_id=cells.id("credential_id"), finding=cells.text("finding"), measure=cells.text("measure"),
        value=cells.optional("value") or "", population=cells.optional("population") or "", study_type=cells.text("study_type"),
        year=cells.optional("year") or "", direction=cells.choice("direction", _DIRECTIONS), source=cells.source(),
        shows_effect=cells.flag("shows_effect"),
    )  # fmt: skip
