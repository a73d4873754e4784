"""What a badge points at is fetched from the public internet only, within limits, and nobody is led elsewhere.

The servers are real ones on loopback. A test opens the guard by naming where its host is and that this one network may be asked;
everything else of the guard is as it is in use.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpcore
import pytest

from api.fetch import MAX_BYTES, GuardedFetch, Remembering, host_of, is_public, left, look_up
from api.settings import SettingError, read_settings
from pathways.badges.entities import Fetched
from pathways.badges.errors import FetchError, NotThereError
from tests.badges.servers import Server, response, serving

LOOPBACK = ipaddress.ip_network("127.0.0.1/32")
HOST = "issuer.example"
#: Forty ways to say this machine, its network, or something that is not a web page of an issuer.
FORGED = (
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://127.255.255.254/", "https://0.0.0.0/", "https://0/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://017700000001/",
    "https://0x7f.0x0.0x0.0x1/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[fd00::1]/", "https://[fe80::1%25eth0]/", "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/", "https://localhost/",
    "https://localhost./", "https://issuer.example./", "https://user@issuer.example/", "https://user:word@issuer.example/",
    "https://issuer.example:22/", "https://issuer.example:8443/", "http://issuer.example/", "file:///etc/passwd",
    "gopher://issuer.example/", "ftp://issuer.example/", "https://issuer.example\\@127.0.0.1/", "https://127.0.0.1#@issuer.example/",
    "https://\uff11\uff12\uff17.0.0.1/", "https://issuer.example/\r\nHost: 127.0.0.1", "//127.0.0.1/",
)  # fmt: skip


def never(host: str, port: int) -> list[str]:
    pytest.fail(f"{host}:{port} was looked up")


def guarded(server: Server, *, seconds: float = 5, **hosts: str) -> GuardedFetch:
    """The guard as in use, told where the test's hosts are and that they may be asked."""
    known = {HOST: "127.0.0.1"} | {name.replace("_", "."): address for name, address in hosts.items()}
    ports = (server.port,)
    return GuardedFetch(
        resolve=lambda host, _port: [known[host]], allowed=(LOOPBACK,), ports=ports, tls=server.tls, seconds=seconds
    )


def url(server: Server, path: str = "/", host: str = HOST) -> str:
    return f"https://{host}:{server.port}{path}"


def always(answer: bytes) -> Callable[[str, Callable[[bytes], object]], None]:
    def script(_path: str, send: Callable[[bytes], object]) -> None:
        send(answer)

    return script


@pytest.mark.parametrize("address", FORGED)
def test_a_forged_address_is_refused_before_anything_is_looked_up(address: str) -> None:
    with pytest.raises(FetchError):
        GuardedFetch(resolve=never)(address)


def test_forty_forged_addresses_are_forty() -> None:
    assert len(set(FORGED)) == 40


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.8", "198.18.0.1",
        "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1", "2002:7f00:1::", "2001:db8::1", "fc00::1", "fd00::1", "fe80::1%eth0",
        "fec0::1", "ff02::1", "5f00::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_to_a_private_or_special_address_is_refused_before_connecting(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(FetchError, match="not on the public internet"):
        GuardedFetch(resolve=lambda _host, _port: ["93.184.215.14", address])("https://issuer.example/")


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["https://" + "a" * 64 + ".example/", "https://" + "a." * 130 + "example/", "https://a.example:99999/"]
)
def test_malformed_hosts_are_refused(address: str) -> None:
    with pytest.raises(FetchError):
        host_of(address)


def test_a_plain_address_is_host_and_port() -> None:
    assert host_of("https://Issuer.Example/path?of=badge") == ("issuer.example", 443)


def test_an_issuers_document_is_fetched(tmp_path: Path) -> None:
    with serving(tmp_path, always(response(b'{"id": 1}')), HOST) as server:
        found = guarded(server)(url(server, "/issuer#key-1"))
    assert found == Fetched(b'{"id": 1}', "application/json", url(server, "/issuer"))
    assert server.asked == ["/issuer"]


def test_a_certificate_for_another_name_is_no_answer(tmp_path: Path) -> None:
    with serving(tmp_path, always(response(b"{}")), "other.example") as server, pytest.raises(FetchError, match="no answer"):
        guarded(server)(url(server))
    assert server.asked == []


def test_the_connection_goes_to_the_address_that_was_checked(tmp_path: Path) -> None:
    looked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["127.0.0.2"]

    with serving(tmp_path, always(response(b"{}")), HOST) as server:
        fetch = GuardedFetch(resolve=rebinding, allowed=(LOOPBACK,), ports=(server.port,), tls=server.tls)
        assert fetch(url(server)).content == b"{}"
        assert looked == [HOST]
        with pytest.raises(FetchError, match="not on the public internet"):
            fetch(url(server))
    assert server.asked == ["/"]


def test_the_next_address_of_a_host_is_tried(tmp_path: Path) -> None:
    with serving(tmp_path, always(response(b"{}")), HOST) as server:
        both = (ipaddress.ip_network("127.0.0.0/8"),)
        fetch = GuardedFetch(resolve=lambda *_: ["127.0.0.9", "127.0.0.1"], allowed=both, ports=(server.port,), tls=server.tls)
        assert fetch(url(server)).content == b"{}"


def test_a_redirect_to_this_machine_is_refused(tmp_path: Path) -> None:
    def script(path: str, send: Callable[[bytes], object]) -> None:
        target = f"https://inside.example:{server.port}/secret" if path == "/name" else f"https://127.0.0.1:{server.port}/secret"
        send(response(b"", status="302 Found", more=f"Location: {target}\r\n"))

    with serving(tmp_path, script, HOST, "inside.example") as server:
        fetch = guarded(server, inside_example="127.0.0.2")
        for path in ("/name", "/number"):
            with pytest.raises(FetchError):
                fetch(url(server, path))
    assert server.asked == ["/name", "/number"]


def test_three_redirects_are_followed_and_a_fourth_is_not(tmp_path: Path) -> None:
    def script(path: str, send: Callable[[bytes], object]) -> None:
        left = int(path[1:])
        answer = response(b"{}") if left == 0 else response(b"", status="301 Moved", more=f"Location: /{left - 1}\r\n")
        send(answer)

    with serving(tmp_path, script, HOST) as server:
        assert guarded(server)(url(server, "/3")).final_url == url(server, "/0")
        with pytest.raises(FetchError, match="more than 3 times"):
            guarded(server)(url(server, "/10"))
    assert server.asked == ["/3", "/2", "/1", "/0", "/10", "/9", "/8", "/7"]


def test_an_answer_of_a_gigabyte_is_given_up_at_a_mebibyte(tmp_path: Path) -> None:
    sent = 0

    def script(_path: str, send: Callable[[bytes], object]) -> None:
        nonlocal sent
        send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n")
        while sent < 1 << 30:
            send(b" " * 65536)
            sent += 65536

    with serving(tmp_path, script, HOST) as server, pytest.raises(FetchError, match="longer than"):
        guarded(server)(url(server))
    assert sent < 32 * MAX_BYTES


@pytest.mark.parametrize("is_head", [True, False], ids=["headers", "body"])
def test_a_server_that_drips_is_given_up_when_the_time_is_over(tmp_path: Path, *, is_head: bool) -> None:
    def script(_path: str, send: Callable[[bytes], object]) -> None:
        send(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + (b"X-Slow: " if is_head else b"Content-Length: 900\r\n\r\n")
        )
        for _ in range(100):
            send(b"a")
            time.sleep(0.05)

    with serving(tmp_path, script, HOST) as server:
        began = time.monotonic()
        with pytest.raises(FetchError, match="no whole answer within"):
            guarded(server, seconds=0.5)(url(server))
        assert time.monotonic() - began < 2


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with serving(tmp_path, lambda _path, _send: time.sleep(0.6), HOST) as server:
        began = time.monotonic()
        with pytest.raises(FetchError):
            guarded(server, seconds=0.3)(url(server))
        assert time.monotonic() - began < 2


def test_a_look_up_that_hangs_is_given_up() -> None:
    stop = threading.Event()
    fetch = GuardedFetch(resolve=lambda *_: (stop.wait(5) and []) or [], seconds=0.2)
    began = time.monotonic()
    with pytest.raises(FetchError, match="not known"):
        fetch("https://issuer.example/")
    stop.set()
    assert time.monotonic() - began < 2


def test_a_name_nobody_knows_gives_no_answer() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(host)

    with pytest.raises(FetchError, match="not known"):
        GuardedFetch(resolve=unknown)("https://issuer.example/")


def test_time_that_is_over_before_a_redirect_is_followed_is_over(tmp_path: Path) -> None:
    def script(_path: str, send: Callable[[bytes], object]) -> None:
        time.sleep(0.15)
        send(response(b"", status="302 Found", more="Location: /again\r\n"))

    with serving(tmp_path, script, HOST) as server, pytest.raises(FetchError):
        guarded(server, seconds=0.25)(url(server))


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "image/png", "application/zip", "application/jsonp", ""])
def test_an_answer_of_the_wrong_type_is_refused(tmp_path: Path, kind: str) -> None:
    with (
        serving(tmp_path, always(response(b"{}", kind=kind)), HOST) as server,
        pytest.raises(FetchError, match="JSON was expected"),
    ):
        guarded(server)(url(server))


@pytest.mark.parametrize("kind", ["application/ld+json", "application/vc+jwt", "application/did+json", "text/plain; charset=utf-8"])
def test_kinds_of_json_and_tokens_are_taken(tmp_path: Path, kind: str) -> None:
    with serving(tmp_path, always(response(b"{}", kind=kind)), HOST) as server:
        assert guarded(server)(url(server)).content == b"{}"


def test_a_compressed_answer_is_refused_unread(tmp_path: Path) -> None:
    packed = response(b"\x1f\x8b", more="Content-Encoding: gzip\r\n")
    with serving(tmp_path, always(packed), HOST) as server, pytest.raises(FetchError, match="JSON was expected"):
        guarded(server)(url(server))


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_nothing_there_is_told_from_no_answer(tmp_path: Path, status: str) -> None:
    with serving(tmp_path, always(response(b"{}", status=status)), HOST) as server, pytest.raises(NotThereError):
        guarded(server)(url(server))


def test_another_status_is_no_answer(tmp_path: Path) -> None:
    with serving(tmp_path, always(response(b"{}", status="503 Busy")), HOST) as server:
        with pytest.raises(FetchError, match="status 503") as caught:
            guarded(server)(url(server))
        assert not isinstance(caught.value, NotThereError)


def test_what_is_not_http_is_no_answer(tmp_path: Path) -> None:
    with serving(tmp_path, always(b"SSH-2.0-OpenSSH\r\n\r\n"), HOST) as server, pytest.raises(FetchError, match="no answer"):
        guarded(server)(url(server))


def test_a_batch_asks_each_address_once(tmp_path: Path) -> None:
    def script(path: str, send: Callable[[bytes], object]) -> None:
        send(response(b"{}", status="200 OK" if path == "/there" else "404 Not Found"))

    with serving(tmp_path, script, HOST) as server:
        fetch = Remembering(guarded(server))
        assert [fetch(url(server, "/there")).content for _ in range(3)] == [b"{}"] * 3
        for _ in range(3):
            with pytest.raises(NotThereError):
                fetch(url(server, "/not"))
    assert server.asked == ["/there", "/not"]


def test_fetching_is_off_unless_it_is_switched_on() -> None:
    assert not read_settings({}).fetch
    assert read_settings({"PATHWAYS_FETCH": "on"}).fetch
    with pytest.raises(SettingError, match="on or off"):
        read_settings({"PATHWAYS_FETCH": "sometimes"})


def test_names_are_looked_up_by_the_system() -> None:
    assert "127.0.0.1" in look_up("localhost", 443)


def test_a_host_that_does_not_listen_gives_no_answer(tmp_path: Path) -> None:
    with serving(tmp_path, always(response(b"{}")), HOST) as server:
        both = (ipaddress.ip_network("127.0.0.0/8"),)
        fetch = GuardedFetch(resolve=lambda *_: ["127.0.0.9"], allowed=both, ports=(server.port,), tls=server.tls)
        with pytest.raises(FetchError, match="no answer"):
            fetch(url(server))


def test_time_that_is_over_is_told_before_anything_is_sent() -> None:
    with pytest.raises(httpcore.ReadTimeout):
        left(time.monotonic() - 1)
