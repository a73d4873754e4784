"""Changes of the tables, oldest first: what brings a store of any former version to the present one.

To add one, put ``versions/NNNN_area.py`` beside the others with ``upgrade()`` and
``revision, down_revision = place_of(__file__)``: the order is that of the file names, so that two people can each add a file. A
migration writes its tables out instead of importing them, since it must do the same in ten years; it never changes once released.
"""

from __future__ import annotations

from pathlib import Path


def place_of(file: str) -> tuple[str, str | None]:
    """The version a migration file makes, and the one it starts from: those of its name and of the name before.

    Examples
    --------
    >>> from api.store.location import known
    >>> place_of(f"{known()[0]}.py")
    ('0001_plans', None)
    """
    from api.store.location import known

    names = known()
    at = names.index(Path(file).stem)
    return names[at], names[at - 1] if at else None
