"""What is still needed, read off an audit: the nearest nodes that are not met, alternatives kept together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pathways.credential import Source
from pathways.recommendation.answer import Missing
from pathways.requirements.describe import describe
from pathways.requirements.rules import AllOf, Held, Manual, OpenAll
from pathways.requirements.verdicts import Audit, AuditNode, Truth

#: A list longer than this is cut, with a line that says how much was left out.
SHOWN = 8


def missing_of(audit: Audit | None, name_of: Callable[[str], str], source: Source | None) -> tuple[Missing, ...]:
    """Nodes of an audit that keep it from being met.

    Parameters
    ----------
    audit : Audit or None
        None has nothing missing.
    name_of : callable
        Credential id to the name a reader knows.
    source : Source or None
        Where the requirement was read.

    Returns
    -------
    tuple of Missing
        In the order of the list, at most :data:`SHOWN` and a line for the rest. Every child of a "choose from" list is one entry.
    """
    if audit is None or audit.truth is Truth.MET:
        return ()
    found = [_entry(node, name_of, source) for node in _open_nodes(audit.root)]
    if len(found) <= SHOWN:
        return tuple(found)
    rest = len(found) - SHOWN
    return (*found[:SHOWN], Missing(f"and {rest} more", None, "unmet", source))


def _open_nodes(node: AuditNode) -> Iterator[AuditNode]:
    stack = [node]
    while stack:
        current = stack.pop(0)
        if current.truth is Truth.MET:
            continue
        if isinstance(current.rule, AllOf | OpenAll) and current.children:
            below = [child for child in current.children if child.truth is not Truth.MET]
            if below:
                stack = [*below, *stack]
                continue
        yield current


def _entry(node: AuditNode, name_of: Callable[[str], str], source: Source | None) -> Missing:
    truth = "unmet" if node.truth is Truth.UNMET else "unknown"
    only_id = node.rule.id if isinstance(node.rule, Held) else None
    if isinstance(node.rule, Manual):
        return Missing(node.rule.text, None, "unknown", source)
    text = describe(node.rule, name_of)
    if node.need > 1 and node.have > 0:
        text = f"{text} (so far {node.have} of {node.need})"
    if node.truth is Truth.UNKNOWN and node.notes:
        text = f"{text}. {' '.join(node.notes)}"
    return Missing(text, only_id, truth, source)  # type: ignore[arg-type]
