"""What an institution adds to a catalog: imported files, rules of its own, approved agreements. Values in, values out.

An overlay never changes the catalog it lies on. What it gives is checked as strictly as a catalog file. Leaves out where it is
kept and who may add to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pathways.articulation.agreements import Agreement
from pathways.catalog.check import errors
from pathways.catalog.entities import Catalog, RequirementKind, RequirementRow
from pathways.credential import Credential, Source
from pathways.errors import DataError, DataProblem
from pathways.places import ANYWHERE, Place, binds
from pathways.requirements.rules import Requirement
from pathways.text_files import did_you_mean

LOCAL_FILE = "local rules"
"""Stands for a file in messages about local rules."""
LOCAL_MARK = "local: "
"""How the source of everything begins that rests on an institution's own word instead of a published page."""


@dataclass(frozen=True, slots=True)
class Import:
    """What one file gave.

    Parameters
    ----------
    elsewhere : frozenset of str
        Ids among ``credentials`` that the file names but does not describe: a credential known under that id stands in their place.
    """

    id: str
    file: str
    credentials: tuple[Credential, ...] = ()
    requirements: tuple[RequirementRow, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LocalRule:
    """A requirement as one place or institution applies it.

    Parameters
    ----------
    id : str
    credential_id : str
        Whose requirement.
    kind : {"component", "prerequisite", "corequisite", "precedes"}
    rule : Requirement
    source : Source
        As :func:`local_source` makes it.
    place : Place
        An institution's rule holds for what that institution awards; any other holds for learners of that place.
    adds : bool
        Whether the published rows of that kind hold too; otherwise this rule stands in their place.
    valid_from, valid_until : date or None
        Inclusive.
    """

    id: str
    credential_id: str
    kind: RequirementKind
    rule: Requirement
    source: Source
    place: Place
    adds: bool = False
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, on: date, here: Place) -> bool:
        """Whether the rule is in force on a day, for a learner of a place."""
        in_time = (self.valid_from is None or self.valid_from <= on) and (self.valid_until is None or on <= self.valid_until)
        return in_time and (self.place.institution is not None or binds(self.place, here))


@dataclass(frozen=True, slots=True)
class Approved:
    """An agreement that people of an institution decided on, with the courses it names where the catalog does not have them."""

    agreement: Agreement
    credentials: tuple[Credential, ...] = ()


@dataclass(frozen=True)
class Overlay:
    """All that lies on a catalog: imports oldest first, a later one wins. ``version`` names this content and no other."""

    version: str = ""
    imports: tuple[Import, ...] = ()
    rules: tuple[LocalRule, ...] = ()
    approved: tuple[Approved, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies on the catalog."""
        return not (self.imports or self.rules or self.approved)


NOTHING = Overlay()


def local_source(said_by: str, on: date, place: Place) -> Source:
    """The source of a local rule: who said it, marked as local.

    Examples
    --------
    >>> local_source("e-mail from the registrar, 2026-11-20", date(2026, 11, 21), Place(institution="Ohio State")).url
    'local: e-mail from the registrar, 2026-11-20'
    """
    note = f"a local rule of {place}, kept on this system and not published"
    return Source(LOCAL_MARK + said_by, "stated", on.isoformat(), LOCAL_FILE, 1, note)


def apply(catalog: Catalog, overlay: Overlay, *, on: date, here: Place = ANYWHERE) -> Catalog:
    """The catalog with an overlay on it, as it holds on one day for learners of one place.

    Parameters
    ----------
    catalog : Catalog
    overlay : Overlay
    on : date
        Local rules outside their dates are left out.
    here : Place
        Local rules of other places are left out.

    Returns
    -------
    Catalog
        The same object where nothing applies; otherwise its ``version`` says what lies on it.

    Raises
    ------
    DataError
        If what comes out would not load as a catalog; every problem at once.
    """
    rules = tuple(rule for rule in overlay.rules if rule.holds(on, here))
    if not (rules or overlay.imports or overlay.approved):
        return catalog
    credentials, requirements, agreements = dict(catalog.credentials), catalog.requirements, _by_id(catalog.agreements)
    for item in overlay.imports:
        _put_credentials(credentials, item.credentials, item.elsewhere)
        described = {row.credential_id for row in item.requirements}
        requirements = (*(row for row in requirements if row.credential_id not in described), *item.requirements)
        agreements.update(_by_id(item.agreements))
    for entry in overlay.approved:
        _put_credentials(credentials, entry.credentials, frozenset(found.id for found in entry.credentials))
        agreements[entry.agreement.id] = entry.agreement
    _check_local(rules, credentials)
    found = replace(
        catalog,
        credentials=credentials,
        requirements=_with_rules(requirements, rules),
        agreements=tuple(_named(item, credentials) for item in agreements.values()),
        version=_version(catalog, overlay, rules),
    )
    if problems := errors(found):
        raise DataError(tuple(problems))
    return found


def dated(overlay: Overlay) -> bool:
    """Whether what holds depends on the day."""
    return any(rule.valid_from or rule.valid_until for rule in overlay.rules)


def placed(overlay: Overlay) -> bool:
    """Whether what holds depends on the learner's place."""
    return any(rule.place.institution is None for rule in overlay.rules)


def _by_id(agreements: Iterable[Agreement]) -> dict[str, Agreement]:
    return {item.id: item for item in agreements}


def _put_credentials(into: dict[str, Credential], added: Iterable[Credential], elsewhere: frozenset[str]) -> None:
    for item in added:
        if item.id not in elsewhere or item.id not in into:
            into[item.id] = item


def _named(agreement: Agreement, credentials: Mapping[str, Credential]) -> Agreement:
    target = credentials.get(agreement.to_id or "")
    return agreement if target is None else replace(agreement, to_text=target.name)


def _with_rules(rows: tuple[RequirementRow, ...], rules: tuple[LocalRule, ...]) -> tuple[RequirementRow, ...]:
    replaced = {(rule.credential_id, rule.kind) for rule in rules if not rule.adds}
    kept = tuple(row for row in rows if (row.credential_id, row.kind) not in replaced)
    return (*kept, *(RequirementRow(rule.credential_id, rule.kind, rule.rule, rule.source, rule.id) for rule in rules))


def _check_local(rules: Iterable[LocalRule], credentials: Mapping[str, Credential]) -> None:
    problems = [problem for rule in rules if (problem := _problem(rule, credentials)) is not None]
    if problems:
        raise DataError(tuple(problems))


def _problem(rule: LocalRule, credentials: Mapping[str, Credential]) -> DataProblem | None:
    item = credentials.get(rule.credential_id)
    if item is None:
        known = did_you_mean(rule.credential_id, credentials)
        return DataProblem(LOCAL_FILE, rule.source.row, "credential", f'"{rule.credential_id[:60]}"', "an id of the catalog", known)
    named = rule.place.institution
    if named is not None and named.casefold() != item.issuer.casefold():
        expected = f'"{item.issuer}", which awards {item.id}: an institution binds nobody else'
        return DataProblem(LOCAL_FILE, rule.source.row, "institution", f'"{named[:60]}"', expected)
    return None


def _version(catalog: Catalog, overlay: Overlay, rules: tuple[LocalRule, ...]) -> str:
    parts = (catalog.version, overlay.version, *(rule.id for rule in rules))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[: len(catalog.version)]
