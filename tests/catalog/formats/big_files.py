"""Large files of the registry's two shapes, written piece by piece, and a reader in a process of its own."""

from __future__ import annotations

import json
import resource as limits
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pathways.catalog.formats.read import read_file
from tests.catalog.formats.graphs import CONTEXT, credit_value, profile, resource, uri

_PROSE = "What the holder of this has learned, in the words of those who award it. " * 4


def _nodes(number: int) -> Iterator[dict[str, Any]]:
    course = number * 2 + 1
    yield resource(
        course, "Course", creditValue=[credit_value(3)], description={"en-US": _PROSE}, keyword=["a", "b"], ownedBy=["_:o"]
    )
    asked = [profile(targetLearningOpportunity=[uri(course)], condition={"en-US": ["Ask the registrar"]})]
    yield resource(course + 1, "Certificate", requires=asked, description={"en-US": _PROSE}, image="https://example.org/i.png")


def write_big(path: Path, size: int, *, envelopes: bool) -> int:
    """Write a file of at least so many bytes; as a list of envelopes, or as one graph. Returns the number of credentials."""
    written, number = 0, 0
    with path.open("w", encoding="utf-8") as file:
        written += file.write("[\n" if envelopes else f'{{"@context": "{CONTEXT}", "@graph": [\n')
        while written < size:
            nodes = list(_nodes(number))
            pieces = [{"@context": CONTEXT, "@id": f"urn:g:{number}", "@graph": nodes}] if envelopes else nodes
            text = ",\n".join(json.dumps(one) for one in pieces)
            written += file.write(f"{',' if number else ''}{text}\n")
            number += 1
        file.write("]" if envelopes else "]}")
    return 2 * number


def peak_mib() -> float:
    """Most memory this program ever held; what getrusage says includes the process that started it."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Read the file named on the command line; print what it took: seconds, peak memory in MiB, counts, progress calls."""
    path, calls = Path(sys.argv[1]), []
    began = time.perf_counter()
    imported = read_file(path, progress=lambda done, whole: calls.append((done, whole)))
    peak = peak_mib()
    assert calls == sorted(calls)
    assert calls[-1] == (2 * path.stat().st_size,) * 2
    found = {
        "seconds": round(time.perf_counter() - began, 1), "peak_mib": round(peak), "credentials": len(imported.credentials),
        "requirements": len(imported.requirements), "warnings": len(imported.warnings), "progress_calls": len(calls),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
