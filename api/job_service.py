"""Caseloads as the API, the pages and the command line answer them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from api.errors import InputError, InputProblem
from api.job_schemas import JobOut, JobResultOut, NamedOut, RowOut, Triage
from api.jobs.marks import changed
from api.jobs.rows import COLUMNS, Caseload, read_caseload
from api.jobs.store import Job, JobStore, RowDone
from api.world import World
from pathways.draw.export import defused
from pathways.errors import DataError, DataProblem
from pathways.text_files import read_text

RESULT_COLUMNS = (
    "row", *COLUMNS, "next_1", "next_2", "next_3", "steps_left", "near", "dates", "triage", "problem_column", "problem",
)  # fmt: skip


def read_file(content: bytes, name: str) -> Caseload:
    """A caseload from the bytes of a file.

    Raises
    ------
    InputError
        If the whole file cannot be used; single bad rows are kept with their problem.
    """
    problems: list[DataProblem] = []
    text = read_text(Path(name), problems, data=content)
    try:
        if text is None:
            raise DataError(tuple(problems))
        return read_caseload(text, Path(name).name)
    except DataError as error:
        raise InputError(tuple(InputProblem("/file", str(one)) for one in error.problems)) from error


def job_body(job: Job) -> JobOut:
    """One job as people read it."""
    left = job.total - job.done - job.failed
    words = {
        "checked": "Its columns were checked; it waits to be started.",
        "queued": "It waits for its turn.",
        "running": f"{job.done + job.failed:,} of {job.total:,} rows answered.",
        "done": f"{job.done:,} of {job.total:,} rows answered, {job.failed:,} have a problem.",
        "cancelled": f"Cancelled with {left:,} rows not answered.",
    }
    return JobOut(
        id=job.id,
        name=job.name,
        state=job.state,
        total=job.total,
        done=job.done,
        failed=job.failed,
        data_version=job.data_version,
        made_at=job.made_at,
        ended_at=job.ended_at,
        text=words[job.state],
    )


def result(world: World, jobs: JobStore, job_id: str) -> JobResultOut:
    """All rows of a caseload; those whose rules changed since are named.

    Raises
    ------
    UnknownJobError
    """
    job = jobs.get(job_id)
    others = frozenset(changed(job.marks, world.catalog)) if job.marks else frozenset[str]()
    rows = [_row(row, others) for row in jobs.rows(job_id)]

    def learners(kind: Triage) -> list[str]:
        return [row.learner for row in rows if kind in row.triage]

    return JobResultOut(
        job=job_body(job), rows=rows, one_step=learners("one_step"), deadline=learners("deadline"), changed=learners("changed")
    )


def result_csv(found: JobResultOut, *, failed_only: bool = False) -> str:
    """The rows as a table; only the failed ones in the columns of the file they came in, ready to be corrected and sent again."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    if failed_only:
        out.writerow((*COLUMNS, "problem_column", "problem"))
        for row in found.rows:
            if row.problem is not None:
                cells = (row.learner, row.goal, ";".join(row.have), row.place, row.target, row.problem_column or "", row.problem)
                out.writerow(map(defused, cells))
        return written.getvalue()
    out.writerow(RESULT_COLUMNS)
    for row in found.rows:
        steps = [step.name for step in row.steps] + ["", "", ""]
        left = "; ".join(f"{one.name}: {one.remaining}" for one in row.targets if one.remaining is not None)
        near = "; ".join(f"{one.name}: {one.remaining}" for one in row.near)
        asked = [str(row.row), row.learner, row.goal, ";".join(row.have), row.place, row.target]
        told = [left, near, " ".join(row.dates), " ".join(row.triage), row.problem_column or "", row.problem or ""]
        out.writerow(map(defused, [*asked, *steps[:3], *told]))
    return written.getvalue()


def _row(row: RowDone, others: frozenset[str]) -> RowOut:
    given = row.given
    body = RowOut(
        row=row.number,
        learner=given.get("learner", ""),
        goal=given.get("goal", ""),
        have=[part.strip() for part in given.get("have", "").split(";") if part.strip()],
        place=given.get("place", ""),
        target=given.get("target", ""),
    )
    if row.problem is not None:
        return body.model_copy(update={"problem_column": row.problem["column"], "problem": row.problem["detail"]})
    if row.result is None:
        return body
    found = row.result
    hit = sorted(others & {*found["touched"], *body.have})
    near = [NamedOut(id=one["id"], name=one["name"], remaining=one["remaining"]) for one in found["near"]]
    targets = [NamedOut(id=one["id"], name=one["name"], remaining=one["remaining"]) for one in found["targets"]]
    triage: list[Triage] = []
    if any(one.remaining == 1 for one in (*near, *targets)):
        triage.append("one_step")
    if found["dates"]:
        triage.append("deadline")
    if hit:
        triage.append("changed")
    return body.model_copy(
        update={
            "steps": [NamedOut(id=one["id"], name=one["name"], fit=one["fit"]) for one in found["steps"]],
            "targets": targets,
            "near": near,
            "dates": found["dates"],
            "dead_ends": found["dead_ends"],
            "message": found["message"],
            "changed": hit,
            "triage": triage,
        }
    )
