"""Verifying badges: what one signature costs of each kind, and what every attack on time and memory costs at most.

Signatures are made here, with keys of our own, on a badge of usual size. A warm canonicalization is timed from asking the worker to
having its answer, in processor time of both processes. Memory is the peak of a fresh process and its worker beyond the same with an
honest badge; making the attack is part of it.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from api.fetch import GuardedFetch
from pathways.badges.canonical_pool import CanonicalPool
from pathways.badges.entities import Fetched, Reading
from pathways.badges.errors import FetchError
from pathways.badges.read import read
from pathways.badges.verify import verify
from pathways.badges.verify_signature import SignatureCache
from tests.badges.signing import ISSUER, P256, b64, badge, entry, rsa_jwk, rsa_key, rsa_token, status_list
from tests.badges.test_canonical import alignments, poison
from tests.badges.test_fetch import FORGED

Row = dict[str, Any]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
REPEATS = 200
MEBIBYTE = 1024 * 1024


def run() -> list[Row]:
    """All rows."""
    return [*speeds(), *attacks(), forged()]


def samples() -> dict[str, tuple[Any, float]]:
    """Kind of signature to a badge with it, and the milliseconds it may cost."""
    key = rsa_key()
    claims = badge() | {"iss": ISSUER.did}
    return {
        "eddsa-rdfc-2022": (ISSUER.signed(badge(), "eddsa-rdfc-2022"), 15.0),
        "ecdsa-rdfc-2019, P-256": (P256.signed(badge(P256.did), "ecdsa-rdfc-2019"), 15.0),
        "eddsa-jcs-2022": (ISSUER.signed(badge(), "eddsa-jcs-2022"), 1.0),
        "ecdsa-jcs-2019, P-256": (P256.signed(badge(P256.did), "ecdsa-jcs-2019"), 1.0),
        "JWT, EdDSA": (ISSUER.token(claims), 1.0),
        "JWT, ES256": (P256.token(badge(P256.did)), 1.0),
        "JWT, RS256 with its key": (rsa_token(key, badge("https://a.example/b"), jwk=rsa_jwk(key)), 1.0),
    }


def reading_of(document: Any) -> Reading:
    """What reading gives for a badge made here."""
    [reading] = read((document if isinstance(document, str) else json.dumps(document)).encode(), name="badge")
    return reading


def speeds() -> list[Row]:
    """Median of verifying one badge that was not seen before, in a warm process with a warm worker."""
    pool = CanonicalPool(workers=1)
    rows = []
    try:
        for kind, (document, most) in samples().items():
            reading = reading_of(document)

            def check(reading: Reading = reading) -> None:
                found = verify(reading, now=NOW, canonize=pool, cache=SignatureCache())
                assert found.verdict == "valid", found

            check()
            figure = round(median_ms(check, pool), 2)
            rows.append(_row(f"verify {kind}", figure, "CPU ms", f"<= {most:g}", holds=figure <= most))
    finally:
        pool.close()
    return rows


def median_ms(work: Callable[[], None], pool: CanonicalPool) -> float:
    """Median processor time of one call, of this process and the worker, in milliseconds."""
    clock = worker_clock(pool)
    found = []
    for _ in range(REPEATS):
        began = time.process_time() + clock()
        work()
        found.append(time.process_time() + clock() - began)
    return statistics.median(found) * 1000


def worker_clock(pool: CanonicalPool) -> Callable[[], float]:
    """Processor seconds of the pool's one worker so far; 0 where none runs, or where the system does not tell."""
    idle = pool._idle
    path = f"/proc/{idle[0].pid}/schedstat" if idle else ""
    if not os.path.exists(path):
        return lambda: 0.0

    def seconds() -> float:
        with open(path, encoding="ascii") as told:
            return int(told.read().split()[0]) / 1e9

    return seconds


BOMBS = ("an honest badge", "poison graph, 9 twins", "20,000 alignments", "900 alignments, killed after 1 s",
         "status list of 100 MB", "status list of 200 MB", "JSON nested 100,000 deep")  # fmt: skip


def attacks() -> list[Row]:
    """Each attack in a process of its own: its verdict, the seconds it took, and the memory it took beyond an honest badge."""
    found = {name: measured(name) for name in BOMBS}
    base = found[BOMBS[0]]["mebibytes"]
    rows = []
    for name, told in list(found.items())[1:]:
        growth = round(told["mebibytes"] - base, 1)
        refused = told["verdict"] in {"invalid", "status_unknown"}
        rows.append(_row(f"{name}: memory", growth, "MiB over base", "< 64", holds=growth < 64 and refused, note=told["verdict"]))
        if name.startswith("poison"):
            rows.append(_row(f"{name}: refused after", round(told["seconds"], 2), "s", "< 2", holds=told["seconds"] < 2))
    return rows


def measured(name: str) -> dict[str, Any]:
    """Run one attack in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_badges", name]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)
    return found


def attack(name: str) -> dict[str, Any]:
    """Verify one badge made to cost time or memory; peak memory of this process and of its worker."""
    content, answer = bomb(name)
    pool = CanonicalPool(workers=1, seconds=1.0)
    reading_of(badge())
    verify(reading_of(ISSUER.signed(badge(), "eddsa-rdfc-2022")), now=NOW, canonize=pool)
    began = time.perf_counter()
    found = verify(
        read(content, name="bomb")[0],
        now=NOW,
        canonize=pool,
        cache=SignatureCache(),
        fetch=lambda url: Fetched(answer, "application/json", url),
    )
    seconds = time.perf_counter() - began
    pool.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"verdict": found.verdict, "seconds": seconds, "mebibytes": peak * 1024 / MEBIBYTE}


def bomb(name: str) -> tuple[bytes, bytes]:
    """A badge's bytes, and what its status list's address answers. Made without signing where signing would cost as much."""
    proof = ISSUER.proof(badge(), "eddsa-rdfc-2022")
    if name.startswith("poison"):
        return json.dumps(poison(9) | {"proof": proof}).encode(), b""
    if "alignments" in name:
        return json.dumps(alignments(int(name.partition(" ")[0].replace(",", ""))) | {"proof": proof}).encode(), b""
    if name.startswith("status list"):
        packed = zlib.compressobj(9, wbits=31)
        content = b"".join([*(packed.compress(bytes(MEBIBYTE)) for _ in range(int(name.split(" ")[3]))), packed.flush()])
        signed = ISSUER.signed(badge(credentialStatus=entry()))
        return json.dumps(signed).encode(), json.dumps(status_list("u" + b64(content))).encode()
    if name.startswith("JSON"):
        return b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b""
    return json.dumps(ISSUER.signed(badge(), "eddsa-rdfc-2022")).encode(), b""


def forged() -> Row:
    """How many of the forged addresses are refused before anything is looked up."""
    looked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        looked.append(host)
        return []

    refused = 0
    for address in FORGED:
        try:
            GuardedFetch(resolve=resolve)(address)
        except FetchError:
            refused += 1
    refused -= len(looked)
    return _row("forged addresses refused before a look-up", refused, f"of {len(FORGED)}", "40", holds=refused == len(FORGED) == 40)


def _row(name: str, figure: float, unit: str, asked: str, *, holds: bool, note: str = "") -> Row:
    return {"name": name, "figure": figure, "unit": unit, "asked": asked, "holds": holds, "note": note}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(attack(sys.argv[1])))
