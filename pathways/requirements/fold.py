"""Bottom-up and without recursion: a result for each node of a tree from the results of its children."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pathways.requirements.rules import Node, children_of

T = TypeVar("T")


def fold(node: Node, combine: Callable[[Node, tuple[T, ...]], T], *, inside: Callable[[Node], bool] | None = None) -> T:
    """Combine a tree from its leaves up.

    Parameters
    ----------
    node : Node
        The root.
    combine : callable
        Takes a node and the results of its children in order.
    inside : callable, optional
        Where it says False, a node's children are not visited (``combine`` gets none and looks at them itself).

    Returns
    -------
    T
        The result of the root. The stack is explicit, so a tree of any depth is folded.
    """
    order: list[tuple[Node, int]] = []
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        children = children_of(current) if inside is None or inside(current) else ()
        order.append((current, len(children)))
        stack.extend(children)
    results: list[T] = []
    # `order` is root first and right to left, so walking it backward ends every child, left to right, before its parent.
    for current, count in reversed(order):
        mine = tuple(results[len(results) - count :])
        del results[len(results) - count :]
        results.append(combine(current, mine))
    return results[0]
