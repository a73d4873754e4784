"""Badge files to verdicts, catalog credentials and entries of a record: what command line and API both call.

One broken file never stops the others: it is a line with problems. Leaves out where files come from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from time import monotonic
from typing import TYPE_CHECKING, Any

from api.pinned_keys import pinned_keys
from pathways.badges.entities import BadgeProblem, Fetch, Fetched, Reading, Verdict
from pathways.badges.errors import FetchError
from pathways.badges.open_badges_2 import complete
from pathways.badges.read import read
from pathways.badges.resolve import Index, Resolution, earned, resolve, superseded, why_not
from pathways.record import EarnedCredential, LearnerRecord
from pathways.record_files import record_to_json

if TYPE_CHECKING:
    from api.badge_schemas import BadgeLineOut, BadgeOut, BadgesOut
    from api.settings import Settings
    from api.world import World
    from pathways.badges.resolve import TextCandidates

#: Most files of one request.
MAX_FILES = 200
FETCH_SECONDS = 60.0
_NEWER = BadgeProblem("superseded", "A newer copy of the same award is among the files; this one counts no more.", blocking=False)
_MEMBER = BadgeProblem("member_invalid", "A credential inside this record is not valid; see inner.", blocking=False)

Check = Callable[[Reading], Verdict]


@dataclass(frozen=True, slots=True)
class Checked:
    """A reading with its verdict, and the credentials inside it with theirs."""

    file: str
    reading: Reading
    verdict: Verdict
    inner: tuple[Checked, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What one badge is in the catalog and adds to a record; without an ``entry``, ``why_not`` says why it has none."""

    checked: Checked
    resolution: Resolution
    entry: EarnedCredential | None
    why_not: str = ""


def checker(
    now: datetime,
    *,
    fetch: Fetch | None = None,
    recipient: str | None = None,
    pinned: Mapping[str, Collection[str]] | None = None,
) -> Check:
    """A check of readings as of one instant, with or without a network, perhaps for one recipient, with an administrator's keys."""
    from pathways.badges.verify import verify

    return lambda reading: verify(reading, now=now, fetch=fetch, recipient=recipient, pinned_keys=pinned)


def fetcher(settings: Settings) -> Fetch | None:
    """The network as the settings allow it: none unless ``PATHWAYS_FETCH`` is on, and a minute for all badges of one request."""
    if not settings.fetch:
        return None
    from api.fetch import GuardedFetch, Remembering

    return InTime(Remembering(GuardedFetch()), FETCH_SECONDS)


class InTime:
    """A way to fetch that ends: once its time is over, nothing more is asked for.

    Parameters
    ----------
    fetch : Fetch
        Limits each answer by itself.
    seconds : float
        For all of them, from now on.
    """

    def __init__(self, fetch: Fetch, seconds: float) -> None:
        self._fetch = fetch
        self._ends = monotonic() + seconds

    def __call__(self, url: str) -> Fetched:
        """Get an address.

        Raises
        ------
        FetchError
            As the fetch it stands for, or because the time is over.
        """
        if monotonic() > self._ends:
            raise FetchError(url, "the time for what badges point at is over; send fewer at once")
        return self._fetch(url)


def end_of(day: date) -> datetime:
    """The instant a day's question is judged at: its end, so that what was issued today counts."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def check_files(files: Iterable[tuple[str, bytes | OSError]], check: Check, fetch: Fetch | None = None) -> list[Checked]:
    """Read and check files one after the other.

    Parameters
    ----------
    files : iterable of (str, bytes or OSError)
        Name, and content or why there is none.
    check : callable
        See :func:`checker`.
    fetch : Fetch or None
        Where an Open Badges 2.0 assertion only points at its badge, the way to get it.

    Returns
    -------
    list of Checked
        One for each credential, in order; members of an array are ``name#1``, ``name#2`` and so on.
    """
    return [found for name, data in files for found in _checked(name, data, check, fetch)]


def unreadable(name: str, error: OSError) -> Reading:
    """The reading of a file that cannot be opened."""
    text = f"{name.rpartition('/')[2][:200]}: the file cannot be read ({error.strerror})."
    return Reading("unknown", "json", "", problems=(BadgeProblem("unreadable_file", text),))


def line(checked: Checked) -> BadgeLineOut:
    """The contract of ``pathways badges read --json`` for one credential."""
    from api.badge_schemas import BadgeLineOut

    return BadgeLineOut(**_line_fields(checked))


def hold(
    checked: Sequence[Checked],
    world: World,
    *,
    text_candidates: TextCandidates | None = None,
    confirmed: Mapping[str, str] | None = None,
) -> list[Held]:
    """Find each badge in the catalog, and what counts of it; credentials inside learner records stand for themselves.

    Parameters
    ----------
    checked : sequence of Checked
    world : World
    text_candidates : callable or None
        Search by words, for badges that name no credential of the catalog.
    confirmed : mapping of str to str, or None
        File to the id a person chose.
    """
    flat = [leaf for item in checked for leaf in _leaves(item)]
    newer = superseded([item.reading.badge for item in flat])
    index = Index(world.catalog.credentials)
    return [
        _held(replace(item, verdict=_with(item.verdict, _NEWER)) if place in newer else item, index, text_candidates, confirmed)
        for place, item in enumerate(flat)
    ]


def bodies(held: Sequence[Held], world: World) -> BadgesOut:
    """The answer of the API."""
    from api.badge_schemas import BadgesOut

    badges = [_body(item, world) for item in held]
    return BadgesOut(badges=badges, count=sum(item.counts for item in badges), data_version=world.catalog.version)


def read_badges(world: World, files: Sequence[tuple[str, bytes | OSError]], recipient: str | None, settings: Settings) -> BadgesOut:
    """Read, check and resolve uploaded files; what they point at is fetched only where the settings say so."""
    from api.search import scored_matches

    fetch = fetcher(settings)
    checked = check_files(
        files, checker(end_of(world.today), fetch=fetch, recipient=recipient, pinned=pinned_keys(settings)), fetch
    )
    return bodies(hold(checked, world, text_candidates=lambda text: scored_matches(world, text, 5)), world)


def _checked(name: str, data: bytes | OSError, check: Check, fetch: Fetch | None) -> Iterator[Checked]:
    readings = (unreadable(name, data),) if isinstance(data, OSError) else read(data, name=name)
    for number, reading in enumerate(readings, 1):
        whole = reading if fetch is None else complete(reading, fetch)
        yield _verdict(name if len(readings) == 1 else f"{name}#{number}", whole, check)


def _verdict(file: str, reading: Reading, check: Check) -> Checked:
    inner = tuple(_verdict(f"{file}#{number}", member, check) for number, member in enumerate(reading.inner, 1))
    verdict = check(reading)
    if any(member.verdict.verdict == "invalid" for member in inner):
        verdict = _with(verdict, _MEMBER)
    return Checked(file, reading, verdict, inner)


def _with(verdict: Verdict, problem: BadgeProblem) -> Verdict:
    return replace(verdict, problems=(*verdict.problems, problem))


def _leaves(checked: Checked) -> Iterator[Checked]:
    """The badges themselves: a learner record stands for the credentials inside it."""
    if not checked.inner:
        yield checked
    for member in checked.inner:
        yield from _leaves(member)


def _held(checked: Checked, index: Index, text_candidates: TextCandidates | None, confirmed: Mapping[str, str] | None) -> Held:
    badge, verdict = checked.reading.badge, checked.verdict
    reason = why_not(badge, verdict)
    if _NEWER in verdict.problems:
        reason = _NEWER.text
    if badge is None or reason is not None:
        return Held(checked, Resolution("none"), None, reason or "")
    found = resolve(badge, index, text_candidates, confirmed=(confirmed or {}).get(checked.file))
    issuer = index.credentials[found.credential_id].issuer if found.credential_id is not None else None
    return Held(checked, found, earned(badge, found, verdict, issuer))


def _line_fields(checked: Checked) -> dict[str, Any]:
    from api.badge_schemas import BadgeProblemOut

    reading, verdict = checked.reading, checked.verdict
    return {
        "file": checked.file,
        "format": reading.format,
        "verdict": verdict.verdict,
        "signature": verdict.signature,
        "issuer": verdict.issuer,
        "status": verdict.status,
        "dates": verdict.dates,
        "achievement": reading.badge.name if reading.badge is not None else None,
        "problems": [BadgeProblemOut(code=problem.code, text=problem.text) for problem in verdict.problems],
        "inner": [line(member) for member in checked.inner],
    }


def _body(held: Held, world: World) -> BadgeOut:
    from api.badge_schemas import BadgeCandidateOut, BadgeOut
    from api.bodies import item

    items, found = world.catalog.credentials, held.resolution
    entry = None
    if held.entry is not None:
        entry = record_to_json(LearnerRecord(achievements=(held.entry,)))["achievements"][0]
    return BadgeOut(
        **_line_fields(held.checked),
        counts=held.entry is not None,
        why_not=held.why_not,
        method=found.method,
        credential=None if found.credential_id is None else item(items[found.credential_id]),
        candidates=[BadgeCandidateOut(credential=item(items[one.id]), score=one.score, why=one.why) for one in found.candidates],
        entry=entry,
    )
