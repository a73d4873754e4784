"""An application that asks for sign-in, with two institutions and a key for each role, on a store of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.identity.asker import LOCAL_ASKER, ROLES
from api.identity.gate import Identity
from api.settings import Settings
from api.world import World

OURS, THEIRS = "state-college", "other-college"


@dataclass(frozen=True)
class Served:
    """The application, a browser-like client without cookies of its own, and the text of a key by institution and role."""

    app: FastAPI
    client: TestClient
    keys: Mapping[tuple[str, str], str]
    key_ids: Mapping[tuple[str, str], str]

    @property
    def identity(self) -> Identity:
        found: Identity = self.app.state.identity
        return found

    def ask(self, institution: str, role: str, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[institution, role]}", **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    def actions(self) -> list[tuple[str, str, str]]:
        """Actor, action and detail of every row of the audit log."""
        from sqlalchemy import select

        from api.identity.tables import audit_log

        with self.identity.database.read() as connection:
            rows = connection.execute(select(audit_log).order_by(audit_log.c.seq))
            return [(row.actor, row.action, row.detail) for row in rows]


@contextmanager
def serving(settings: Settings, world: World, **changes: Any) -> Iterator[Served]:
    """Serve with sign-in."""
    app = create_app(replace(settings, **{"sign_in": "required", **changes}), world)
    identity: Identity = app.state.identity
    keys: dict[tuple[str, str], str] = {}
    ids: dict[tuple[str, str], str] = {}
    for institution in (OURS, THEIRS):
        identity.people.add_institution(LOCAL_ASKER, institution, institution)
        for role in ROLES:
            key, shown = identity.keys.create(LOCAL_ASKER, institution, role)
            keys[institution, role], ids[institution, role] = shown.text, key.id
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False, follow_redirects=False) as client:
        yield Served(app, client, keys, ids)
    app.state.database.close()
