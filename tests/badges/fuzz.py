"""``python -m tests.badges.fuzz --count 100000``: damaged badge files and transcripts against every reader, and the cheap checks.

Seeds are the badges made for the tests and, where they lie beside this repository, the published samples. Whatever comes in,
nothing may raise but what a transcript's reader promises, nothing may take two seconds, and what is kept of a badge must hold the
promises of :mod:`pathways.badges.allow`. The same seed gives the same inputs.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from pathways.badges.canonical import CanonicalError
from pathways.badges.entities import Reading
from pathways.badges.read import read
from pathways.badges.resolve import Index, earned, resolve, why_not
from pathways.badges.transcript import read_transcript
from pathways.badges.verify import verify
from pathways.errors import DataError
from tests.badges.makers import assertion, badge, baked, chunk, encoded, in_svg, png, record_of, signed, svg, text_chunk, token
from tests.badges.samples import SAMPLES
from tests.badges.test_transcript import PESC, PORTAL
from tests.builders import credential

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MOST_SECONDS = 2.0
#: Longest seed: larger ones cost time and find nothing more.
MAX_SEED = 30_000
INDEX = Index({"letrs-u1": credential("letrs-u1", name="LETRS Unit 1"), "coach": credential("coach", name="Reading Coach")})
ODD: tuple[Any, ...] = (
    None, True, 0, -3, 1e308, 10**90, "", " ", "\u202e", "\ud800", "_:b0", "https ://x", "mailto:a@b.example", [], {}, [[]], [None],
    {"id": 7}, {"@value": 1}, [{"id": []}], "2025-02-30T00:00:00Z", "9999-12-31T23:59:59-23:59", "did:key:z6Mk", "a" * 3000,
    {"type": {"type": {}}}, "urn:pathways:credential:coach", ["Completed", 1],
)  # fmt: skip
BYTES = (
    b"",
    b"\0",
    b"\xff\xfe",
    b'"',
    b"{",
    b"[",
    b"]",
    b"}",
    b"<",
    b"&a;",
    b"<!DOCTYPE x>",
    b"]]>",
    b"\\ud800",
    b"1e999",
    b",,",
    b"\r\n",
    b".",
)


def seeds() -> list[bytes]:
    """What is damaged: one of each form, and the published samples."""
    document, older = badge(), assertion()
    made = [
        encoded(document), encoded([document, token(document), signed(document)]), encoded(signed(document)), encoded(older),
        token({"vc": document, "iss": "https://issuer.example/profile"}).encode(), token(document).encode(), token(older).encode(),
        encoded(record_of(document, token(document))), baked(document), baked(token(document)), svg(in_svg(document)),
        png(chunk(b"tEXt", b"a\0b"), text_chunk(encoded(older), b"openbadges")),
        svg(f'<openbadges:credential verify="{token(document)}"/>'), PORTAL, PESC.encode(),
    ]  # fmt: skip
    suffixes = {".json", ".jwt", ".png", ".svg", ".1ob"}
    found = sorted(path for path in SAMPLES.rglob("*") if path.suffix in suffixes) if SAMPLES.is_dir() else []
    return made * 10 + [data for path in found if len(data := path.read_bytes()) <= MAX_SEED]


def cut(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Leave a piece out, or only the start in."""
    start, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    return data[:start] if chance.random() < 0.3 else data[:start] + data[end:]


def flip(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Change a few bytes."""
    changed = bytearray(data or b"x")
    for _number in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def put(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Put something in, perhaps many times."""
    place = chance.randint(0, len(data))
    return data[:place] + chance.choice(BYTES) * chance.choice((1, 1, 2, 150)) + data[place:]


def mix(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Go on as another file."""
    other = chance.choice(others)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def reshape(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Put an odd value somewhere inside a document, and the document back into the form it came in."""
    text = data.strip()
    try:
        if text[:1] in b"{[" and text:
            return json.dumps(odd(json.loads(text), chance), ensure_ascii=True).encode()
        parts = text.split(b".")
        if len(parts) == 3 and len(data) < MAX_SEED:
            which = chance.choice((0, 1, 1, 1))
            inside = json.loads(base64.urlsafe_b64decode(parts[which] + b"=" * (-len(parts[which]) % 4)))
            parts[which] = base64.urlsafe_b64encode(json.dumps(odd(inside, chance)).encode()).rstrip(b"=")
            return b".".join(parts)
    except ValueError:
        return flip(data, chance, ())
    return put(data, chance, ())


def bake(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Any bytes, baked in: the chunk is sound, its text is not."""
    flags = chance.choice((b"\0\0", b"\0\0", b"\1\0", b"\1\1", b"\2\0"))
    return png(text_chunk(data[:4000], chance.choice((b"openbadges", b"openbadgecredential")), flags=flags))


Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
MUTATIONS: tuple[Mutation, ...] = (cut, flip, put, mix, bake, *[reshape] * 5)


def odd(value: Any, chance: random.Random) -> Any:
    """The value with one place changed."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        if chance.random() < 0.1:
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: odd(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        place = chance.randrange(len(value))
        return [*value[:place], odd(value[place], chance), *value[place + 1 :]]
    return chance.choice(ODD)


def uncanonized(documents: Sequence[Mapping[str, Any]], *, is_signed: bool = True) -> list[str]:
    """Canonical forms have a fuzzer of their own in their suite; here they are what costs too much."""
    raise CanonicalError("too_costly", f"{len(documents)} documents, signed: {is_signed}")


def check(data: bytes) -> str:
    """Read one input in every way; answer with the first format found.

    Raises
    ------
    AssertionError
        If something is kept that must not be.
    """
    readings = read(data, name="fuzz")
    assert readings
    for reading in readings:
        check_reading(reading)
    with suppress(DataError):  # what it promises for a file that cannot be read
        read_transcript(data, name="fuzz.csv", index=INDEX)
    return readings[0].format


def check_reading(reading: Reading) -> None:
    """The promises of a reading, and the ways from it to a record."""
    assert reading.document is not None or any(problem.blocking for problem in reading.problems)
    verdict = verify(reading, now=NOW, canonize=uncanonized)
    if reading.badge is not None:
        kept = reading.badge
        assert kept.credits_earned is None or Fraction(0) <= kept.credits_earned <= 10_000
        assert all(moment is None or moment.tzinfo is UTC for moment in (kept.issued_on, kept.expires_on))
        assert all(text is None or text == " ".join(text.split()) for text in (kept.name, kept.description, kept.issuer_name))
        found = resolve(kept, INDEX)
        assert (found.credential_id is None) or found.credential_id in INDEX.credentials
        entry = earned(kept, found, verdict)
        assert entry.id == found.credential_id or entry.id.startswith("own:badge-")
        why_not(kept, verdict)
    for member in reading.inner:
        check_reading(member)


def run(count: int, seed: int, *, tell: Callable[[str], None] = lambda words: None) -> tuple[int, Counter[str]]:
    """Check ``count`` inputs; answer with the number of failures and what was read."""
    known, chance = seeds(), random.Random(seed)
    failures, seen = 0, Counter[str]()
    for number in range(count):
        data = chance.choice(known)
        for _ in range(chance.choice((1, 1, 1, 2))):
            data = chance.choice(MUTATIONS)(data, chance, known)
        began = time.perf_counter()
        try:
            seen[check(data)] += 1
            assert time.perf_counter() - began < MOST_SECONDS, "slow"
        except Exception:
            failures += 1
            tell(f"input {number} of seed {seed}, {len(data):,} bytes:\n{data[:2000]!r}\n{traceback.format_exc()}")
        if (number + 1) % 10_000 == 0:
            tell(f"{number + 1:,} inputs, {failures} failures")
    return failures, seen


def main() -> int:
    """Run from the command line; the exit code is 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.perf_counter()
    failures, seen = run(asked.count, asked.seed, tell=lambda words: print(words, flush=True))
    formats = ", ".join(f"{name} {many:,}" for name, many in seen.most_common())
    print(f"{asked.count:,} inputs in {time.perf_counter() - began:.0f} s, {failures} failures; read as {formats}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
