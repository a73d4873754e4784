"""Transcripts to records: what command line and API both call."""

from __future__ import annotations

from api.badge_schemas import TranscriptOut
from api.questions import Problems
from api.world import World
from pathways.badges.resolve import Index
from pathways.badges.transcript import Transcript, is_transcript, read_transcript
from pathways.record import LearnerRecord
from pathways.record_files import record_to_json


def transcript(world: World, name: str, data: bytes) -> TranscriptOut:
    """A transcript as a learner record and notes.

    Raises
    ------
    InputError
        If it is no transcript, or a course cannot be read; it names every problem.
    """
    problems = Problems()
    index = Index(world.catalog.credentials)
    read = Transcript(LearnerRecord())
    if not is_transcript(data):
        problems.add("/file", "This is no transcript. Expected a CSV whose header names title and credits, or PESC XML.")
    else:
        read = problems.tried("/file", lambda: read_transcript(data, name=name, index=index), read)
    problems.stop()
    return TranscriptOut(record=record_to_json(read.record), notes=list(read.notes))
