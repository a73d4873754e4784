"""Putting files on the catalog, taking them off again, and saying what that changes.

What would come out is checked as strictly as a catalog file before anything is kept; then it is kept whole, in one transaction,
and only if nobody changed the catalog since the check. Leaves out who may do it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from api.overlay_schemas import DifferenceOut, ImportNoteOut, ImportOut, KeptImportOut
from api.overlay_shelf import MOST_TRIES, Shelf, change_bodies, changed
from api.store.errors import StaleOverlayError
from pathways.catalog.difference import Change, counts, difference, requirement_texts
from pathways.catalog.entities import Catalog
from pathways.catalog.formats.imported import Imported, ImportProblem, ImportRejectedError
from pathways.catalog.overlay import Import, Overlay
from pathways.credential import Source
from pathways.errors import DataError, DataProblem, UnknownIdError

_CHUNK = 1 << 20

Progress = Callable[[int, int], None]


def import_file(shelf: Shelf, path: Path, *, dry_run: bool = False, progress: Progress | None = None) -> ImportOut:
    """Put a file on the catalog: all of it or nothing.

    Parameters
    ----------
    shelf : Shelf
    path : Path
        CTDL, CTDL-ASN, CASE or RSD.
    dry_run : bool
        Only say what would happen.
    progress : callable, optional
        Told the bytes read and the bytes there are.

    Returns
    -------
    ImportOut
        ``import_rejected`` with every reason where the file cannot be taken over.

    Raises
    ------
    StoreError
        If it cannot be kept.
    """
    from pathways.catalog.formats.read import read_file

    try:
        found = read_file(path, progress=progress)
        sha256 = _sha256(path)
    except ImportRejectedError as error:
        return _rejected(path, None, error.problems, dry_run=dry_run)
    found = sourced(found, path.name, shelf.today)
    for _ in range(MOST_TRIES):
        seen, overlay = shelf.state()
        try:
            before, after = _both(shelf, overlay, found, path.name)
        except DataError as error:
            return _rejected(path, found, [_problem(item) for item in error.problems], dry_run=dry_run)
        changes = difference(before, after)
        is_known = not changes and shelf.store.database.is_there and any(item.sha256 == sha256 for item in shelf.store.imports())
        if not dry_run and not is_known:
            try:
                shelf.store.add_import(found, path.name, sha256, seen=seen)
            except StaleOverlayError:
                continue
        return _imported(path, found, after, changes, dry_run=dry_run, applied=not dry_run and not is_known)
    raise StaleOverlayError(seen, shelf.store.version())


def sourced(found: Imported, file: str, today: date) -> Imported:
    """The same, where each fact without an address of its own names the file it came in, and the day."""

    def named(source: Source) -> Source:
        return replace(source, url=source.url or f"imported: {file}", date=source.date or today.isoformat())

    return replace(
        found,
        credentials=tuple(replace(item, source=named(item.source)) for item in found.credentials),
        requirements=tuple(replace(row, source=named(row.source)) for row in found.requirements),
        agreements=tuple(replace(item, source=named(item.source)) for item in found.agreements),
    )


def catalog_difference(shelf: Shelf) -> DifferenceOut:
    """What lies on the published catalog today, as changes of it."""
    after = shelf.catalog_with(shelf.state()[1])
    changes = difference(shelf.catalog, after)
    return DifferenceOut(
        changes=counts(changes), diff=change_bodies(changes), published_version=shelf.catalog.version, data_version=after.version
    )


def imports(shelf: Shelf) -> list[KeptImportOut]:
    """The files that lie on the catalog, oldest first."""
    if not shelf.store.database.is_there:
        return []
    return [
        KeptImportOut(id=item.id, file=item.file, format=item.format, sha256=item.sha256, kept_at=item.kept_at)
        for item in shelf.store.imports()
    ]


def remove_import(shelf: Shelf, key: int) -> DifferenceOut:
    """Take a file off the catalog again; what it had replaced comes back.

    Raises
    ------
    UnknownIdError
        If no such file lies on it.
    DataError
        If something else on the catalog rests on it.
    """
    before, after = changed(
        shelf, lambda overlay: _without_import(overlay, key), lambda seen: shelf.store.remove_import(key, seen=seen)
    )
    changes = difference(before, after)
    return DifferenceOut(
        changes=counts(changes), diff=change_bodies(changes), published_version=shelf.catalog.version, data_version=after.version
    )


def _both(shelf: Shelf, overlay: Overlay, found: Imported, file: str) -> tuple[Catalog, Catalog]:
    added = Import("new", file, found.credentials, found.requirements, found.agreements, found.elsewhere)
    with_it = replace(overlay, version=f"{overlay.version} new", imports=(*overlay.imports, added))
    return shelf.catalog_with(overlay), shelf.catalog_with(with_it)


def _without_import(overlay: Overlay, key: int) -> Overlay:
    known = [item.id for item in overlay.imports]
    if str(key) not in known:
        raise UnknownIdError(str(key), "imported file", tuple(known[-3:]), "See: pathways catalog imports")
    return replace(
        overlay, version=f"{overlay.version} -{key}", imports=tuple(item for item in overlay.imports if item.id != str(key))
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_CHUNK):
                digest.update(part)
    except OSError as error:
        problem = ImportProblem("not-readable", "$", error.strerror or "the file cannot be read")
        raise ImportRejectedError(path.name, (problem,)) from error
    return digest.hexdigest()


def _imported(
    path: Path, found: Imported, after: Catalog, changes: tuple[Change, ...], *, dry_run: bool, applied: bool
) -> ImportOut:
    return ImportOut(
        file=path.name,
        outcome="import_ok",
        format=found.format,
        dry_run=dry_run,
        applied=applied,
        counts=_counts(found),
        changes=counts(changes),
        diff=change_bodies(changes),
        requirements=_requirements(found),
        warnings=_warnings(found),
        problems=[],
        data_version=after.version,
    )


def _rejected(
    path: Path, found: Imported | None, problems: list[ImportProblem] | tuple[ImportProblem, ...], *, dry_run: bool
) -> ImportOut:
    return ImportOut(
        file=path.name,
        outcome="import_rejected",
        format=None if found is None else found.format,
        dry_run=dry_run,
        applied=False,
        counts={} if found is None else _counts(found),
        changes={},
        diff=[],
        requirements={} if found is None else _requirements(found),
        warnings=[] if found is None else _warnings(found),
        problems=[ImportNoteOut(code=item.code, place=item.place, text=item.text) for item in problems],
        data_version=None,
    )


def _problem(item: DataProblem) -> ImportProblem:
    said = (
        f'column "{item.column}": found {item.found}; expected {item.expected}.{f" {item.suggestion}" if item.suggestion else ""}'
    )
    return ImportProblem("does-not-fit", f"{item.file}:{item.row}", said)


def _counts(found: Imported) -> dict[str, int]:
    return {
        "credentials": len(found.credentials),
        "requirements": len(found.requirements),
        "agreements": len(found.agreements),
        "competencies": len(found.competencies),
        "warnings": len(found.warnings),
    }


def _requirements(found: Imported) -> dict[str, str]:
    """One text for each credential; where it has rows of several kinds, the others follow under ``id (kind)``."""
    alone, texts = found.as_catalog(), {}
    for key in alone.rows_by_credential:
        kinds = requirement_texts(alone, key)
        main = "component" if "component" in kinds else next(iter(kinds))
        texts[key] = kinds[main]
        texts.update({f"{key} ({kind})": text for kind, text in kinds.items() if kind != main})
    return texts


def _warnings(found: Imported) -> list[ImportNoteOut]:
    return [ImportNoteOut(code=item.code, place=item.place, text=item.text) for item in found.warnings]
