"""The published catalog with what is kept on it, and the one way to change that.

A change is checked first and kept whole; where others were faster, it is checked again. Leaves out what a change is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from api.overlay_schemas import ChangeOut
from api.store.errors import StaleOverlayError
from api.store.overlays import OverlayStore
from pathways.catalog.difference import Change
from pathways.catalog.entities import Catalog
from pathways.catalog.overlay import NOTHING, Overlay, apply
from pathways.places import ANYWHERE, Place

MOST_TRIES = 20
"""Changes of others that one change waits out; each costs one check."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The published catalog, what is kept on it, and the day.

    Parameters
    ----------
    catalog : Catalog
        Without anything on it.
    store : OverlayStore
    today : date
    """

    catalog: Catalog
    store: OverlayStore
    today: date

    def state(self) -> tuple[int, Overlay]:
        """What lies on the catalog now, and its version; asking makes no file."""
        return self.store.load() if self.store.database.is_there else (0, NOTHING)

    def catalog_with(self, overlay: Overlay, here: Place = ANYWHERE) -> Catalog:
        """The catalog with something on it."""
        return apply(self.catalog, overlay, on=self.today, here=here)


def changed(
    shelf: Shelf, change: Callable[[Overlay], Overlay], keep: Callable[[int], object], here: Place = ANYWHERE
) -> tuple[Catalog, Catalog]:
    """Check a change, keep it, and give the catalogs before and after.

    Parameters
    ----------
    shelf : Shelf
    change : callable
        The overlay as it would be.
    keep : callable
        Keeps the change, if the overlay still is at the version given.
    here : Place
        Whose catalogs to give.

    Raises
    ------
    DataError
        If what would come out does not load; nothing is kept.
    StaleOverlayError
        If others change it again and again.
    """
    for _ in range(MOST_TRIES):
        seen, overlay = shelf.state()
        before, after = shelf.catalog_with(overlay, here), shelf.catalog_with(change(overlay), here)
        with suppress(StaleOverlayError):
            keep(seen)
            return before, after
    raise StaleOverlayError(seen, shelf.store.version())


def change_bodies(changes: tuple[Change, ...]) -> list[ChangeOut]:
    """Differences as answers show them."""
    return [
        ChangeOut(thing=item.thing, id=item.id, part=item.part, how=item.how, before=item.before, after=item.after)
        for item in changes
    ]
