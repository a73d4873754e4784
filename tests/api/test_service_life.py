"""Starting, being ready, deprecation, and a real server process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.deprecation import Deprecation
from api.settings import Settings
from api.world import World
from pathways.errors import DataError, DataProblem

ROOT = Path(__file__).parents[2]


def test_it_is_alive_before_it_is_ready(settings: Settings, world: World) -> None:
    go = threading.Event()

    def slow(_: Settings) -> World:
        go.wait(30)
        return world

    with TestClient(create_app(settings, load=slow)) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        early = client.get("/readyz")
        assert (early.status_code, early.headers["retry-after"]) == (503, "5")
        assert client.get("/v1/credentials/letrs-u1").json()["type"] == "/problems/not-ready"
        assert client.get("/next", headers={"Accept": "text/html"}).status_code == 200
        go.set()
        ready = _until_ready(client)
        assert ready == {"status": "ready", "data_version": world.catalog.version, "store": "ready"}


def test_data_that_does_not_load_is_named_by_readyz(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: Settings) -> World:
        raise DataError((DataProblem("credentials.csv", 7, "id", "nothing", "an id"),))

    with TestClient(create_app(settings, load=broken)) as client:
        for _ in range(100):
            detail = client.get("/readyz").json()["detail"]
            if "credentials.csv:7" in detail:
                break
            time.sleep(0.02)
        assert "credentials.csv:7" in detail
        assert client.get("/healthz").status_code == 200
    assert "credentials.csv:7" in caplog.text


def test_a_deprecated_operation_says_until_when(settings: Settings, world: World) -> None:
    entry = Deprecation(date(2027, 1, 1), date(2028, 1, 1), "/v2/targets")
    with TestClient(create_app(settings, world, deprecated={"list_targets": entry})) as client:
        headers = client.get("/v1/targets").headers
        assert headers["deprecation"] == "@1798761600"
        assert headers["sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
        assert '</v2/targets>; rel="successor-version"' in headers["link"]
        assert 'rel="next"' in headers["link"]
        assert "deprecation" not in client.get("/v1/credentials").headers


@pytest.fixture(scope="module")
def server(warm_home: Path, world: World) -> Iterator[str]:
    """A uvicorn process of its own on a free port of this machine; the world is here only to have its vectors cached."""
    assert world.engine.ids
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = "import os, uvicorn; from api.app import create_app; from api.settings import read_settings; "
    start += f"uvicorn.run(create_app(read_settings(os.environ)), host='127.0.0.1', port={port}, log_level='warning')"
    environment = {**os.environ, "PATHWAYS_HOME": str(warm_home), "PATHWAYS_TODAY": "2026-11-21", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", start], cwd=ROOT, env=environment)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            _until_ready(client)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_a_real_server_answers(server: str) -> None:
    answer = httpx2.post(f"{server}/v1/recommendations", json={"goal": "teach reading", "k": 2}, timeout=60)
    assert answer.status_code == 200
    assert len(answer.json()["steps"]) == 2


def test_50_megabytes_are_refused_unread(server: str) -> None:
    """The head says how long the body would be; the answer comes although no byte of it was sent."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(
            b"POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 52428800\r\n\r\n"
        )
        assert line.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_chunked_flood_is_cut_off(server: str) -> None:
    host, port = server.removeprefix("http://").split(":")
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(b"POST /v1/audits HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(800):
                line.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            return  # cut off while still sending: the server did not read on
        assert line.recv(4096).startswith(b"HTTP/1.1 413")


def _until_ready(client: TestClient | httpx2.Client) -> dict[str, str]:
    for _ in range(600):
        try:
            answer = client.get("/readyz")
        except httpx2.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 200:
            found: dict[str, str] = answer.json()
            return found
        time.sleep(0.1)
    raise AssertionError("not ready after a minute")
