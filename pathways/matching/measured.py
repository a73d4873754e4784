"""One run over both data sets: hold out, measure, train. What `pathways models train match` and `pathways models report` share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pathways.errors import PathwaysError
from pathways.matching.datasets import CPL, RPI, Dataset, load_cpl, load_rpi
from pathways.matching.measures import figures
from pathways.matching.model import MatchModel, ProfileName
from pathways.matching.precedents import PrecedentRow
from pathways.matching.training import Held, Prepared, Told, hold_out, prepare, train
from pathways.matching.views import Encode

_SETS: Final[tuple[tuple[ProfileName, str, str], ...]] = (
    ("titles", CPL, "credential"),
    ("described", RPI, "sending institution"),
)


@dataclass
class NoDataError(PathwaysError):
    """The folder given holds none of the data that a matcher learns from, or not all of it."""

    folder: Path
    missing: str

    def __str__(self) -> str:
        """Say what is missing where, and how to get on."""
        return (
            f"{self.folder}: found no {self.missing}, expected the folders {CPL} and {RPI}. The recorded matches do not ship with "
            "this project; put the two folders side by side and name the folder around them: --data FOLDER."
        )


@dataclass(frozen=True)
class Run:
    """Data sets made ready, held-out cases, and the figures; by profile."""

    sets: dict[ProfileName, Prepared]
    held: dict[ProfileName, Held]
    report: dict[str, Any]


def load_sets(folder: Path) -> dict[ProfileName, Dataset]:
    """Both data sets of a folder.

    Raises
    ------
    NoDataError
        If one is not there.
    """
    files = {CPL: "articulations.csv", RPI: "transfer_rules.jsonl"}
    for _, name, _ in _SETS:
        if not (folder / name / files[name]).is_file():
            raise NoDataError(folder, f"{name}/{files[name]}")
    return {"titles": load_cpl(folder / CPL), "described": load_rpi(folder / RPI)}


def load_precedents(folder: Path) -> tuple[PrecedentRow, ...]:
    """Precedent rows of whichever of the two data sets lies in a folder, or is that folder.

    Raises
    ------
    NoDataError
        If neither is there.
    """
    found: list[PrecedentRow] = []
    for place in (folder, folder / CPL):
        if (place / "articulations.csv").is_file():
            found += load_cpl(place).precedents
    for place in (folder, folder / RPI):
        if (place / "transfer_rules.jsonl").is_file():
            found += load_rpi(place).precedents
    if not found:
        raise NoDataError(folder, "precedents")
    return tuple(found)


def measure(folder: Path, encode: Encode, *, seed: int, tell: Told = lambda _: None) -> Run:
    """Hold out every badge of both data sets once, and measure.

    Parameters
    ----------
    folder : Path
        Holds both data sets.
    encode : callable
    seed : int
        Of the folds, the sampling and the bootstrap.
    tell : callable
        Told in words how far it is.

    Returns
    -------
    Run
    """
    sets: dict[ProfileName, Prepared] = {}
    held: dict[ProfileName, Held] = {}
    found: dict[str, Any] = {}
    loaded = load_sets(folder)
    for profile, name, by in _SETS:
        tell(f"{name}: encoding")
        sets[profile] = prepare(loaded[profile], encode)
        held[profile] = hold_out(sets[profile], seed=seed, tell=tell)
        found[profile] = {"name": name, "held_out": by} | figures(sets[profile], held[profile], seed=seed)
    data = [{"name": one.name, "sha256": one.checksum, "badges": len(one.badges)} for one in loaded.values()]
    return Run(sets, held, {"model": "pathways-match 1", "seed": seed, "data": data, "figures": found})


def learned_from(run: Run) -> tuple[PrecedentRow, ...]:
    """The precedents of a run: what is kept on the machine that trained."""
    return tuple(row for data in run.sets.values() for row in data.dataset.precedents)


def trained(run: Run) -> MatchModel:
    """The model that ships, from a run."""
    return train(run.sets, run.held, seed=run.report["seed"], figures=run.report["figures"])
