"""The published samples of badges: where they lie, what answers in place of the network, and how one is judged.

The samples are not part of this repository; tests that need them are left out by name where the folder beside it is missing.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from pathways.badges.entities import Fetch, Fetched, Reading, Verdict
from pathways.badges.errors import NotThereError
from pathways.badges.read import read
from pathways.badges.verify import verify

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "standards"
ANSWERS = Path(__file__).parent / "answers"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of published samples is not beside this repository")

_DCC_LIST = "bitstring-status-list/dcc-valid-list.json"
_EDTECH = "https://dc.1edtech.org/wellspring2022/wellspring-portal"
_ORG = "da1e96e9-afcc-4eed-b9a2-2ddf7353214c"


@cache
def addresses() -> dict[str, Path]:
    """Which file answers for which address: those the samples name, and three of our own for what they leave remote."""
    found = {f"https://example.org/{path.name}": path for path in (SAMPLES / "ob2/assets").iterdir()}
    for manifest in (SAMPLES / "made").glob("*/manifest.json"):
        cases = json.loads(manifest.read_text(encoding="utf-8"))["cases"]
        found |= {case["serve_as"]: manifest.parent / case["file"] for case in cases if "serve_as" in case}
    fixtures = "https://digitalcredentials.github.io/vc-test-fixtures"
    found |= {
        f"{fixtures}/statusLists/didkey-ed25519Signature2020/e5WK8CbZ1GjycuPombrj": SAMPLES / _DCC_LIST,
        f"{fixtures}/statusLists/didkey-ed25519Signature2020/expired": SAMPLES / "bitstring-status-list/dcc-expired-list.json",
        "https://raw.githubusercontent.com/digitalcredentials/verifier-core/refs/heads/main/src/test-fixtures/status/"
        "e5WK8CbZ1GjycuPombrj": SAMPLES / _DCC_LIST,
        "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/refs/heads/main/inspector-vc/src/test/"
        "resources/ob30/bit-string-list/testlist": SAMPLES / "bitstring-status-list/1edtech-testlist.json",
        f"{fixtures}/dids/legacy/did.json": SAMPLES / "did/did-web-dcc-legacy.json",
        f"{fixtures}/dids/oidf/did.json": SAMPLES / "did/did-web-dcc-oidf.json",
        f"{_EDTECH}/org/{_ORG}/did.json": ANSWERS / "1edtech-did.json",
        f"{_EDTECH}/api/revocations/{_ORG}": ANSWERS / "1edtech-revocations.json",
        "https://1edtech.edu/credentials/3732/revocations": ANSWERS / "1edtech-none-revoked.json",
    }
    return found


def answering(own: Reading | None = None) -> Fetch:
    """A fetcher that answers from files; a hosted badge is served at its own address as it is."""

    def fetch(url: str) -> Fetched:
        document = own.document if own is not None and own.format == "ob2-hosted" else None
        if document is not None and str(document.get("id")).replace("http://", "https://") == url:
            return Fetched(json.dumps(document).encode(), "application/json", url)
        if url not in addresses():
            raise NotThereError(url, "nothing answers for it in these tests")
        return Fetched(addresses()[url].read_bytes(), "application/json", url)

    return fetch


def judge(
    content: bytes, *, name: str = "badge", online: bool = True, now: datetime = NOW, recipient: str | None = None
) -> tuple[Reading, Verdict]:
    """Read and verify the one credential in a file."""
    [reading] = read(content, name=name)
    fetch = answering(reading) if online else None
    return reading, verify(reading, now=now, fetch=fetch, recipient=recipient)
