"""Review runs on an SQLite file and on PostgreSQL, at the desk of an evaluator with a small catalog and three courses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.identity.asker import Asker
from api.identity.audit_log import AuditLog
from api.review_service import Desk, import_courses
from api.settings import Settings
from api.store.database import database_of
from api.world import world_of
from pathways.requirements.parse import parse
from tests.builders import TODAY, catalog, credential, row
from tests.review.makers import evaluator
from tests.store.conftest import address, database, postgres, reopened

__all__ = ["address", "database", "postgres", "reopened"]

SECRET = b"a key of thirty-two bytes, no mo"
COURSES = (
    "id,institution,title,description,credits,outcomes\n"
    "EDU-101,Ohio State,Teaching Reading,How children learn to read,3,phonics;fluency\n"
    "EDU-102,Ohio State,Assessment,Reading assessment,3,\n"
    "EDU-103,Ohio State,Practicum,,2,\n"
)
Open = Callable[..., Desk]


@pytest.fixture
def settings(tmp_path: Path, warm_home: Path, address: Path | str) -> Iterator[Settings]:
    where = None if isinstance(address, Path) else address
    found = Settings(home=warm_home, data=tmp_path / "store", today=TODAY, database=where)
    yield found
    database_of(found).close()


@pytest.fixture
def open_desk(settings: Settings) -> Open:
    """The desk of a person; the world is the one of now."""
    database = database_of(settings)
    rows = (row("degree", parse("all(ohio-state-edu-101, thesis)")),)
    world = world_of(
        catalog(
            credential("degree", issuer="Ohio State", type="degree"),
            credential("thesis", issuer="Ohio State"),
            credential("ohio-state-edu-101", issuer="Ohio State", type="course"),
            credential("badge-a"),
            credential("badge-b"),
            rows=rows,
        ),
        settings,
    )

    def opened(who: Asker | None = None) -> Desk:
        return Desk(world.current(), database, who or evaluator("ann"), AuditLog(SECRET))

    return opened


@pytest.fixture
def desk(open_desk: Open) -> Desk:
    found = open_desk()
    import_courses(found, COURSES, "courses.csv")
    return found
