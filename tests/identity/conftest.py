"""Everything of identity runs on an SQLite file and on PostgreSQL, where the store's own tests do."""

from __future__ import annotations

import pytest

from api.identity.audit_log import AuditLog
from api.identity.keys import Keys
from api.identity.people import People
from api.store.database import Database
from tests.api.conftest import settings, world
from tests.store.conftest import address, database, postgres, reopened

__all__ = ["address", "database", "postgres", "reopened", "settings", "world"]

SECRET = b"a key of thirty-two bytes, no mo"


@pytest.fixture
def log() -> AuditLog:
    return AuditLog(SECRET)


@pytest.fixture
def people(database: Database, log: AuditLog) -> People:
    return People(database, log)


@pytest.fixture
def keys(database: Database, log: AuditLog) -> Keys:
    return Keys(database, log, SECRET)
