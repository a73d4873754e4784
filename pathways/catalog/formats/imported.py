"""What a file in one of the field's formats holds, in this project's words.

An import is a value: nothing is stored here. What could not be read is named, with its place in the file as a JSON path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import Catalog, RequirementRow
from pathways.credential import Credential
from pathways.errors import PathwaysError

Format = Literal["ctdl", "case", "rsd"]
LinkKind = Literal["teaches", "assesses", "requires", "part_of", "same_as"]


@dataclass(frozen=True, slots=True)
class ImportWarning:  # noqa: A001 - the word of the import report; the builtin is about modules
    """Something in the file that was not taken over, or taken over with care.

    ``code`` is stable (``unread-property``, ``not-machine-checkable`` ...), ``place`` a JSON path such as
    ``$['@graph'][0]['ceterms:requires'][1]``.
    """

    code: str
    place: str
    text: str

    def __str__(self) -> str:
        """Render as ``place: text``."""
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One reason why a file is rejected."""

    code: str
    place: str
    text: str

    def __str__(self) -> str:
        """Render as ``place: text``."""
        return f"{self.place}: {self.text}"


@dataclass
class ImportRejectedError(PathwaysError):
    """A file that is not taken over, with every reason; nothing of it is."""

    file: str
    problems: tuple[ImportProblem, ...]

    def __str__(self) -> str:
        """One line per problem."""
        return "\n".join(f"{self.file}: {problem}" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Alignment:
    """What a competency is compared with.

    ``kind`` is ``exact``, ``major``, ``broad``, ``narrow``, ``minor``, ``prerequisite`` or the word of the file; only an exact one
    may count without a person's review.
    """

    kind: str
    target: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Competency:
    """A competency, standard or skill. ``codes`` are notations and occupation codes, ``parents`` ids of competencies above it."""

    id: str
    name: str
    statement: str
    framework: str
    codes: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """How two things of the file belong together without a requirement.

    A credential ``teaches``, ``assesses`` or ``requires`` a competency; an item is ``part_of`` another (composition, not by itself
    a requirement); a pathway component is the ``same_as`` the resource it stands for.
    """

    kind: LinkKind
    source: str
    target: str
    framework: str = ""
    name: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """All that one file holds.

    ``elsewhere`` are the ids among ``credentials`` that the file names but does not describe: stand-ins that must give way to a
    credential of the same id the catalog already has.
    """

    format: Format
    credentials: tuple[Credential, ...]
    requirements: tuple[RequirementRow, ...]
    agreements: tuple[Agreement, ...]
    competencies: tuple[Competency, ...]
    warnings: tuple[ImportWarning, ...]
    links: tuple[Link, ...] = ()
    elsewhere: frozenset[str] = frozenset()

    def as_catalog(self, version: str = "imported") -> Catalog:
        """Build a catalog of this file alone."""
        return Catalog({item.id: item for item in self.credentials}, self.requirements, self.agreements, (), (), version)
