"""What are these badges worth? Files in, verdicts and catalog credentials out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from api import badge_service, transcript_service
from api.answering import PROBLEMS, TOO_LARGE, json_answer
from api.badge_schemas import BadgesOut, TranscriptOut
from api.errors import InputError, InputProblem
from api.settings import Settings
from pathways.badges.read import MAX_PICTURE

router = APIRouter(prefix="/v1", tags=["badges"])

Files = Annotated[list[UploadFile], File(description="Badge files: JSON, JWT, baked PNG or SVG. At most 200.")]
Recipient = Annotated[
    str | None,
    Form(description="The learner's e-mail, to compare with the badge's hashed recipient. It is neither kept nor logged."),
    StringConstraints(min_length=3, max_length=320),
]


@router.post(
    "/badges:read",
    operation_id="read_badges",
    summary="Read, verify and resolve badge files",
    response_model=BadgesOut,
    responses=PROBLEMS | TOO_LARGE,
)
async def read_badges(request: Request, files: Files, recipient: Recipient = None) -> Response:
    """Each file with its verdict, what it is in the catalog, and the entry it would add to a record. Nothing is stored.

    A broken file is a line with problems; the others count all the same. No address in a badge is fetched, unless the server
    was told to (`PATHWAYS_FETCH`).
    """
    if len(files) > badge_service.MAX_FILES:
        detail = f"There are {len(files):,} files. Expected at most {badge_service.MAX_FILES}; send the rest in another request."
        raise InputError((InputProblem("/files", detail),))
    # One byte more than is read of any badge: the reader names a longer file as too large.
    contents = [
        ((file.filename or f"file {number}")[:200], await file.read(MAX_PICTURE + 1)) for number, file in enumerate(files, 1)
    ]
    settings: Settings = request.app.state.identity.settings
    return await json_answer(request, badge_service.read_badges, contents, recipient, settings)


@router.post(
    "/transcripts:read",
    operation_id="read_transcript",
    summary="Turn a transcript into a learner record",
    response_model=TranscriptOut,
    responses=PROBLEMS | TOO_LARGE,
)
async def read_transcript(
    request: Request, file: Annotated[UploadFile, File(description="CSV with a header, or PESC College Transcript XML.")]
) -> Response:
    """Courses as achievements of a record, self-reported. Nothing of the student is read, and nothing is stored."""
    return await json_answer(request, transcript_service.transcript, (file.filename or "transcript")[:200], await file.read())
