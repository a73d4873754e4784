"""The model and the precedents in use on this machine: those named, those trained here, those that ship.

What is trained here stays here, in ``models`` under the data folder. Leaves out training (:mod:`pathways.matching.training`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.settings import Settings
    from pathways.matching.model import MatchModel
    from pathways.matching.precedents import PrecedentRow


@dataclass(frozen=True, slots=True)
class InUse:
    """What a matcher is made of, and what an evaluator should know about where it came from."""

    model: MatchModel
    precedents: tuple[PrecedentRow, ...]
    notes: tuple[str, ...]


def model_file(settings: Settings) -> Path:
    """Where a model trained here is kept."""
    return _folder(settings) / "match.model"


def precedents_file(settings: Settings) -> Path:
    """Where the precedents it learned from are kept."""
    return _folder(settings) / "precedents.jsonl"


def in_use(settings: Settings, *, precedents: Path | None = None, model: Path | None = None) -> InUse:
    """Model and precedents.

    Parameters
    ----------
    settings : Settings
    precedents : Path, optional
        Folder of recorded matches; else that of the settings, else the kept ones, else none.
    model : Path, optional
        Model file; else the one trained here where its version fits, else the shipped one.

    Returns
    -------
    InUse

    Raises
    ------
    PathwaysError, ModelError
        If what was named is not there or cannot be read. What was kept and cannot be used is a note, and is done without.
    """
    found, notes = _model(settings, model)
    rows, more = _precedents(settings, precedents)
    return InUse(found, rows, (*notes, *more))


def stamp(settings: Settings) -> tuple[tuple[int, int], ...]:
    """Changes when a kept file does: what was made ready from the files before is out of date then."""
    kept = (model_file(settings), precedents_file(settings))
    stats = [path.stat() if path.is_file() else None for path in kept]
    return tuple((0, 0) if one is None else (one.st_mtime_ns, one.st_size) for one in stats)


def keep_precedents(settings: Settings, rows: Sequence[PrecedentRow], data: Sequence[Mapping[str, Any]]) -> Path:
    """Keep precedents on this machine, in place of those before; where they are."""
    from pathways.matching.kept import save

    path = precedents_file(settings)
    save(rows, data, path)
    return path


def _folder(settings: Settings) -> Path:
    return (settings.data or settings.home) / "models"


def _model(settings: Settings, named: Path | None) -> tuple[MatchModel, tuple[str, ...]]:
    from models.base import StoredFileError
    from pathways.matching.model import SHIPPED, load

    if named is not None:
        return load(named), ()
    kept = model_file(settings)
    if not kept.is_file():
        return load(SHIPPED), ()
    try:
        found = load(kept)
    except StoredFileError as error:
        return load(SHIPPED), (f"The model trained here cannot be used, so the shipped one answers: {error}",)
    return replace(found, name=f"{found.name} (trained on this machine)"), ()


def _precedents(settings: Settings, named: Path | None) -> tuple[tuple[PrecedentRow, ...], tuple[str, ...]]:
    from pathways.matching.kept import KeptError, load
    from pathways.matching.measured import load_precedents

    folder = named if named is not None else settings.precedents
    if folder is not None:
        return load_precedents(folder), ()
    path = precedents_file(settings)
    if not path.is_file():
        return (), ()
    try:
        return load(path), ()
    except KeptError as error:
        return (), (f"The precedents kept here cannot be used, so the texts alone answer: {error}",)
