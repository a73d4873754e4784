"""The server."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    context: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1 unless PATHWAYS_HOST is set).")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port (8000 unless PATHWAYS_PORT is set).")] = None,
    anyone: Annotated[
        bool, typer.Option("--anyone", help="Let strangers ask without signing in; they get no role and see no record.")
    ] = False,
) -> None:
    """Start the API and the pages on this machine."""
    from api.console.serving import run_server

    run_server(host, port, anyone=anyone)
