"""The queue of matches and its decisions in the store: every decision under the version its author saw, none ever changed.

A decision, what it does to its match, the agreement that comes of it and the row of the audit log are one transaction. Leaves out
what a decision means (:mod:`api.review.state`) and what an agreement says (:mod:`api.review.agreements`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from api.identity.asker import Asker
from api.identity.audit_log import AuditLog, now_text
from api.review.errors import DecisionError, StaleMatchError, UnknownMatchError
from api.review.state import Changes, Decision, Standing, State, after, replayed
from api.review.tables import decisions as decision_table
from api.review.tables import matches as table
from api.store.database import Database
from api.store.plans import ID_LENGTH, LETTERS
from pathways.errors import PathwaysError

Order = Literal["surest", "least_sure", "oldest"]
SYSTEM = "system"
_ORDERS: dict[Order, Any] = {
    "surest": (func.coalesce(table.c.probability, -1).desc(), table.c.id),
    "least_sure": (func.coalesce(table.c.probability, -1), table.c.id),
    "oldest": (table.c.made_at, table.c.id),
}


@dataclass(frozen=True, slots=True)
class Match:
    """One match: some badges, some courses, what was proposed and where it stands."""

    id: str
    version: int
    badges: tuple[str, ...]
    courses: tuple[str, ...]
    texts: Mapping[str, str]
    probability: float | None
    proposal: Mapping[str, Any]
    proposed_by: str
    standing: Standing
    made_at: str
    history: tuple[Decision, ...] = ()
    disputes: int = 0

    @property
    def tag(self) -> str:
        """Entity tag: changes with each decision and each change of a text."""
        return f'"{self.id}-{self.version}.{self.standing.count}"'

    @property
    def decided(self) -> Decision | None:
        """The decision in force, where the history was read too."""
        return self.history[self.standing.current - 1] if self.standing.current and self.history else None


@dataclass(frozen=True, slots=True)
class NewMatch:
    """A match before it has an id."""

    badges: tuple[str, ...]
    courses: tuple[str, ...]
    texts: Mapping[str, str]
    probability: float | None
    proposal: Mapping[str, Any]
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of matches is narrowed to; None does not narrow."""

    state: State | None = None
    least: float | None = None
    most: float | None = None
    words: str = ""
    disputed: bool | None = None


Effect = Callable[[Connection, Match, Match], None]
"""Told of a match before and after a decision, within its transaction."""


@dataclass(frozen=True, slots=True)
class MatchStore:
    """Matches of the institution of whoever asks, who is named in every decision and every row of the log."""

    database: Database
    asker: Asker
    log: AuditLog

    @property
    def institution(self) -> str:
        """Whose matches."""
        return self.asker.institution_id

    def add(self, new: Sequence[NewMatch]) -> tuple[int, int]:
        """Put matches on the queue; one that is there and undecided is renewed, one decided on is left alone.

        Returns how many were added and how many renewed.
        """
        added = renewed = 0
        with self.database.begin() as connection:
            known = {(row.badges, row.courses): row for row in connection.execute(select(table).where(self._mine()))}
            for one in new:
                key = (json.dumps(one.badges), json.dumps(one.courses))
                row = known.get(key)
                if row is None:
                    connection.execute(insert(table).values(self._row(one, *key)))
                    added += 1
                elif row.state in {"open", "skipped"}:
                    values = {"probability": one.probability, "proposal": json.dumps(one.proposal), "texts": json.dumps(one.texts)}
                    connection.execute(update(table).where(self._is(row.id)).values(values))
                    renewed += 1
            self.log.append(connection, self.asker, "matches.proposed", "", {"added": added, "renewed": renewed})
        return added, renewed

    def get(self, match_id: str) -> Match:
        """One match with all its decisions.

        Raises
        ------
        UnknownMatchError
        """
        with self.database.read() as connection:
            return self._get(connection, match_id)

    def page(self, wanted: Wanted, order: Order, *, limit: int, offset: int = 0) -> list[Match]:
        """Matches in an order, without their decisions."""
        with self.database.read() as connection:
            rows = connection.execute(select(table).where(self._fits(wanted)).order_by(*_ORDERS[order]).limit(limit).offset(offset))
            return [_match(row, ()) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many matches are in each state."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(table.c.state, func.count().label("number")).where(self._mine()).group_by(table.c.state)
            )
            return {row.state: int(row.number) for row in rows}

    def decided_badges(self) -> dict[tuple[str, ...], int]:
        """How many matches of the same badges stand approved or rejected."""
        stands = self._mine() & table.c.state.in_(("approved", "rejected"))
        with self.database.read() as connection:
            rows = connection.execute(select(table.c.badges, func.count().label("number")).where(stands).group_by(table.c.badges))
            return {tuple(json.loads(row.badges)): int(row.number) for row in rows}

    def texts(self, connection: Connection) -> list[dict[str, str]]:
        """What the texts of every match were when it was put on the queue or opened again."""
        return [json.loads(row.texts) for row in connection.execute(select(table.c.texts).where(self._mine()))]

    def full(self, wanted: Wanted) -> list[Match]:
        """All matches that fit, with their decisions, by id."""
        with self.database.read() as connection:
            rows = connection.execute(select(table).where(self._fits(wanted)).order_by(table.c.id)).all()
            return [_match(row, _history(connection, self.institution, row.id)) for row in rows]

    def decide(self, match_id: str, tags: Sequence[str], wanted: Decision, effect: Effect) -> Match:
        """Add a decision. All of it is kept, or nothing but the attempt in the audit log.

        Parameters
        ----------
        tags : sequence of str
            Entity tags the person has; ``*`` stands for any.
        wanted : Decision
            Person and time are set here.
        effect : callable
            What the decision does elsewhere, in the same transaction.

        Raises
        ------
        UnknownMatchError, StaleMatchError, DecisionError
        """
        try:
            with self.database.begin() as connection:
                before = self._get(connection, match_id, lock=True)
                if not {"*", before.tag} & set(tags):
                    raise StaleMatchError(before.id, ", ".join(tags)[:80] or "no version", before.tag)
                self._check_own(before, wanted)
                found = self._add(connection, before, replace(wanted, person_id=self.asker.person_id))
                effect(connection, before, found)
                detail = {
                    "kind": wanted.kind,
                    "code": wanted.reason_code,
                    "number": found.standing.count,
                    "state": found.standing.state,
                }
                self.log.append(connection, self.asker, "match.decided", before.id, detail)
        except PathwaysError as error:
            if not isinstance(error, UnknownMatchError):
                self.log.record(
                    self.database, self.asker, "match.refused", match_id[:60], kind=wanted.kind, why=type(error).__name__
                )
            raise
        return found

    def _check_own(self, match: Match, wanted: Decision) -> None:
        """Nobody approves what they proposed; the one person of a local store has nobody else to ask."""
        if match.proposed_by == self.asker.person_id and wanted.kind.startswith("approve") and self.asker.how != "local":
            raise DecisionError("kind", "You proposed this match yourself. Somebody else has to approve it.")

    def reopen(
        self, connection: Connection, changed: Mapping[str, str | None], effect: Effect, held: list[str] | None = None
    ) -> list[str]:
        """Reopen every match that rests on a text that changed, within a write transaction; their ids.

        Parameters
        ----------
        changed : mapping of str to str or None
            Side and id, as in ``course:EDU-101``, to the new text's sha256; None where it is gone.
        held : list of str, optional
            Takes the ids of matches whose agreement cannot go yet, which stay as they are.

        Raises
        ------
        DecisionError
            Where ``held`` is not given, if an agreement cannot go yet.
        """
        reopened: list[str] = []
        for row in connection.execute(select(table).where(self._mine()).order_by(table.c.id)).all():
            texts = json.loads(row.texts)
            touched = {key: changed[key] for key in texts if key in changed and changed[key] != texts[key]}
            if not touched:
                continue
            before = _match(row, _history(connection, self.institution, row.id))
            note = Decision(0, before.version, "reopen", "text_changed", ", ".join(sorted(touched))[:300], SYSTEM, "")
            fresh = {key: value for key, value in {**texts, **touched}.items() if value is not None}
            later = replace(before, version=before.version + 1, texts=fresh)
            try:
                # First, while nothing of this match is written: it may refuse.
                effect(connection, before, replace(later, standing=Standing(count=before.standing.count + 1)))
            except DecisionError:
                if held is None:
                    raise
                held.append(row.id)
                continue
            self._add(connection, later, note)
            connection.execute(update(table).where(self._is(row.id)).values(version=later.version, texts=json.dumps(fresh)))
            reopened.append(row.id)
        return reopened

    def _add(self, connection: Connection, before: Match, wanted: Decision) -> Match:
        model = str(before.proposal.get("model", ""))
        stamped = replace(
            wanted, match_version=before.version, at=now_text(), seen_probability=before.probability, seen_model=model
        )
        standing, row = after(before.standing, stamped, before.history)
        connection.execute(
            insert(decision_table).values(
                institution_id=self.institution,
                match_id=before.id,
                number=row.number,
                match_version=row.match_version,
                body=json.dumps(asdict(row), default=str),
                person_id=row.person_id,
                at=row.at,
            )
        )
        values = {"state": standing.state, "current": standing.current, "count": standing.count}
        connection.execute(update(table).where(self._is(before.id)).values(**values, disputed=len(standing.disputed)))
        return replace(before, standing=standing, history=(*before.history, row))

    def _get(self, connection: Connection, match_id: str, *, lock: bool = False) -> Match:
        question = select(table).where(self._is(match_id.upper()))
        row = connection.execute(question.with_for_update() if lock else question).one_or_none()
        if row is None:
            raise UnknownMatchError(match_id)
        return _match(row, _history(connection, self.institution, row.id))

    def _mine(self) -> Any:
        return table.c.institution_id == self.institution

    def _is(self, match_id: str) -> Any:
        return and_(self._mine(), table.c.id == match_id)

    def _fits(self, wanted: Wanted) -> Any:
        parts = [self._mine()]
        if wanted.state is not None:
            parts.append(table.c.state == wanted.state)
        if wanted.least is not None:
            parts.append(table.c.probability >= wanted.least)
        if wanted.most is not None:
            parts.append(table.c.probability <= wanted.most)
        if wanted.disputed is not None:
            parts.append(table.c.disputed > 0 if wanted.disputed else table.c.disputed == 0)
        columns = (table.c.badges, table.c.courses, table.c.proposal)
        parts += (or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in wanted.words.split())
        return and_(*parts)

    def _row(self, one: NewMatch, badges: str, courses: str) -> dict[str, Any]:
        return {
            "institution_id": self.institution,
            "id": "".join(secrets.choice(LETTERS) for _ in range(ID_LENGTH)),
            "version": 1,
            "badges": badges,
            "courses": courses,
            "texts": json.dumps(one.texts),
            "probability": one.probability,
            "proposal": json.dumps(one.proposal),
            "proposed_by": one.proposed_by,
            "state": "open",
            "current": 0,
            "disputed": 0,
            "count": 0,
            "made_at": now_text(),
        }


def _history(connection: Connection, institution: str, match_id: str) -> tuple[Decision, ...]:
    mine = (decision_table.c.institution_id == institution) & (decision_table.c.match_id == match_id)
    rows = connection.execute(select(decision_table.c.body).where(mine).order_by(decision_table.c.number))
    return tuple(read_decision(row.body) for row in rows)


def read_decision(text: str) -> Decision:
    """A decision as it was written."""
    fields = json.loads(text)
    changes = fields.pop("changes")
    amount, last = changes["credits"], changes["expires_on"]
    return Decision(
        **fields,
        changes=Changes(
            None if amount is None else Decimal(amount),
            changes["min_grade"],
            None if last is None else date.fromisoformat(last),
            changes["conditions"],
        ),
    )


def _match(row: Any, history: Iterable[Decision]) -> Match:
    past = tuple(history)
    standing = replayed(past) if past else Standing(row.state, row.current, (), row.count)
    return Match(
        row.id,
        row.version,
        tuple(json.loads(row.badges)),
        tuple(json.loads(row.courses)),
        json.loads(row.texts),
        row.probability,
        json.loads(row.proposal),
        row.proposed_by,
        standing,
        row.made_at,
        past,
        row.disputed,
    )
