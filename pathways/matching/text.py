"""Words, numbers, course codes and spelled-out abbreviations of a title: what two texts are compared by besides their meaning.

Leaves out vectors and weights. Facts about what a code stands for are in ``trained/credential_codes.csv``.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

CODES_FILE: Final = Path(__file__).parent / "trained" / "credential_codes.csv"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_STOP: Final = _set("a an the of to and in for with on at or by")
_BEGINNING: Final = _set("introduction introductory intro beginning basic fundamentals principles elementary")
_LEVELS: Final = dict.fromkeys(_BEGINNING, 0) | {"intermediate": 1, "advanced": 2}
_TERM: Final = re.compile(r"[a-z0-9+#]+")
_CODE: Final = re.compile(r"\b([A-Za-z]{1,8})[\s-]?0*(\d{1,4})([A-Za-z]{0,2})\b")
_NUMBER: Final = re.compile(r"(?<![\w.])0*(\d{1,4}[A-Za-z]?)(?![\w.])")
#: Function words that are frequent in one language and rare in the others.
_FUNCTION_WORDS: Final = {
    "en": _set("the and of to in for with is are this that students will on by as an or from"),
    "es": _set("el la los las de del y en para con una los por que se estudiantes curso"),
    "fr": _set("le la les des du et en pour avec une dans sur est cours aux par que"),
    "de": _set("der die das und mit von zu den im ist eine ein für auf werden"),
}


def terms(text: str) -> list[str]:
    """Lower-case words and numbers; Roman numerals up to six become digits, so "Physics II" and "Physics 2" agree.

    Examples
    --------
    >>> terms("Physics II (Lab)")
    ['physics', '2', 'lab']
    """
    return [_ROMAN.get(word, word) for word in _TERM.findall(text.casefold())]


def content(text: str) -> list[str]:
    """Terms without the words that carry no subject."""
    return [word for word in terms(text) if word not in _STOP]


def terms_and_pairs(text: str) -> list[str]:
    """Terms, and neighbors as pairs."""
    found = terms(text)
    return found + [f"{first} {second}" for first, second in pairwise(found)]


def character_grams(text: str) -> list[str]:
    """Runs of three to five characters within each word, spaces at its ends included: what misspelled words still share."""
    grams = []
    for word in text.casefold().split():
        padded = f" {word} "
        for size in (3, 4, 5):
            if len(padded) <= size:
                grams.append(padded)
                break
            grams += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return grams


def step_numbers(text: str) -> frozenset[str]:
    """Small numbers that tell the parts of a series apart: "Spanish 1", "Calculus III"."""
    return frozenset(word for word in terms(text) if word.isdigit() and len(word) <= 2)


def level_word(text: str) -> int:
    """Level that a title names: 0 beginning, 1 intermediate, 2 advanced; -1 where it names none."""
    return next((_LEVELS[word] for word in terms(text) if word in _LEVELS), -1)


def is_laboratory(text: str) -> bool:
    """Whether a title names a laboratory."""
    return re.search(r"\blab", text.casefold()) is not None


@dataclass(frozen=True, slots=True)
class Code:
    """A subject and a number, such as AUTO 202L: ``subject`` in lower case, ``number`` without its letters."""

    subject: str
    number: int
    suffix: str = ""


def codes_in(text: str) -> tuple[Code, ...]:
    """Everything in a title that has the form of a course or series number.

    Examples
    --------
    >>> codes_in("Carpenters Apprenticeship — CARP 006")
    (Code(subject='carp', number=6, suffix=''),)
    """
    return tuple(Code(subject.casefold(), int(number), suffix.upper()) for subject, number, suffix in _CODE.findall(text))


def course_code(text: str) -> Code | None:
    """Read the code of a course: its letters, then its first number. None where it has no number.

    Examples
    --------
    >>> course_code("ADM JUS 49"), course_code("B30")
    (Code(subject='adm jus', number=49, suffix=''), Code(subject='b', number=30, suffix=''))
    """
    found = re.search(r"0*(\d{1,5})([A-Za-z]{0,3})\b", text)
    if found is None:
        return None
    subject = " ".join(re.findall(r"[a-z]+", text[: found.start()].casefold()))
    return Code(subject, int(found.group(1)), found.group(2).upper())


def named_numbers(text: str) -> frozenset[str]:
    """Numbers of two or more characters that stand alone in a title, and may be a course number."""
    return frozenset(number.upper() for number in _NUMBER.findall(text) if len(number) >= 2)


def spelled_out(title: str, issuer: str = "") -> str:
    """A title followed by what its codes stand for, so that "ASE A5" shares words with "Automotive Brakes".

    Examples
    --------
    >>> spelled_out("ASE A5")
    'ASE A5 (brakes)'
    """
    both = f"{title} {issuer}"
    added = [words for needs, code, words in _codes() if code.search(both) and (needs is None or needs.search(both))]
    return f"{title} ({'; '.join(dict.fromkeys(added))})" if added else title


def is_english(text: str) -> bool:
    """Whether a text may be English: mostly Latin letters, and no other language's function words in front.

    Short texts pass: a title of a few words cannot be told.
    """
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(letter < "\u0250" for letter in letters) < 0.7 * len(letters):
        return False
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if len(words) < 8:
        return True
    shares = {name: sum(word in known for word in words) for name, known in _FUNCTION_WORDS.items()}
    return shares["en"] >= max(shares.values()) or max(shares.values()) < 0.1 * len(words)


@cache
def _codes() -> tuple[tuple[re.Pattern[str] | None, re.Pattern[str], str], ...]:
    with CODES_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (
                re.compile(rf"\b{re.escape(row['needs'])}\b") if row["needs"] else None,
                re.compile(rf"(?<![A-Za-z0-9.]){re.escape(row['code'])}(?![A-Za-z0-9])"),
                row["words"],
            )
            for row in csv.DictReader(file)
        )
