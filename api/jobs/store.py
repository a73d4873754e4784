"""Caseloads in the store: put there once, worked on by whoever holds the lease, every answer kept the moment it is there.

Leaves out how rows are answered (:mod:`api.jobs.work`) and who works on what (:mod:`api.jobs.runner`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, delete, func, insert, select, update

from api.jobs.errors import UnknownJobError
from api.jobs.rows import Caseload
from api.jobs.tables import job_rows, jobs
from api.jobs.work import Done
from api.store.database import Database
from api.store.plans import ID_LENGTH, LETTERS

State = Literal["checked", "queued", "running", "done", "cancelled"]
LEASE = timedelta(seconds=30)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Job:
    """One caseload and how far it is."""

    institution: str
    id: str
    name: str
    state: State
    total: int
    done: int
    failed: int
    data_version: str
    marks: Mapping[str, str]
    made_at: str
    ended_at: str | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"done", "cancelled"}


@dataclass(frozen=True, slots=True)
class RowDone:
    """One row and its answer."""

    number: int
    given: dict[str, str]
    result: dict[str, Any] | None
    problem: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class JobStore:
    """Caseloads of one institution."""

    database: Database
    institution: str

    def add(self, found: Caseload, name: str, person: str, *, state: State) -> tuple[Job, bool]:
        """Keep a caseload; the same content again is the same job. Returns it and whether it is new."""
        with self.database.begin() as connection:
            known = connection.execute(select(jobs.c.id).where(self._mine() & (jobs.c.key == found.key))).first()
            if known is None:
                key = "".join(secrets.choice(LETTERS) for _ in range(ID_LENGTH))
                rows = [_row(self.institution, key, line) for line in found.lines]
                failed = sum(row["problem"] is not None for row in rows)
                connection.execute(
                    insert(jobs).values(
                        institution_id=self.institution,
                        id=key,
                        key=found.key,
                        name=name[:200],
                        state=state,
                        total=len(rows),
                        done=0,
                        failed=failed,
                        data_version="",
                        marks="{}",
                        owner="",
                        lease_until="",
                        person_id=person,
                        made_at=now_text(),
                    )
                )
                for start in range(0, len(rows), CHUNK):
                    connection.execute(insert(job_rows).values(rows[start : start + CHUNK]))
        return self.get(known.id if known is not None else key), known is None

    def get(self, job_id: str) -> Job:
        """One job.

        Raises
        ------
        UnknownJobError
        """
        if not self.database.is_there:
            raise UnknownJobError(job_id)
        with self.database.read() as connection:
            row = connection.execute(select(jobs).where(self._is(job_id.upper()))).one_or_none()
        if row is None:
            raise UnknownJobError(job_id)
        return _job(row)

    def listed(self, limit: int = 50) -> list[Job]:
        """The newest jobs."""
        if not self.database.is_there:
            return []
        with self.database.read() as connection:
            rows = connection.execute(
                select(jobs).where(self._mine()).order_by(jobs.c.made_at.desc(), jobs.c.id).limit(limit)
            ).all()
        return [_job(row) for row in rows]

    def start(self, job_id: str) -> Job:
        """Put a checked caseload in line; one that runs or is over stays as it is."""
        self._set(job_id, "queued", only="checked")
        return self.get(job_id)

    def cancel(self, job_id: str) -> Job:
        """Stop a caseload; what is answered stays."""
        for state in ("checked", "queued", "running"):
            self._set(job_id, "cancelled", only=state)
        return self.get(job_id)

    def remove(self, job_id: str) -> None:
        """Delete a caseload with all its rows.

        Raises
        ------
        UnknownJobError
        """
        self.get(job_id)
        with self.database.begin() as connection:
            rows = (job_rows.c.institution_id == self.institution) & (job_rows.c.job_id == job_id.upper())
            connection.execute(delete(job_rows).where(rows))
            connection.execute(delete(jobs).where(self._is(job_id.upper())))

    def rows(self, job_id: str) -> list[RowDone]:
        """All rows with what became of them, in the order of the file."""
        mine = (job_rows.c.institution_id == self.institution) & (job_rows.c.job_id == job_id.upper())
        with self.database.read() as connection:
            found = connection.execute(select(job_rows).where(mine).order_by(job_rows.c.number)).all()
        return [RowDone(row.number, json.loads(row.given), _loaded(row.result), _loaded(row.problem)) for row in found]

    def mark(self, job_id: str, marks: Mapping[str, str], data_version: str) -> None:
        """Say what the rules were that the answers rest on."""
        with self.database.begin() as connection:
            values = {"marks": json.dumps(dict(marks)), "data_version": data_version}
            connection.execute(update(jobs).where(self._is(job_id)).values(values))

    def _set(self, job_id: str, state: State, *, only: str) -> None:
        with self.database.begin() as connection:
            values: dict[str, Any] = {"state": state}
            if state == "cancelled":
                values["ended_at"] = now_text()
            connection.execute(update(jobs).where(self._is(job_id.upper()) & (jobs.c.state == only)).values(values))

    def _mine(self) -> Any:
        return jobs.c.institution_id == self.institution

    def _is(self, job_id: str) -> Any:
        return and_(self._mine(), jobs.c.id == job_id)


def claim(database: Database, owner: str) -> Job | None:
    """Take the oldest job that waits, or whose worker died, and hold its lease; None where there is none."""
    now = now_text()
    free = (jobs.c.state == "queued") | ((jobs.c.state == "running") & (jobs.c.lease_until < now))
    with database.begin() as connection:
        row = connection.execute(select(jobs).where(free).order_by(jobs.c.made_at, jobs.c.id).limit(1).with_for_update()).first()
        if row is None:
            return None
        own = (jobs.c.institution_id == row.institution_id) & (jobs.c.id == row.id)
        connection.execute(update(jobs).where(own).values(state="running", owner=owner, lease_until=_until()))
    return _job(row)


def pending(database: Database, job: Job, limit: int) -> list[tuple[int, str]]:
    """Rows of a job that nobody answered yet, in the order of the file."""
    mine = (job_rows.c.institution_id == job.institution) & (job_rows.c.job_id == job.id)
    open_rows = mine & job_rows.c.result.is_(None) & job_rows.c.problem.is_(None)
    with database.read() as connection:
        found = connection.execute(
            select(job_rows.c.number, job_rows.c.given).where(open_rows).order_by(job_rows.c.number).limit(limit)
        )
        return [(row.number, row.given) for row in found]


def keep(database: Database, job: Job, owner: str, answers: Sequence[Done]) -> bool:
    """Keep answers and renew the lease; False where the job was cancelled or somebody else holds it, and nothing is kept."""
    own = (jobs.c.institution_id == job.institution) & (jobs.c.id == job.id)
    with database.begin() as connection:
        row = connection.execute(select(jobs.c.state, jobs.c.owner).where(own).with_for_update()).one_or_none()
        if row is None or row.state != "running" or row.owner != owner:
            return False
        for number, result, problem in answers:
            mine = (job_rows.c.institution_id == job.institution) & (job_rows.c.job_id == job.id) & (job_rows.c.number == number)
            connection.execute(update(job_rows).where(mine).values(result=result, problem=problem))
        good = sum(result is not None for _, result, _ in answers)
        values = {"done": jobs.c.done + good, "failed": jobs.c.failed + len(answers) - good, "lease_until": _until()}
        connection.execute(update(jobs).where(own).values(values))
    return True


def end(database: Database, job: Job, owner: str) -> None:
    """Say that a job is done, if it still is ours."""
    own = (jobs.c.institution_id == job.institution) & (jobs.c.id == job.id) & (jobs.c.owner == owner) & (jobs.c.state == "running")
    with database.begin() as connection:
        connection.execute(update(jobs).where(own).values(state="done", ended_at=now_text()))


def waiting(database: Database) -> int:
    """How many jobs wait or run."""
    with database.read() as connection:
        open_jobs = select(func.count()).select_from(jobs).where(jobs.c.state.in_(["queued", "running"]))
        return int(connection.execute(open_jobs).scalar_one())


def now_text() -> str:
    """The present instant as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _until() -> str:
    return (datetime.now(UTC) + LEASE).isoformat(timespec="microseconds")


def _row(institution: str, job_id: str, line: Any) -> dict[str, Any]:
    problem = json.dumps({"column": line.column, "detail": line.problem}) if line.problem else None
    return {
        "institution_id": institution,
        "job_id": job_id,
        "number": line.number,
        "given": json.dumps(dict(line.given)),
        "result": None,
        "problem": problem,
    }


def _loaded(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _job(row: Any) -> Job:
    return Job(
        row.institution_id,
        row.id,
        row.name,
        row.state,
        row.total,
        row.done,
        row.failed,
        row.data_version,
        json.loads(row.marks),
        row.made_at,
        row.ended_at,
    )
