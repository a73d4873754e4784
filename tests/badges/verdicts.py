"""`python -m tests.badges.verdicts`: every published sample beside its manifest's words, and how many agree in each suite.

``verdicts.csv`` has a line for each file of the manifests: the command that judges it, under which circumstances, and what is
expected. The words of the manifest stand in the line, and :func:`promised` turns them into what they ask of a verdict, so that a
line cannot drift away from them unseen; where ours differs on purpose the line says why.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from pathways.badges.contexts import pinned
from pathways.badges.did import assertion_keys
from tests.badges.samples import NOW, SAMPLES, addresses, answering, judge
from tests.badges.vectors import step_differences, vector_differences

TABLE = Path(__file__).parent / "verdicts.csv"
#: Suites of the samples that are badges, and what they stand on; catalogs (case, ctdl, rsd) have tables of their own.
SUITES = (
    "contexts", "did", "ob2", "ob3", "ob3-dcc", "clr2", "w3c-vc-di-eddsa", "w3c-vc-di-ecdsa", "w3c-vcdm2", "bitstring-status-list",
    "made/ob2", "made/ob3", "made/clr2", "made/baked", "made/bitstring-status-list",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``command``: ``read`` judges a badge; ``form`` the same after naming an issuer, as that test suite does before it asks; ``step``
    and ``canon`` recompute a test vector; ``context``, ``did`` and ``asset`` are what the others need; ``none`` is not used, and
    ``why`` says so. ``network``: ``off``, or ``on`` for files that answer in its place. Empty expectations are not asked.
    """

    suite: str
    file: str
    command: str
    network: str = "on"
    now: str = ""
    recipient: str = ""
    verdict: str = ""
    signature: str = ""
    issuer: str = ""
    status: str = ""
    dates: str = ""
    codes: str = ""
    manifest: str = ""
    why: str = ""


def rows() -> list[Row]:
    """The table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [Row(**line) for line in csv.DictReader(lines)]


def manifest(suite: str) -> list[tuple[str, str]]:
    """Files and words of one suite's manifest."""
    found = json.loads((SAMPLES / suite / "manifest.json").read_text(encoding="utf-8"))
    if isinstance(found, list):
        return [(entry["file"], entry["expected"]) for entry in found]
    return [(case["file"], ": ".join(filter(None, (case["expected"], case["reason"])))) for case in found["cases"]]


def found_of(row: Row) -> dict[str, str]:
    """What this program says of a badge, in the words of the table."""
    content = (SAMPLES / row.suite / row.file).read_bytes()
    if row.command == "form":
        content = json.dumps(_issued(json.loads(content))).encode()
    now = datetime.fromisoformat(row.now) if row.now else NOW
    _, verdict = judge(content, name=row.file, online=row.network == "on", now=now, recipient=row.recipient or None)
    codes = " ".join(sorted(problem.code for problem in verdict.problems if problem.blocking))
    told = {name: getattr(verdict, name) for name in ("verdict", "signature", "issuer", "status", "dates")}
    return told | {"codes": codes}


def _issued(document: dict[str, Any]) -> dict[str, Any]:
    """The W3C suite hands its inputs to an issuer, which puts its own id in; null and a wrong id are what some inputs test."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        return document | {"issuer": {"id": "https://issuer.example/1", **issuer}}
    return (
        document
        if "issuer" in document or "credentialSubject" not in document
        else document | {"issuer": "https://issuer.example/1"}
    )


def differences(row: Row) -> list[str]:
    """What does not agree with a line of the table; empty where all does."""
    path = SAMPLES / row.suite / row.file
    match row.command:
        case "read" | "form":
            found = found_of(row)
            return [
                f"{name}: found {found[name]!r}, expected {getattr(row, name)!r}"
                for name in found
                if found[name] != getattr(row, name)
            ]
        case "step":
            return step_differences(path)
        case "canon":
            return vector_differences(path)
        case "context":
            digests = {entry["sha256"] for entry in pinned().values()}
            return [] if hashlib.sha256(path.read_bytes()).hexdigest() in digests else ["not the pinned context"]
        case "did":
            did = json.loads(path.read_text(encoding="utf-8"))["id"]
            return [] if len(assertion_keys(did, answering())) == 1 else ["the document's key is not read"]
        case "asset":
            return [] if path in addresses().values() else ["nothing is served from it"]
        case _:
            return [] if row.command == "none" and row.why else [f"unknown command {row.command}"]


def promised(words: str) -> dict[str, set[str]]:
    """What the words of a manifest ask of a verdict, field by field; empty where they ask nothing of one."""
    rules: tuple[tuple[str, str, set[str]], ...] = (
        (
            r"^VALID(?!.*ecdsa-sd)|^signature VALID|^proof VALID|^one VALID proof|signature itself verifies|signature verifies",
            "signature",
            {"valid"},
        ),
        (r"^(VALID|valid)(?!.*(remote|ecdsa-sd|previousProof))", "verdict", {"valid"}),
        (r"^(INVALID|invalid|REJECT)", "verdict", {"invalid"}),
        (r"REVOKED|: revoked", "status", {"revoked"}),
        (r"EXPIRED|: expired|INVALID: expired", "dates", {"expired"}),
        (r"NOT YET VALID", "dates", {"not_yet_valid"}),
        (r"EXPIRED|REVOKED|NOT YET VALID", "verdict", {"invalid"}),
        (r"^ACCEPT", "codes", {""}),
        (r"UNSUPPORTED", "verdict", {"unsupported"}),
        (r"NOT verifiable: no proof|not checkable offline", "verdict", {"unverified"}),
        (r"binding (NOT|not) proven|issuer-unverified|key in the header \(issuer", "issuer", {"unverified"}),
        (r"^WARNING", "verdict", {"valid"}),
    )
    return {name: values for pattern, name, values in rules if re.search(pattern, words)}


def broken_promises(row: Row) -> list[str]:
    """Where a line expects other than its manifest's words ask; such a line must say why."""
    if row.command not in {"read", "form"}:
        return []
    return [f"{name} {getattr(row, name)!r}" for name, values in promised(row.manifest).items() if getattr(row, name) not in values]


def main() -> int:
    """Print the agreement of each suite and every difference."""
    agreed: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for row in rows():
        wrong = differences(row)
        judged[row.suite] += 1
        agreed[row.suite] += not wrong
        for difference in wrong:
            sys.stdout.write(f"{row.suite}/{row.file}: {difference}\n")
    for suite in SUITES:
        sys.stdout.write(f"{suite:30} {agreed[suite]:4} of {judged[suite]:4} agree\n")
    deviations = [row for row in rows() if broken_promises(row)]
    sys.stdout.write(
        f"{'all':30} {agreed.total():4} of {judged.total():4} agree; {len(deviations)} differ from their manifests on purpose:\n"
    )
    for row in deviations:
        sys.stdout.write(f"  {row.suite}/{row.file}: {row.why}\n")
    return int(agreed != judged)


FIELDS = tuple(field.name for field in fields(Row))

if __name__ == "__main__":
    raise SystemExit(main())
