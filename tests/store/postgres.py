"""A PostgreSQL server of the tests' own: in a temporary folder, on a loopback port, without a password, gone afterwards."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SERVER_USER = "postgres"
SECONDS = 60


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL on this machine, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True, slots=True)
class Server:
    """A server that can be stopped and started again."""

    bin: Path
    folder: Path
    port: int
    user: str

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off"
        self._run(["pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options, "start"])

    def stop(self) -> None:
        self._run(["pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop"])

    def make(self, name: str) -> str:
        """A new database; its address."""
        self._run(["createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, name])
        return f"postgresql+pg8000://{self.user}@127.0.0.1:{self.port}/{name}"

    def _run(self, command: Sequence[str]) -> None:
        run_as(self.user, [str(self.bin / command[0]), *command[1:]])


def run_as(user: str, command: Sequence[str]) -> None:
    """Run a program of PostgreSQL, which refuses to run as root."""
    words = list(command) if os.geteuid() != 0 else ["runuser", "-u", user, "--", *command]
    # A server that is started keeps the pipe of whoever started it open, so its words go to a file.
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False, cwd="/")
    if done.returncode:
        message = f"{' '.join(words)} ended with {done.returncode}"
        raise RuntimeError(message)


def start_server(folder: Path, bin_folder: Path) -> Server:
    """Make and start a server under a folder that its user can reach."""
    user = SERVER_USER if os.geteuid() == 0 else getpass.getuser()
    if os.geteuid() == 0:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    run_as(user, [str(bin_folder / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", user, "-E", "UTF8", "--no-sync"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Server(bin_folder, folder, port, user)
    server.start()
    return server
