"""``pathways serve``: the API and the pages on this machine."""

from __future__ import annotations

import gc
import os
from dataclasses import replace

import typer
import uvicorn

from api.app import create_app
from api.console.exits import OptionError
from api.identity.gate import Identity, is_loopback, mode_of
from api.secret_key import key_of
from api.settings import Settings, read_settings
from api.store.database import database_of


def run_server(host: str | None, port: int | None, *, anyone: bool) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host, port : str, int or None
        None for what the environment sets, else 127.0.0.1 and 8000.
    anyone : bool
        Whether strangers may use it: they get no role, so nobody's record.

    Raises
    ------
    OptionError
        If nobody could use such a server, or everybody could do everything.
    """
    gc.enable()
    settings = read_settings(os.environ)
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    if anyone:
        settings = replace(settings, sign_in="anyone")
    _check(settings)
    typer.echo(f"Serving on http://{settings.host}:{settings.port} (Ctrl+C stops it)", err=True)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")


def _check(settings: Settings) -> None:
    """Refuse a server that lets in nobody, or lets everybody do everything; warn of one that lets in strangers."""
    mode = mode_of(settings)
    if mode == "local" and not is_loopback(settings.host):
        message = (
            f"{settings.host} can be reached from other machines, and PATHWAYS_SIGN_IN=local gives whoever asks every role. "
            "Use 127.0.0.1, or ask for sign-in with PATHWAYS_SIGN_IN=required."
        )
        raise OptionError(message)
    if mode == "required" and not _can_sign_in(settings):
        message = (
            f"{settings.host} can be reached from other machines, so people must sign in, and nobody can yet. "
            "Make a key with: pathways admin keys create, or set PATHWAYS_OIDC_ISSUER and PATHWAYS_OIDC_CLIENT_ID. "
            "Or use 127.0.0.1, or add --anyone to let strangers ask; they see nobody's record."
        )
        raise OptionError(message)
    if mode == "anyone" and not is_loopback(settings.host):
        typer.echo(f"Warning: anyone who can reach {settings.host} can use this server without signing in.", err=True)


def _can_sign_in(settings: Settings) -> bool:
    if settings.oidc_issuer is not None and settings.oidc_client_id is not None:
        return True
    database = database_of(settings)
    return database.is_there and any(
        key.revoked_at is None for key in Identity(settings, database, lambda: key_of(settings)).keys.listed()
    )
