"""Matches whose badge reads otherwise in the catalog of now are open again: looked for once for each state of the catalog.

Leaves out courses: an import of courses opens what rests on them by itself.
"""

from __future__ import annotations

from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select

from api.identity.asker import Asker
from api.identity.audit_log import AuditLog
from api.review.bodies import badge_text, text_keys
from api.review.desk import Desk
from api.review.matches import SYSTEM
from api.review.tables import matches
from api.store.database import Database
from api.world import World

MOST_STATES = 32
"""States of the catalog remembered for each institution: an answer that began under an older one changes nothing back."""
_LOCK = Lock()
_LOOKED: WeakKeyDictionary[Database, dict[str, list[str]]] = WeakKeyDictionary()


def freshen(desk: Desk) -> None:
    """As :func:`refresh`, unless this process has looked under this state of the catalog already."""
    version = desk.world.catalog.version
    with _LOCK:
        looked = _LOOKED.setdefault(desk.database, {}).setdefault(desk.asker.institution_id, [])
        if version in looked:
            return
    refresh(desk)
    with _LOCK:
        looked.append(version)
        del looked[:-MOST_STATES]


def refresh(desk: Desk) -> list[str]:
    """Open again every match whose badge has another text in the catalog of now; their ids.

    One whose course a local rule names stays as it is until the rule is dropped.
    """
    with desk.database.read() as connection:
        if not changed_badges(desk, connection):
            return []
    courses = {one.id: one for one in desk.courses.all()}
    with desk.database.begin() as connection:
        changed, effect, held = changed_badges(desk, connection), desk.agreements(courses).follow, list[str]()
        reopened = desk.matches.reopen(connection, changed, effect, held)
        if reopened:
            desk.log.append(connection, desk.asker, "matches.reopened", "", {"reopened": len(reopened)})
    return reopened


def refresh_all(world: World, database: Database, log: AuditLog) -> list[str]:
    """As :func:`refresh`, for every institution that has matches: for whoever has just changed the catalog."""
    if not database.is_there:
        return []
    with database.read() as connection:
        names = connection.execute(select(matches.c.institution_id).distinct()).scalars().all()
    return [one for name in sorted(names) for one in refresh(Desk(world, database, Asker(SYSTEM, name, frozenset(), "local"), log))]


def changed_badges(desk: Desk, connection: Connection) -> dict[str, str | None]:
    """Badges of matches whose text in the catalog is another than it was, with what it is now."""
    known, now = desk.world.catalog.credentials, dict[str, str]()
    found: dict[str, str | None] = {}
    for texts in desk.matches.texts(connection):
        for key, before in texts.items():
            side, _, name = key.partition(":")
            if side != "badge" or name not in known:
                continue
            if key not in now:
                now.update(text_keys([badge_text(known[name])], ()))
            if now[key] != before:
                found[key] = now[key]
    return found
