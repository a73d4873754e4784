"""What is in the catalog: targets, credentials, and a search by meaning."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.shared import stop_if_empty, world_of
from api.console import options
from api.console.deliver import Delivery, deliver
from api.console.exits import OptionError


def targets(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words to look for in name, issuer and subject.", show_default=False),
    ] = None,
    *,
    place: options.PlaceCode = None,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """List what can be worked toward.

    Licenses, endorsements, certificates and degrees whose requirements are in the catalog, and renewals of licenses.

    Example: pathways targets reading --place US-OH
    """
    from api.console.items import all_targets, write_targets

    found = all_targets(world_of(context), " ".join(words or []), place)
    deliver(found, write_targets, Delivery(as_json, out, context.obj))
    stop_if_empty(found, "Try fewer or other words, or find it by meaning: pathways search WORDS")


def credential(
    context: typer.Context,
    credential_id: Annotated[str, typer.Argument(metavar="ID", help="Catalog id.", show_default=False)],
    *,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Show everything the catalog knows of one credential.

    Example: pathways credential letrs-u1
    """
    from api.console.items import write_credential
    from api.service import credential as describe

    deliver(describe(world_of(context), credential_id), write_credential, Delivery(as_json, out, context.obj))


def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What to look for, in your own words.", show_default=False)],
    *,
    k: options.Count = 10,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Find credentials by meaning and by words.

    Example: pathways search "dyslexia" -k 5
    """
    from api.console.items import write_hits
    from api.service import search as find

    wanted = " ".join(words)
    if not wanted.strip():
        raise OptionError("Say what to look for.")
    found = find(world_of(context), wanted, k)
    deliver(found, write_hits, Delivery(as_json, out, context.obj))
    stop_if_empty(found, "Try fewer or other words.")
