"""Files made to exhaust the reader: each is refused, and memory grows by less than 64 MiB. Measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pathways.badges.read import MAX_ARRAY, MAX_DOCUMENT
from tests.badges.makers import header, png, record_of, svg, text_chunk, token

ROOT = Path(__file__).resolve().parents[2]
MOST_MEBIBYTES = 64
#: The peak of this process alone: what ``getrusage`` says starts with the peak of the process that started it.
PROBE = """
import sys
from pathlib import Path
from pathways.badges.read import read
def memory(line):
    status = dict(entry.split(":", 1) for entry in Path("/proc/self/status").read_text().splitlines())
    return int(status[line].split()[0]) / 1024
read(b"{}", name="warm")
data = Path(sys.argv[1]).read_bytes()
Path("/proc/self/clear_refs").write_text("5")
before = memory("VmRSS")
READ
print(memory("VmHWM") - before, *(codes[:1] or ["none"]))
"""
READING = """
readings = read(data, name="bomb")
codes = [problem.code for reading in readings for problem in reading.problems]
"""
WASTING = """
codes = [len(b"x" * (100 * 1024 * 1024))]
"""


def measured(path: Path, what: str) -> tuple[float, str]:
    """Mebibytes by which memory grew at most, and what was printed."""
    command = [sys.executable, "-c", PROBE.replace("READ\n", what), str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=20)
    grown, found = done.stdout.split()
    return float(grown), found


def gigabyte_in_a_picture() -> bytes:
    """Sixteen megabytes packed once, and the packed block, which stands by itself, 64 times."""
    packer = zlib.compressobj(9)
    block = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = zlib.compressobj(9, wbits=-15)
    rest = again.compress(bytes(1 << 24)) + again.flush(zlib.Z_FULL_FLUSH)
    return png(text_chunk(block + rest * 63, flags=b"\1\0"))


def filled(one: bytes, most: int) -> bytes:
    """A list of as many of one value as a file may be long."""
    return b"[" + b",".join([one] * ((most - 2) // (len(one) + 1))) + b"]"


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a gigabyte packed into a picture": (gigabyte_in_a_picture, "too_large"),
    "60,000 by 60,000 pixels": (lambda: png(first=header(60_000, 60_000)), "nothing_baked"),
    "lists 500,000 deep": (lambda: b"[" * 500_000 + b"]" * 500_000, "too_deep"),
    "objects 20,000 deep": (lambda: b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "too_deep"),
    "a number of 200,000 digits": (lambda: b'{"a":' + b"9" * 200_000 + b"}", "number"),
    "empty lists": (lambda: filled(b"[]", MAX_ARRAY), "too_many"),
    "small objects": (lambda: filled(b'{"a":0}', MAX_ARRAY), "too_many"),
    "a member of small objects": (lambda: b'{"a":' + filled(b'{"a":0}', MAX_DOCUMENT - 6) + b"}", "unknown_document"),
    "50 MB of spaces": (lambda: b"{" + b" " * 50_000_000 + b"}", "too_large"),
    "a drawing of elements without end": (lambda: svg("<g>" * 1_000_000), "too_deep"),
    "a drawing of many names": (lambda: svg("".join(f"<a{n}/>" for n in range(300_000))), "broken_svg"),
    "a drawing of many spaces of names": (lambda: svg("".join(f'<g xmlns:n{n}="u"/>' for n in range(150_000))), "nothing_baked"),
    "a drawing of one element's attributes": (lambda: svg(f"<g {' '.join(f'a{n}=1' for n in range(300_000))}/>"), "broken_svg"),
    "a drawing of many attributes": (lambda: svg("".join(f'<g a{n}="1"/>' for n in range(200_000))), "broken_svg"),
    "a drawing of one long attribute": (lambda: svg(f'<openbadges:credential verify="{"x" * 4_000_000}"/>'), "too_large"),
    "billion laughs": (lambda: svg("&b;", before='<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'), "forbidden_xml"),
    "a token of empty lists": (lambda: token({"a": [[]] * 40_000}).encode(), "unknown_document"),
    "a learner record of 20,000 numbers": (lambda: str(record_of(*range(20_000))).replace("'", '"').encode(), "too_many"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_memory_stays(name: str, tmp_path: Path) -> None:
    make, code = BOMBS[name]
    path = tmp_path / "bomb"
    path.write_bytes(make())
    grown, found = measured(path, READING)
    assert found == code
    assert grown < MOST_MEBIBYTES


def test_the_measure_sees_memory_that_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "nothing"
    path.write_bytes(b"")
    assert measured(path, WASTING)[0] > 90
