"""``pathways data check``: read a catalog strictly, then say what is in it and what it leaves open."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from api.console.words import counted
from api.settings import read_settings
from pathways.catalog.check import Summary, check, summary
from pathways.catalog.load import load
from pathways.errors import DataError


def check_catalog(folder: Path | None) -> Iterator[str]:
    """Lines that say what a catalog holds.

    Parameters
    ----------
    folder : Path or None
        None for the catalog in use: that of the environment, else the bundled one.

    Raises
    ------
    DataError
        If anything is wrong, repeated rows included; it names every problem.
    """
    catalog = load(folder if folder is not None else read_settings(os.environ).catalog)
    if problems := check(catalog):
        raise DataError(tuple(problems))
    return _lines(summary(catalog))


def _lines(found: Summary) -> Iterator[str]:
    yield f"Catalog {found.version}: no problem found."
    yield from _table("credential", "credentials", found.credentials_by_type)
    yield f"  {found.generic:,} stand for any one of an issuer's items"
    yield f"  {found.unknown_cost:,} have no published price, {found.unknown_hours:,} no published hours"
    without = ", ".join(f"{count:,} {kind}" for kind, count in found.without_requirements_by_type.items())
    yield f"  without requirement rows: {without or 'none'}"
    yield from _table("requirement row", "requirement rows", found.requirements_by_kind)
    yield from _table("agreement", "agreements", found.agreements_by_kind)
    yield from _table("policy", "policies", found.policies_by_kind)
    yield f"  {found.policies_computable:,} can be computed, the others are shown as they stand"
    yield f"{counted(found.findings, 'outcome finding')}, {found.findings_of_effect:,} of an effect"


def _table(noun: str, plural: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield counted(sum(counts.values()), noun, plural)
    for kind, count in counts.items():
        yield f"  {count:>5,} {kind.replace('_', ' ')}"
