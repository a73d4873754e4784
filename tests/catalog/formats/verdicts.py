"""Verdicts of the published samples: one table, checked against the samples' own manifests line by line.

``python -m tests.catalog.formats.verdicts`` prints agreement for each suite; ``--write`` writes the table again.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pathways.catalog.formats.imported import ImportRejectedError
from pathways.catalog.formats.read import read_file
from pathways.requirements.render import render

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "standards"
TABLE = Path(__file__).with_name("verdicts.csv")
SUITES = ("ctdl", "case", "rsd", "made/ctdl", "made/case", "made/rsd")
_PROSE = re.compile(r'manual\("((?:[^"\\]|\\.){61,})"\)')
COLUMNS = ("file", "outcome", "credentials", "agreements", "competencies", "warnings", "requirements", "problems")


@dataclass(frozen=True, slots=True)
class Line:
    """What one sample must give. Lists are written ``code x count`` and ``id = text``, parted by `` | ``."""

    file: str
    outcome: str
    credentials: str
    agreements: str
    competencies: str
    warnings: str
    requirements: str
    problems: str

    @property
    def suite(self) -> str:
        """Folder of the sample."""
        return next(one for one in sorted(SUITES, key=len, reverse=True) if self.file.startswith(f"{one}/"))


def expected() -> list[Line]:
    """Lines of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Line(**{name: row[name] for name in COLUMNS}) for row in csv.DictReader(file)]


def manifest(suite: str) -> Iterator[tuple[str, str, str]]:
    """File, expected verdict and note of each entry of a suite's manifest."""
    found: Any = json.loads((SAMPLES / suite / "manifest.json").read_text(encoding="utf-8"))
    for entry in found["cases"] if isinstance(found, dict) else found:
        yield f"{suite}/{entry['file']}", entry["expected"], entry.get("reason", "")


def outcome_said(words: str) -> str:
    """Outcome a manifest's words mean: a schema or an interface description is no import."""
    return "import_ok" if words == "import_ok" or words.endswith("import succeeds") else "import_rejected"


def actual(name: str) -> Line:
    """Read one sample."""
    try:
        found = read_file(SAMPLES / name)
    except ImportRejectedError as error:
        return Line(name, "import_rejected", "", "", "", "", "", _counts(one.code for one in error.problems))
    rules = " | ".join(f"{row.id} = {_PROSE.sub(_shortened, render(row.rule))}" for row in found.requirements)
    return Line(
        name, "import_ok", str(len(found.credentials)),
        " | ".join(f"{'+'.join(one.from_ids)} {one.kind} {one.credits or ''} -> {one.to_id}" for one in found.agreements),
        str(len(found.competencies)), _counts(one.code for one in found.warnings), rules, "",
    )  # fmt: skip


def _shortened(match: re.Match[str]) -> str:
    """The samples' prose by its beginning and its fingerprint: the table holds facts, not other people's paragraphs."""
    return f'manual("{match[1][:30]}... {hashlib.sha256(match[1].encode()).hexdigest()[:8]}")'


def _counts(codes: Iterator[str]) -> str:
    found: dict[str, int] = {}
    for code in codes:
        found[code] = found.get(code, 0) + 1
    return " | ".join(f"{code} x {count}" for code, count in sorted(found.items()))


def write() -> None:
    """Write the table from what the samples give now; read the difference before keeping it."""
    lines = [actual(file) for suite in SUITES for file, _, _ in manifest(suite)]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([getattr(line, name) for name in COLUMNS] for line in lines)


def main() -> int:
    """Print agreement for each suite; 1 where a sample differs."""
    if "--write" in sys.argv:
        write()
    wrong = 0
    for suite in SUITES:
        lines = [line for line in expected() if line.suite == suite]
        agreed = [line for line in lines if actual(line.file) == line]
        wrong += len(lines) - len(agreed)
        sys.stdout.write(f"{suite}: {len(agreed)} of {len(lines)} agree\n")
        for line in lines:
            if line not in agreed:
                sys.stdout.write(f"  {line.file}\n    expected {line}\n    found    {actual(line.file)}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
