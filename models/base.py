"""What every encoder, retriever, ranker and calibrator promises, and the errors they share.

Leaves out any implementation. Importing this module costs no numpy, so that a command line can name the errors cheaply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias, runtime_checkable

if TYPE_CHECKING:  # these names exist for type checkers only: import them under TYPE_CHECKING too
    import numpy as np
    import numpy.typing as npt

    Float32Array: TypeAlias = npt.NDArray[np.float32]
    Float64Array: TypeAlias = npt.NDArray[np.float64]
    IntArray: TypeAlias = npt.NDArray[np.int64]
    BoolArray: TypeAlias = npt.NDArray[np.bool_]
    Hits: TypeAlias = tuple[list[str], Float64Array]

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of texts done and the number in all."""


@runtime_checkable
class TextEncoder(Protocol):
    """Turns texts into unit vectors whose dot product is their cosine similarity."""

    @property
    def dim(self) -> int:
        """Length of each vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names everything that shapes a vector: weights, tokenizer, pooling, lengths. Equal means interchangeable."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Float32Array:
        """Encode `texts` into a float32 array of shape (n, dim) with unit rows, in the order given."""
        ...


@runtime_checkable
class Retriever(Protocol):
    """Finds texts for a query among those it was fitted on."""

    def fit(self, ids: Sequence[str], texts: Sequence[str]) -> Self:
        """Index `texts` under `ids`, which must be distinct."""
        ...

    def scores(self, query: str) -> Float64Array:
        """Score of every text, in the order they were given to `fit`."""
        ...

    def retrieve(self, query: str, k: int) -> Hits:
        """At most `k` ids and their scores, best first, ties by id."""
        ...


@runtime_checkable
class Recommender(Protocol):
    """Suggests items from what others with a similar history went on to earn."""

    def fit(self, histories: Sequence[Sequence[str]]) -> Self:
        """Learn from item ids in the order they were earned, one list a person."""
        ...

    def recommend(self, history: Sequence[str], k: int) -> Hits:
        """At most `k` items outside `history`, best first, ties by id."""
        ...


@runtime_checkable
class Ranker(Protocol):
    """Scores rows of a feature matrix; only the order within a query matters."""

    def fit(self, features: npt.ArrayLike, relevant: npt.ArrayLike) -> Self:
        """Learn from rows and whether each was relevant."""
        ...

    def score(self, features: npt.ArrayLike) -> Float64Array:
        """One number a row, higher is better."""
        ...


@runtime_checkable
class Calibrator(Protocol):
    """Turns scores into probabilities and never reverses their order."""

    def fit(self, scores: npt.ArrayLike, outcomes: npt.ArrayLike) -> Self:
        """Learn from scores and what happened (0 or 1)."""
        ...

    def predict(self, scores: npt.ArrayLike) -> Float64Array:
        """Probability for each score, between 0 and 1."""
        ...


class ModelError(Exception):
    """Base of every error this package raises on purpose."""


class NotFittedError(ModelError):
    """Something was asked of a model before it was fitted.

    Attributes
    ----------
    what : str
        The class that was asked.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"{self.what} is not fitted: call fit(...) before asking it for answers."


class MissingExtraError(ModelError, ImportError):
    """An optional dependency is not installed.

    Attributes
    ----------
    package, extra : str
        The package that is missing, and the extra of this project that installs it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(package, extra)
        self.package = package
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.package} is not installed. Run: pip install 'pathways[{self.extra}]'"


class MismatchError(ModelError):
    """Where something was, what was found, what was expected, and what to do.

    Attributes
    ----------
    where, found, expected, remedy : str
    """

    def __init__(self, where: str, found: str, expected: str, remedy: str) -> None:
        # Everything goes to Exception.args, so that the error survives the trip back from a worker process.
        super().__init__(where, found, expected, remedy)
        self.where = where
        self.found = found
        self.expected = expected
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}, expected {self.expected}. {self.remedy}"


class WrongWeightsError(MismatchError):
    """A model file is missing, damaged, or not the one its manifest names."""


class FingerprintError(MismatchError):
    """Vectors of different encoders were about to be mixed."""


class StoredFileError(MismatchError):
    """A stored model cannot be read: damaged, from a newer format, or of another kind."""
