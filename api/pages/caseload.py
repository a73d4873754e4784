"""``/caseload``: a CSV in, its columns checked, progress, results with whom to look at first, failed rows out to be corrected."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Annotated
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api import job_service
from api.answering import compute
from api.errors import InputError
from api.identity.asker import Asker
from api.identity.gate import needs
from api.job_schemas import JobOut, JobResultOut
from api.jobs.rows import COLUMNS
from api.jobs.store import RowDone
from api.pages.forms import go_to, posted
from api.pages.shown import render
from api.routes.jobs import jobs_of, runner_of

router = APIRouter(include_in_schema=False)
Advisor = Annotated[Asker, Depends(needs("advisor", "administrator", what="work on caseloads"))]
PREVIEW = 5


@dataclass(frozen=True, slots=True)
class UploadPage:
    """What ``caseload.html`` shows."""

    columns: tuple[str, ...]
    jobs: list[JobOut]
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class JobPage:
    """What ``caseload_job.html`` shows."""

    job: JobOut
    columns: tuple[str, ...]
    preview: list[RowDone]
    bad: list[RowDone]
    result: JobResultOut | None
    only: str


@router.get("/caseload")
async def caseload(request: Request, who: Advisor) -> Response:
    """The upload, and the caseloads there are."""
    return await _upload(request, who)


@router.post("/caseload")
async def upload(request: Request, who: Advisor) -> Response:
    """Read a file and show its columns; the same content again leads to the same caseload."""
    sent = await posted(request, max_files=1)
    files = sent.files("file")
    if not files:
        return await _upload(request, who, ["Choose a CSV file first."], 422)
    name = files[0].name or "caseload.csv"
    try:
        found = job_service.read_file(files[0].content, name)
    except InputError as error:
        return await _upload(request, who, [one.detail for one in error.problems], 422)
    jobs = jobs_of(request, who)
    job, _ = await to_thread.run_sync(partial(jobs.add, found, name, who.person_id, state="checked"))
    return go_to(request, _address(job.id))


@router.get("/caseload/{job_id}")
async def job_page(request: Request, job_id: str, who: Advisor) -> Response:
    """The column check, then progress, then results."""
    jobs = jobs_of(request, who)
    job = await to_thread.run_sync(jobs.get, job_id)
    preview: list[RowDone] = []
    bad: list[RowDone] = []
    result = None
    if job.state == "checked":
        rows = await to_thread.run_sync(jobs.rows, job_id)
        preview = [row for row in rows if row.problem is None][:PREVIEW]
        bad = [row for row in rows if row.problem is not None]
    elif job.is_over:
        result = await compute(request, job_service.result, jobs, job_id)
    only = request.query_params.get("only", "")
    page = JobPage(job_service.job_body(job), COLUMNS, preview, bad, result, only)
    return render(request, "caseload_job.html", {"page": page, "here": "caseload"})


@router.post("/caseload/{job_id}")
async def act(request: Request, job_id: str, who: Advisor) -> Response:
    """Start a checked caseload, or cancel one."""
    sent = await posted(request)
    jobs = jobs_of(request, who)
    await to_thread.run_sync(jobs.get, job_id)
    match sent.text("do"):
        case "start":
            await to_thread.run_sync(jobs.start, job_id)
            runner_of(request).nudge()
        case "remove":
            await to_thread.run_sync(jobs.remove, job_id)
            return go_to(request, "/caseload")
        case _:
            await to_thread.run_sync(jobs.cancel, job_id)
    return go_to(request, _address(job_id))


async def _upload(request: Request, who: Asker, errors: list[str] | None = None, status: int = 200) -> Response:
    found = await to_thread.run_sync(jobs_of(request, who).listed)
    page = UploadPage(COLUMNS, [job_service.job_body(job) for job in found], errors or [])
    return render(request, "caseload.html", {"page": page, "here": "caseload"}, status)


def _address(job_id: str) -> str:
    return f"/caseload/{quote(job_id, safe='')}"
