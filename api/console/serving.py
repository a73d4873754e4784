"""``pathways serve``: the API and the pages on this machine."""

from __future__ import annotations

import gc
import ipaddress
import os
from dataclasses import replace

import typer
import uvicorn

from api.app import create_app
from api.console.exits import OptionError
from api.settings import read_settings


def run_server(host: str | None, port: int | None, *, anyone: bool) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host, port : str, int or None
        None for what the environment sets, else 127.0.0.1 and 8000.
    anyone : bool
        Whether an address that other machines can reach is wanted.

    Raises
    ------
    OptionError
        If such an address is asked for without saying so.
    """
    gc.enable()
    settings = read_settings(os.environ)
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    if not is_loopback(settings.host):
        if not anyone:
            message = (
                f"{settings.host} can be reached from other machines, and this server has no sign-in. "
                "Use 127.0.0.1, or add --anyone if that is what you want."
            )
            raise OptionError(message)
        typer.echo(f"Warning: anyone who can reach {settings.host} can use this server; there is no sign-in.", err=True)
    typer.echo(f"Serving on http://{settings.host}:{settings.port} (Ctrl+C stops it)", err=True)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
