"""What a problem leaves out or assumes, said only where it concerns what a reader sees: the items of a plan, or of a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pathways.planning.problem import Remark

#: More names than this in one sentence help nobody.
MOST_NAMES = 3


def told(remarks: Sequence[Remark], items: Collection[str] | None = None) -> tuple[str, ...]:
    """Remarks in sentences, one for all the items that a remark concerns.

    Parameters
    ----------
    remarks : sequence of Remark
    items : collection of str, optional
        Ids of the items a reader sees; remarks about others are left out. None tells all.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> some = Remark("{names} weighs nothing", "{count} items weigh nothing: {names}", (("a", "A"), ("b", "B")))
    >>> told([some]), told([some], {"b"}), told([some], {"c"})
    (('2 items weigh nothing: A; B',), ('B weighs nothing',), ())
    """
    found = []
    for remark in remarks:
        names = list(dict.fromkeys(name for item, name in remark.about if items is None or item in items))
        if names:
            words = remark.one if len(names) == 1 else remark.many
            found.append(words.replace("{count}", str(len(names))).replace("{names}", listed(names)))
    return tuple(found)


def listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Names in a sentence, each whole (names have commas of their own); a long list says how many it leaves out.

    Examples
    --------
    >>> listed(["Art, early", "Music"], 3), listed(["a", "b", "c", "d"], 2)
    ('Art, early; Music', 'a; b and 2 more')
    """
    shown = "; ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
