"""Writing on a terminal or into a file: wrapped lines, hanging indents, numbered sources.

Works without color: every state is a word or a mark, and color only repeats it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.text import Text

from api.console.words import clean, fact_words
from api.schemas import FactOut

WIDEST = 100
USUAL = 80
LONGEST_LEAD = 17
NARROWEST = 40


class Paper:
    """Collects a text answer of a fixed width.

    Parameters
    ----------
    stream : text stream or None
        Where the answer goes in the end; decides on width and color. None is a file: eighty columns, no color.
    """

    def __init__(self, stream: TextIO | None) -> None:
        probe = Console(file=stream or StringIO(), width=None if stream is not None else USUAL)
        self.width = min(max(probe.width, NARROWEST), WIDEST)
        self._buffer = StringIO()
        self._console = Console(
            file=self._buffer, width=self.width, highlight=False, markup=False, emoji=False,
            force_terminal=probe.is_terminal, no_color=probe.no_color, color_system="auto" if probe.is_terminal else None,
        )  # fmt: skip
        self._told: set[str] = set()
        self._sources: dict[tuple[str, str], int] = {}

    def heading(self, text: str) -> None:
        """A heading with an empty line before it, underlined so that it is one without color too."""
        self.blank()
        lines = textwrap.wrap(clean(text), self.width) or [""]
        for words in lines:
            self._raw(words, "bold")
        self._raw("-" * max(len(words) for words in lines), "")

    def blank(self) -> None:
        """One empty line, never two."""
        if self._buffer.getvalue() and not self._buffer.getvalue().endswith("\n\n"):
            self._raw("", "")

    def line(self, text: str, *, indent: int = 0, lead: str = "", style: str = "", lead_style: str = "") -> None:
        """One paragraph, wrapped.

        Parameters
        ----------
        indent : int
            Columns before the text.
        lead : str
            A mark or label before the first line; the lines after it hang under the text, or near the margin where it is long.
        """
        first, rest = " " * indent + lead, " " * (indent + (len(lead) if len(lead) <= LONGEST_LEAD else 4))
        wrapped = textwrap.wrap(
            clean(text), self.width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
        )
        for count, words in enumerate(wrapped or [first.rstrip()]):
            shown = Text(words, style=style)
            if count == 0 and lead_style:
                shown.stylize(lead_style, indent, indent + len(lead))
            self._print(shown)

    def ends(self, lead: str, left: str, right: str, *, style: str = "") -> None:
        """Two texts at both ends of a line; the right one goes below where they do not fit beside each other."""
        words = clean(left)
        gap = self.width - len(lead) - len(words) - len(right)
        if gap >= 2:
            self._raw(f"{lead}{words}{' ' * gap}{right}", style)
            return
        self.line(words, lead=lead, style=style)
        self._raw(" " * len(lead) + right, style)

    def exact(self, words: str) -> None:
        """One line as it is, for tables; the writer keeps within the width."""
        self._raw(words, "")

    def cite(self, facts: Iterable[FactOut]) -> str:
        """Marks of the sources of some facts, such as `` [1][4]``; empty where a fact is computed."""
        marks: list[int] = []
        for fact in facts:
            if fact.source_url is None:
                continue
            key = (fact.source_url, fact_words(fact))
            mark = self._sources.setdefault(key, len(self._sources) + 1)
            if mark not in marks:
                marks.append(mark)
        return f" {''.join(f'[{mark}]' for mark in sorted(marks))}" if marks else ""

    def first_time(self, words: str) -> bool:
        """Whether some words come up for the first time on this paper: advice is given once, not under every step."""
        new = words not in self._told
        self._told.add(words)
        return new

    def sources(self) -> None:
        """The list behind the marks: address, how surely it was read, date, whether it is a copy. Addresses are never wrapped."""
        if not self._sources:
            return
        self.heading("Sources")
        wide = len(str(len(self._sources))) + 3
        for (url, words), mark in self._sources.items():
            self._raw(f"{f'[{mark}]':<{wide}}{clean(url)}", "")
            self.line(words, indent=wide, style="dim")

    def text(self) -> str:
        """Everything written so far."""
        return self._buffer.getvalue()

    def _raw(self, words: str, style: str) -> None:
        self._print(Text(words, style=style))

    def _print(self, text: Text) -> None:
        self._console.print(text, no_wrap=True, overflow="ignore", crop=False)
