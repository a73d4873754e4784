"""Badge to catalog credential: by id, by alignment, then by text; and what a badge adds to a learner's record.

Only an id, or an alignment stated by the catalog's own issuer, settles which credential a badge is. Anything else is a question
with candidates and scores for a person to answer: anybody may align a badge to anything. A badge that no catalog has is still a
skill. Leaves out whether the badge is genuine, which is the verdict's to say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal
from urllib.parse import unquote

from pathways.badges.entities import Badge, Result, Verdict
from pathways.credential import Credential, CredentialType
from pathways.record import EarnedCredential
from pathways.units import GRADES

Method = Literal["id", "alignment", "confirmed", "ask", "none"]
#: A text to catalog ids with scores between 0 and 1, best first.
TextCandidates = Callable[[str], Sequence[tuple[str, float]]]

MAX_CANDIDATES = 5
#: The address a catalog id has in badges that are made to be found.
URN = "urn:pathways:credential:"
MAX_DESCRIPTION = 500
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset({"the", "of", "and", "for", "a", "an", "in", "at", "inc", "now"})
_TYPES: Mapping[str, CredentialType] = {
    "Badge": "badge", "MicroCredential": "micro-credential", "Course": "course", "Certificate": "certificate",
    "CertificateOfCompletion": "certificate", "Certification": "certification", "License": "license", "Degree": "degree",
    "AssociateDegree": "degree", "BachelorDegree": "degree", "MasterDegree": "degree", "DoctoralDegree": "degree",
    "LearningProgram": "program",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A catalog credential that a badge may be, how well it fits between 0 and 1, and why it is thought of."""

    id: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which catalog credential a badge is. ``credential_id`` is None where a person must say, or the catalog has none."""

    method: Method
    credential_id: str | None = None
    candidates: tuple[Candidate, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Index:
    """The ways into a catalog, built once for many badges."""

    credentials: Mapping[str, Credential]

    @cached_property
    def pages(self) -> Mapping[str, tuple[str, ...]]:
        """Ids by the page their facts were read on. One page may tell of many credentials, or be a seller's."""
        found: dict[str, list[str]] = {}
        for item in self.credentials.values():
            found.setdefault(_address(item.source.url), []).append(item.id)
        return {page: tuple(ids) for page, ids in found.items()}

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Ids by name, in any case and spacing."""
        found: dict[str, list[str]] = {}
        for item in self.credentials.values():
            found.setdefault(" ".join(_words(item.name)), []).append(item.id)
        return {name: tuple(ids) for name, ids in found.items()}

    def by_name(self, name: str) -> tuple[str, ...]:
        """Ids of this name, in any case, spacing and punctuation."""
        return self.names.get(" ".join(_words(name)), ())

    def named(self, text: str | None) -> str | None:
        """The id that a text is, plainly, as a URN of this product, or as the last part of a registry's address."""
        if text is None:
            return None
        tries = (text, text.removeprefix(URN), _registry_id(text))
        return next((item for item in tries if item and item in self.credentials), None)


def resolve(
    badge: Badge, index: Index, text_candidates: TextCandidates | None = None, *, confirmed: str | None = None
) -> Resolution:
    """Find the catalog credential a badge stands for.

    Parameters
    ----------
    badge : Badge
    index : Index
        Of the catalog.
    text_candidates : callable or None
        Search by words; None leaves only exact names.
    confirmed : str or None
        The id a person chose, which settles it.

    Returns
    -------
    Resolution
    """
    if confirmed is not None and confirmed in index.credentials:
        return Resolution("confirmed", confirmed, why="you said so")
    by_id = index.named(badge.achievement_id)
    if by_id is not None:
        return Resolution("id", by_id, why="the achievement's id is this credential's")
    aligned = _aligned(badge, index)
    own = [found for found in aligned if same_issuer(badge.issuer_name, index.credentials[found.id].issuer)]
    if len(own) == 1 and own[0].score == 1:
        return Resolution("alignment", own[0].id, why=own[0].why)
    candidates = _best((*aligned, *_by_text(badge, index, text_candidates)))
    if candidates:
        return Resolution("ask", None, candidates, "the badge does not say which credential it is")
    return Resolution("none", why="nothing in this catalog is like it")


def earned(badge: Badge, resolution: Resolution, verdict: Verdict, catalog_issuer: str | None = None) -> EarnedCredential:
    """What a badge adds to a record: the catalog credential, or a skill of its own that no requirement names.

    ``verification`` is ``verified`` only where signature and issuer are, the issuer goes by the name the catalog has
    (``catalog_issuer``), and is more than a key: whoever makes a key may call it by any name, so did:key proves no name.
    """
    proven = verdict.verdict == "valid" and verdict.issuer == "verified" and not (badge.issuer_id or "").startswith("did:key:")
    proven = proven and (catalog_issuer is None or same_issuer(badge.issuer_name, catalog_issuer))
    dates = (badge.issued_on, badge.expires_on)
    issued, expires = (None if day is None else day.astimezone(UTC).date() for day in dates)
    if expires is not None and issued is not None and expires < issued:
        issued = None
    found = resolution.credential_id
    return EarnedCredential(
        id=found or own_id(badge),
        name=None if found else badge.name,
        earned_on=issued,
        expires_on=expires,
        grade=_grade(badge.results),
        verification="verified" if proven else "unverified",
        type=None if found else _TYPES.get(badge.achievement_type or ""),
        subject=None if found else badge.field_of_study,
        issuer=None if found else badge.issuer_name,
        description=None if found else (badge.description or "")[:MAX_DESCRIPTION].strip() or None,
    )


def own_id(badge: Badge) -> str:
    """A stable id for an achievement that no catalog has: the same for two awards of one achievement.

    Examples
    --------
    >>> own_id(Badge(name="Robotics", issuer_name="Club")) == own_id(Badge(name=" robotics", issuer_name="Club"))
    True
    """
    what = badge.achievement_id or " ".join(_words(badge.name or ""))
    who = badge.issuer_id or " ".join(_words(badge.issuer_name or ""))
    return "own:badge-" + hashlib.sha256(f"{who}\n{what}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def why_not(badge: Badge | None, verdict: Verdict) -> str | None:
    """Why a badge counts toward nothing; None where it counts.

    A badge must be valid, or such that nobody could check it (then it counts as the learner's own word), and its result completed.
    """
    if verdict.verdict in {"invalid", "status_unknown"} or verdict.status in {"revoked", "suspended", "unknown"}:
        blocking = [problem.text for problem in verdict.problems if problem.blocking]
        return blocking[0] if blocking else f"its verdict is {verdict.verdict.replace('_', ' ')}"
    if badge is None or (badge.achievement_id is None and badge.name is None):
        return "it names no achievement"
    for result in badge.results:
        if result.status not in {None, "Completed"}:
            return f"its result is {result.status}, not Completed"
        if _is_below(result):
            return f"its result {result.value} is below the {result.required_value} that the achievement asks for"
    return None


def same_credential(badge: Badge) -> tuple[str, str] | None:
    """What makes two files the same award: issuer and credential id, percent-decoded and trimmed."""
    if badge.issuer_id is None or badge.credential_id is None:
        return None
    return unquote(badge.issuer_id).strip(), unquote(badge.credential_id).strip()


def superseded(badges: Sequence[Badge | None]) -> frozenset[int]:
    """Positions of badges that a newer copy of the same award replaces; of equal ones the first stays."""
    newest: dict[tuple[str, str], int] = {}
    replaced: set[int] = set()
    for place, badge in enumerate(badges):
        key = None if badge is None else same_credential(badge)
        if badge is None or key is None:
            continue
        before = newest.setdefault(key, place)
        if before != place:
            older = before if _issued(badge) > _issued(badges[before]) else place
            replaced.add(older)
            newest[key] = place if older == before else before
    return frozenset(replaced)


def _issued(badge: Badge | None) -> datetime:
    return badge.issued_on if badge is not None and badge.issued_on is not None else datetime.min.replace(tzinfo=UTC)


def _aligned(badge: Badge, index: Index) -> list[Candidate]:
    """Credentials the badge's alignments or its own page name. A code or id fits fully, a shared page less."""
    found: list[Candidate] = []
    for item in badge.alignments:
        named = index.named(item.target_url) or index.named(item.target_code)
        if named is not None:
            found.append(Candidate(named, 1.0, "the badge is aligned to it"))
        found += _on_page(item.target_url, index, "the badge is aligned to its page")
    found += _on_page(badge.achievement_id, index, "its page is the achievement's id")
    return list({candidate.id: candidate for candidate in sorted(found, key=lambda one: one.score)}.values())


def _on_page(url: str | None, index: Index, why: str) -> list[Candidate]:
    ids = index.pages.get(_address(url), ()) if url else ()
    return [Candidate(item, 1.0 / len(ids), why) for item in ids[:MAX_CANDIDATES]]


def _by_text(badge: Badge, index: Index, text_candidates: TextCandidates | None) -> list[Candidate]:
    if badge.name is None:
        return []
    exact = index.by_name(badge.name)
    found = [
        Candidate(item, 1.0 if same_issuer(badge.issuer_name, index.credentials[item].issuer) else 0.9, "it has the same name")
        for item in exact
    ]
    text = f"{badge.name}. {(badge.description or '')[:MAX_DESCRIPTION]}".strip()
    hits = text_candidates(text) if text_candidates is not None else ()
    return found + [Candidate(item, round(min(score, 0.89), 3), "its text is alike") for item, score in hits]


def _best(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for item in sorted(candidates, key=lambda one: (-one.score, one.id)):
        best.setdefault(item.id, item)
    return tuple(best.values())[:MAX_CANDIDATES]


def same_issuer(stated: str | None, cataloged: str) -> bool:
    """Whether one name says all that the other does: "ISTE" and "ISTE (now ISTE+ASCD)", not "Institute of Technology"."""
    one, other = (frozenset(_words(name or "")) - _SMALL for name in (stated, cataloged))
    return bool(one) and bool(other) and (one <= other or other <= one)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _address(url: str) -> str:
    """An address without what does not change the page: scheme, www, a last slash, case of the host."""
    rest = re.sub(r"^https?://(?:www\.)?", "", url.strip(), flags=re.IGNORECASE)
    host, slash, path = rest.partition("/")
    return f"{host.casefold()}{slash}{unquote(path)}".rstrip("/")


def _registry_id(text: str) -> str | None:
    match = re.search(r"(?:^|/)(ce-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", text)
    return match.group(1) if match else None


def _grade(results: Sequence[Result]) -> str | None:
    """The letter grade among the results, where it is one of the grades requirements know."""
    letters = (result.value for result in results if result.type in {None, "LetterGrade"} and result.value)
    return next((letter.upper() for letter in letters if letter.upper() in GRADES), None)


def _is_below(result: Result) -> bool:
    """Whether a value comes before the one required in the issuer's own order; unknown values are not below anything."""
    order = result.allowed_values
    if result.value not in order or result.required_value not in order:
        return False
    return order.index(result.value) < order.index(result.required_value)
