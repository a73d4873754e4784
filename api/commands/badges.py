"""Badge files: what each is worth as evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.console import options
from api.console.deliver import Delivery, deliver, save
from api.console.exits import ExitCode

BadgeFiles = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Badges: JSON, JWT, baked PNG or SVG.", show_default=False)
]
Recipient = Annotated[str | None, typer.Option("--recipient", metavar="EMAIL", help="Check that the badge is this person's.")]
Now = Annotated[str | None, typer.Option("--now", metavar="DATE", help="Judge dates as of this day or instant, in UTC.")]
Answers = Annotated[
    Path | None,
    typer.Option("--responses", metavar="INDEX", help="JSON from addresses to local files that answer for them.", dir_okay=False),
]


def read(
    context: typer.Context,
    files: BadgeFiles,
    *,
    recipient: Recipient = None,
    now: Now = None,
    responses: Answers = None,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Read badges and say what each is worth as evidence.

    The signature and the issuer are two answers. Nothing is fetched unless PATHWAYS_FETCH is on. The exit code is 5 where some
    files are invalid.

    Example: pathways badges read badge.png --recipient me@school.example
    """
    from api.badge_service import check_files, checker, line
    from api.console.badge_files import Responses, contents, instant, network, pins
    from api.console.badges import write_badges

    fetch = network() if responses is None else Responses(responses)
    check = checker(instant(now), fetch=fetch, recipient=recipient, pinned=pins())
    lines = [line(item) for item in check_files(contents(map(str, files)), check, fetch)]
    if as_json:
        text = "".join(f"{item.model_dump_json(exclude_defaults=True)}\n" for item in lines)
        if out is None:
            typer.echo(text, nl=False)
        else:
            save(out, text, quiet=context.obj)
    else:
        deliver(lines, write_badges, Delivery(False, out, context.obj))
    if any(item.verdict == "invalid" for item in lines):
        raise typer.Exit(ExitCode.SOME_ROWS_FAILED)
