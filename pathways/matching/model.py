"""The trained matcher as a value, and as one file of arrays behind a JSON header.

Two profiles: ``titles`` (little more than a title on either side; learned from credentials) and ``described`` (descriptions on both
sides; learned from courses). Each has one ranker that looks at precedents and one that needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from models.base import StoredFileError
from models.listwise import ListwiseRanker
from models.logistic import LogisticModel
from models.store import load_arrays, save_arrays
from pathways.matching.confidence import Confidence, Scored, under
from pathways.matching.features import ALL_FEATURES, TEXT_FEATURES

ProfileName = Literal["titles", "described"]

SHIPPED: Final = Path(__file__).parent / "trained" / "match.model"
KIND: Final = "badge-to-course"
VERSION: Final = 1
"""Raised when the meaning of a feature, or what a file holds, changes."""

PROFILES: Final[tuple[ProfileName, ...]] = ("titles", "described")
_REMEDY: Final = "Use the model file of this release, or train one: pathways models train match --data FOLDER"


@dataclass(frozen=True)
class Variant:
    """A ranker and its probabilities."""

    columns: tuple[str, ...]
    ranker: ListwiseRanker
    confidence: Confidence

    def scores(self, features: Any) -> Any:
        """Score candidates; columns beyond those of this variant are not looked at."""
        return self.ranker.score(features[:, : len(self.columns)])

    def ordered(self, pool: Any, features: Any, scores: Any) -> Scored:
        """Order candidates by their scores."""
        return Scored.of(pool, features[:, : len(self.columns)], self.columns, scores)


@dataclass(frozen=True)
class Profile:
    """Both variants for one kind of text, and what tells elective credit from a specific course."""

    alone: Variant
    with_precedents: Variant
    elective: LogisticModel | None


@dataclass(frozen=True)
class MatchModel:
    """Everything that was learned.

    Attributes
    ----------
    profiles : dict
        By `ProfileName`.
    name : str
        Name and version, shown beside every probability.
    header : dict
        Seed, names and checksums of the training data, figures.
    """

    profiles: dict[ProfileName, Profile]
    name: str
    header: dict[str, Any]

    @property
    def trained_on(self) -> tuple[str, ...]:
        """Names of the training data."""
        return tuple(data["name"] for data in self.header["data"])


def save(model: MatchModel, path: Path) -> str:
    """Write a model to one file.

    Returns
    -------
    str
        Checksum of the arrays.
    """
    arrays: dict[str, Any] = {}
    for name, profile in model.profiles.items():
        for variant, found in (("alone", profile.alone), ("precedents", profile.with_precedents)):
            arrays |= {f"{name}.{variant}.ranker.{part}": array for part, array in found.ranker.arrays().items()}
            arrays |= found.confidence.arrays(f"{name}.{variant}")
        if profile.elective is not None:
            arrays |= {f"{name}.elective.{part}": array for part, array in profile.elective.arrays().items()}
    header = model.header | {"name": model.name, "model_version": VERSION, "features": list(ALL_FEATURES)}
    return save_arrays(path, arrays, kind=KIND, header=header, seed=model.header["seed"])


def load(path: Path = SHIPPED) -> MatchModel:
    """Read what `save` wrote.

    Raises
    ------
    StoredFileError
        If the file is missing, damaged, of another kind, or of another version of the model.
    """
    stored = load_arrays(path, kind=KIND)
    found = stored.header.get("model_version")
    if found != VERSION or stored.header.get("features") != list(ALL_FEATURES):
        raise StoredFileError(str(path), f"a model of version {found}", f"a model of version {VERSION}", _REMEDY)
    try:
        profiles = {name: _profile(stored.arrays, name) for name in PROFILES}
    except KeyError as error:
        raise StoredFileError(str(path), f"no array {error}", "all arrays of both profiles", _REMEDY) from error
    return MatchModel(profiles, str(stored.header["name"]), stored.header)


def _profile(arrays: dict[str, Any], name: str) -> Profile:
    elective = under(arrays, f"{name}.elective")
    return Profile(
        _variant(arrays, f"{name}.alone", TEXT_FEATURES),
        _variant(arrays, f"{name}.precedents", ALL_FEATURES),
        LogisticModel.from_arrays(elective) if elective else None,
    )


def _variant(arrays: dict[str, Any], prefix: str, columns: tuple[str, ...]) -> Variant:
    ranker = ListwiseRanker.from_arrays(under(arrays, f"{prefix}.ranker"))
    return Variant(columns, ranker, Confidence.from_arrays(arrays, prefix))
