"""Nested conditions without recursion: a reader gives the inner conditions it needs read, and is handed their rules."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias

from pathways.requirements.rules import Requirement

#: A reader of one condition: yields readers of inner ones, receives their rules, returns its own (None where it asks nothing).
Steps: TypeAlias = Generator["Steps", Requirement | None, Requirement | None]


def run(first: Steps) -> Requirement | None:
    """Run a reader and all it asks for, at any depth."""
    stack: list[Steps] = [first]
    result: Requirement | None = None
    while stack:
        try:
            inner = stack[-1].send(result)
        except StopIteration as end:
            stack.pop()
            result = end.value
        else:
            stack.append(inner)
            result = None
    return result
