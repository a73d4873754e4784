"""Small catalog folders on disk, sound unless told otherwise."""

import csv
import io
from pathlib import Path

from pathways.catalog.load import COLUMNS

SOURCED = {"source_url": "https://example.org/page", "confidence": "stated", "read_on": "2026-11-21"}
DEFAULTS: dict[str, dict[str, str]] = {
    "credentials.csv": {
        "type": "badge", "issuer": "Issuer", "subject": "reading", "status": "active", "nation": "US", **SOURCED,
    },
    "requirements.csv": {"kind": "component", **SOURCED},
    "articulations.csv": {"institution": "College", "kind": "posts_credit", "mode": "alternative", **SOURCED},
    "policies.csv": {"source_row": "1", "nation": "US", "kind": "other", "rule": "A rule", "standing": "current", **SOURCED},
    "evidence.csv": {
        "finding": "A finding", "measure": "a measure", "study_type": "survey", "direction": "mixed", **SOURCED,
    },
    "mirrors.csv": {},
    "topics.csv": {"types": "stack"},
}  # fmt: skip

Rows = list[dict[str, str]]


def table(file: str, rows: Rows) -> str:
    """One table as CSV text, columns not named left to their defaults."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS[file], lineterminator="\n")
    writer.writeheader()
    writer.writerows(DEFAULTS[file] | row for row in rows)
    return text.getvalue()


def item(id: str, **columns: str) -> dict[str, str]:  # noqa: A002
    """One credential row."""
    return {"id": id, "name": id.title(), **columns}


def rule(credential: str, expression: str, **columns: str) -> dict[str, str]:
    """One requirement row."""
    return {"credential_id": credential, "expression": expression, **columns}


def write_folder(folder: Path, **tables: Rows) -> Path:
    """Write a whole catalog folder: credentials a, b and c unless told otherwise, other tables as given."""
    rows: dict[str, Rows] = {f"{name}.csv": list(found) for name, found in tables.items()}
    rows.setdefault("credentials.csv", [item("a"), item("b"), item("c")])
    for prefix, file in (("rq", "requirements.csv"), ("ag", "articulations.csv"), ("po", "policies.csv")):
        rows[file] = [{"id": f"{prefix}-{number}", **row} for number, row in enumerate(rows.get(file, []), 1)]
    folder.mkdir(exist_ok=True)
    for file in COLUMNS:
        (folder / file).write_text(table(file, rows.get(file, [])), encoding="utf-8")
    return folder
