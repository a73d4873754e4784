"""Test vectors recomputed step by step: canonical forms, hashes and signatures of the W3C suites and the 1EdTech guides."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pyld import jsonld

from pathways.badges.canonical_pool import canonize
from pathways.badges.did import key_of_did_key
from pathways.badges.keys import decode_base58, from_multibase
from pathways.badges.proofs import canonical_parts, is_signed, parts_of, signed_bytes, suite_of


def step_differences(path: Path) -> list[str]:
    """What our computation of the step in a file gives otherwise than the file."""
    prefix, _, name = path.name.rpartition("__")
    if not prefix:
        return _whole(path)
    if prefix == "proof-set-chain":
        return _of_the_set(path)
    document = json.loads(next(path.parent.glob(f"{prefix}__signed*.json")).read_text(encoding="utf-8"))
    proof = document["proof"]
    expected = path.read_text(encoding="utf-8")
    found = _steps(document, proof)
    step = next(step for step in found if name.startswith(step))
    if isinstance(found[step], dict):
        return [] if found[step] == json.loads(expected) else [f"{step} differs"]
    return [] if found[step].strip() == expected.strip() else [f"{step}: found {found[step][:60]!r}, expected {expected[:60]!r}"]


def _steps(document: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
    suite = suite_of(proof)
    assert suite is not None
    key = key_of_did_key(proof["verificationMethod"].partition("#")[0])
    parts = parts_of(document, proof, suite)
    canonical = canonical_parts(parts, suite, canonize)
    data = signed_bytes(canonical, key)
    half = len(data) // 2
    signature = decode_base58(proof["proofValue"])
    assert key.verifies(signature, data)
    return {
        "canonDoc": canonical[1].decode(),
        "proofCanon": canonical[0].decode(),
        "proofConfig": parts[0],
        "docHash": data[half:].hex(),
        "proofHash": data[:half].hex(),
        "combinedHash": data.hex(),
        "sigHex": signature.hex(),
        "sigBTC58": proof["proofValue"],
    }


def _whole(path: Path) -> list[str]:
    """Files of a suite that belong to no single cryptosuite: the unsigned document and the keys."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if path.name == "unsigned.json":
        signed = [json.loads(other.read_text(encoding="utf-8")) for other in sorted(path.parent.glob("*__signed*.json"))]
        unlike = [other for other in signed if {key: value for key, value in other.items() if key != "proof"} != found]
        unlike = [other for other in unlike if "suites/ed25519-2020" not in str(other["@context"])]
        return ["a signed document is not this one with a proof"] if unlike else []
    key = from_multibase(found["publicKeyMultibase"])
    used = {other["proof"]["verificationMethod"].partition("#")[0] for other in _signed(path) if isinstance(other["proof"], dict)}
    return [] if key in {key_of_did_key(did) for did in used} else ["no document is signed with this key"]


def _signed(path: Path) -> list[dict[str, Any]]:
    return [json.loads(other.read_text(encoding="utf-8")) for other in sorted(path.parent.glob("*__signed*.json"))]


def _of_the_set(path: Path) -> list[str]:
    """The vectors of the proof set; those of the chain are not among the steps, for chains are named as unsupported."""
    folder = path.parent
    unsigned = json.loads((folder / "proof-set-chain__unsigned.json").read_text(encoding="utf-8"))
    found = json.loads(path.read_text(encoding="utf-8"))
    if path.name.endswith("__unsigned.json"):
        return [] if found == json.loads((folder / "unsigned.json").read_text(encoding="utf-8")) else ["not the unsigned document"]
    if path.name.endswith("__multiKeyPairs.json"):
        kinds = {from_multibase(pair["publicKeyMultibase"]).kind for pair in found.values()}
        return [] if kinds == {"Ed25519"} else ["a key is not read"]
    number = path.name.removesuffix(".json")[-1]
    signed = json.loads((folder / f"proof-set-chain__proofSetConfigSigned{number}.json").read_text(encoding="utf-8"))
    if "Signed" not in path.name:
        return [] if {key: value for key, value in signed.items() if key != "proofValue"} == found else ["not the signed one's"]
    key = key_of_did_key(found["verificationMethod"].partition("#")[0])
    return [] if is_signed(unsigned | {"proof": found}, found, key, canonize) else ["the signature is not good"]


def vector_differences(path: Path) -> list[str]:
    """A canonical form of the 1EdTech guides: what it states, canonicalized again, must come out as it is."""
    text = path.read_text(encoding="utf-8")
    again = jsonld.normalize(
        text, {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
    )
    same = hashlib.sha256(again.encode()).digest() == hashlib.sha256(text.encode()).digest()
    return [] if same else [f"found {len(again)} characters, expected {len(text)}"]
