"""One file being read: its warnings and problems, and clean text.

Warnings are many in a large file (each property this project has no use for is one), so each kind is listed up to a number of
places and then counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from pathways.catalog.formats.imported import ImportProblem, ImportWarning  # noqa: A004

#: Places listed of one kind of warning about one term; the rest are counted.
MAX_PLACES = 50
#: Problems listed; a file with more is broken throughout.
MAX_PROBLEMS = 100

#: Direction marks, zero-width spaces and joiners, byte order mark, other controls. Joiners (U+200C, U+200D) belong to some scripts.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_LOOK_ALIKE = ("LATIN", "CYRILLIC", "GREEK")


class Reading:
    """What is said about one file while it is read.

    Parameters
    ----------
    file : str
        Name of the file, for messages and sources.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[ImportProblem] = []
        self._warnings: list[ImportWarning] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def warn(self, code: str, place: str, text: str, *, about: str = "") -> None:
        """Add a warning; ``about`` is what it is counted under when there are many."""
        key = (code, about or text)
        self._counts[key] += 1
        if self._counts[key] <= MAX_PLACES:
            self._warnings.append(ImportWarning(code, place, text))

    def reject(self, code: str, place: str, text: str) -> None:
        """Add a reason why the file is not taken over."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(ImportProblem(code, place, text))

    def warnings(self) -> tuple[ImportWarning, ...]:
        """All warnings, in the order of reading, then what was only counted."""
        more = (
            ImportWarning(code, "$", f"{about}: {count - MAX_PLACES:,} more places")
            for (code, about), count in self._counts.items()
            if count > MAX_PLACES
        )
        return (*self._warnings, *more)

    def clean(self, text: str, place: str) -> str:
        """Normalize a text to NFC on one line; what cannot be seen is taken out or flagged, letters that look alike are flagged."""
        found = unicodedata.normalize("NFC", text)
        if hidden := _HIDDEN.findall(found):
            self.warn("invisible-characters", place, f"invisible characters taken out: {_codes(hidden)}")
            found = _HIDDEN.sub("", found)
        if joiners := _JOINERS.findall(found):
            self.warn("invisible-characters", place, f"invisible characters kept: {_codes(joiners)}")
        found = " ".join(found.split())
        if word := _mixed_word(found):
            self.warn("mixed-scripts", place, f'letters of several alphabets in one word: "{word[:60]}"')
        return found


def _codes(characters: list[str]) -> str:
    return ", ".join(sorted({f"U+{ord(one):04X}" for one in characters}))


def _mixed_word(text: str) -> str | None:
    if text.isascii():
        return None
    for word in text.split():
        if not word.isascii():
            scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
            if len(scripts.intersection(_LOOK_ALIKE)) > 1:
                return word
    return None
