"""A whole caseload at once: a file in, progress as it goes, every row's answer or problem out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Path, UploadFile
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from api import job_service
from api.answering import NOT_FOUND, PROBLEMS, TOO_LARGE, compute
from api.idempotency import ONCE, IdempotencyKey, once
from api.identity.asker import Asker
from api.identity.gate import needs
from api.job_schemas import JobOut, JobResultOut, JobsOut
from api.jobs.runner import Runner
from api.jobs.store import JobStore

router = APIRouter(prefix="/v1", tags=["caseloads"])
Advisor = Annotated[Asker, Depends(needs("advisor", "administrator", what="work on caseloads"))]
JobId = Annotated[str, Path(alias="id", max_length=200, examples=["7F3K9QHD"])]
PAUSE_SECONDS = 0.5
_ALLOWED: dict[int | str, dict[str, Any]] = {401: {"description": "Not signed in"}, 403: {"description": "Not an advisor"}}
ANSWERS = PROBLEMS | _ALLOWED


def jobs_of(request: Request, who: Asker) -> JobStore:
    """The caseloads of whoever asks."""
    return JobStore(request.app.state.database, who.institution_id)


async def known_job(request: Request, job_id: JobId, who: Advisor) -> JobStore:
    """The caseloads, once it is sure that the one asked for is there: a stream that began can no longer say 404."""
    jobs = jobs_of(request, who)
    await to_thread.run_sync(jobs.get, job_id)
    return jobs


def runner_of(request: Request) -> Runner:
    """Who works on caseloads here."""
    runner: Runner = request.app.state.runner
    return runner


@router.post(
    "/jobs",
    operation_id="make_job",
    summary="Answer a whole caseload",
    status_code=202,
    response_model=JobOut,
    responses=ANSWERS | TOO_LARGE | ONCE,
)
async def make_job(request: Request, file: UploadFile, who: Advisor, key: IdempotencyKey = None) -> Response:
    """A CSV with `learner,goal,have,place,target` (`have` with `;` between ids). The same file again is the same job.

    Bad rows are kept with their problem; the others are answered.
    """
    content = await file.read()

    async def work() -> Response:
        found = job_service.read_file(content, file.filename or "caseload.csv")
        jobs = jobs_of(request, who)
        job, _ = await to_thread.run_sync(partial(jobs.add, found, file.filename or "caseload.csv", who.person_id, state="queued"))
        runner_of(request).nudge()
        body = job_service.job_body(job)
        headers = {"Location": f"/v1/jobs/{job.id}"}
        return Response(body.model_dump_json(), 202, headers, media_type="application/json")

    return await once(request, f"make_job {who.person_id}", work, key, content)


@router.get("/jobs", operation_id="list_jobs", summary="List caseloads", response_model=JobsOut, responses=ANSWERS)
async def list_jobs(request: Request, who: Advisor) -> JobsOut:
    """The newest caseloads of the institution."""
    found = await to_thread.run_sync(jobs_of(request, who).listed)
    return JobsOut(items=[job_service.job_body(job) for job in found])


@router.get(
    "/jobs/{id}", operation_id="get_job", summary="Show how far a caseload is", response_model=JobOut, responses=ANSWERS | NOT_FOUND
)
async def get_job(request: Request, job_id: JobId, who: Advisor) -> JobOut:
    """How many rows are answered, how many have a problem."""
    return job_service.job_body(await to_thread.run_sync(jobs_of(request, who).get, job_id))


@router.get(
    "/jobs/{id}/events",
    operation_id="follow_job",
    summary="Follow a caseload",
    response_class=EventSourceResponse,
    responses=ANSWERS | NOT_FOUND,
)
async def follow_job(
    job_id: JobId, jobs: Annotated[JobStore, Depends(known_job)], last_event_id: Annotated[str | None, Header()] = None
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `progress` when more rows are answered, then `end`. `Last-Event-ID` goes on from there."""
    seen = int(last_event_id) if last_event_id is not None and last_event_id.isdigit() else -1
    while True:
        job = await to_thread.run_sync(jobs.get, job_id)
        answered = job.done + job.failed
        data = {"done": answered, "total": job.total, "text": job_service.job_body(job).text}
        if job.is_over:
            yield ServerSentEvent(data=data, event="end", id=str(answered))
            return
        if answered != seen:
            seen = answered
            yield ServerSentEvent(data=data, event="progress", id=str(answered))
        await asyncio.sleep(PAUSE_SECONDS)


@router.get(
    "/jobs/{id}/result",
    operation_id="job_result",
    summary="Get the answers of a caseload",
    response_model=JobResultOut,
    responses=ANSWERS | NOT_FOUND,
)
async def job_result(
    request: Request, job_id: JobId, who: Advisor, form: Literal["json", "csv", "failed.csv", "jsonl"] = "json"
) -> Response:
    """Every row with its answer or problem, and whom to look at first; `form=failed.csv` has the failed rows, to correct."""
    found = await compute(request, job_service.result, jobs_of(request, who), job_id)
    if form in {"csv", "failed.csv"}:
        text = job_service.result_csv(found, failed_only=form == "failed.csv")
        headers = {"Content-Disposition": f'attachment; filename="caseload-{found.job.id}.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
    if form == "jsonl":
        lines = (json.dumps({"row": row.row, "result": row.model_dump(mode="json")}) for row in found.rows)
        return Response("".join(f"{line}\n" for line in lines), media_type="application/jsonl")
    return Response(found.model_dump_json(), media_type="application/json")


@router.delete(
    "/jobs/{id}", operation_id="cancel_job", summary="Cancel a caseload", response_model=JobOut, responses=ANSWERS | NOT_FOUND
)
async def cancel_job(request: Request, job_id: JobId, who: Advisor) -> JobOut:
    """Stops it; what is answered stays."""
    jobs = jobs_of(request, who)
    await to_thread.run_sync(jobs.get, job_id)
    return job_service.job_body(await to_thread.run_sync(jobs.cancel, job_id))
