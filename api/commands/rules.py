"""Local rules: what one place or institution says, on its own word."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api.console import options
from api.console.deliver import Delivery, deliver
from api.console.exits import ExitCode, OptionError

Credential = Annotated[str | None, typer.Argument(metavar="ID", help="Whose requirement it is.", show_default=False)]
Rule = Annotated[
    str | None, typer.Option("--rule", metavar="RULE", help='In the requirement language: "at_least(2, letrs-v1, letrs-v2, cda)".')
]
Institution = Annotated[
    str | None, typer.Option("--institution", metavar="NAME", help="The institution that awards it, as the catalog names it.")
]
Place = Annotated[str | None, typer.Option("--place", metavar="CODE", help="Holds for learners who work there: US-OH, OH or Ohio.")]
District = Annotated[str | None, typer.Option("--district", metavar="NAME", help="Only in this district of the place.")]
Source = Annotated[
    str | None, typer.Option("--source", metavar="WORDS", help='Who said so: "e-mail from the registrar, 2026-11-20".')
]
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help="component, prerequisite, corequisite or precedes.")]
Also = Annotated[bool, typer.Option("--also", help="Holds beside the published rule, not in its place.")]
From = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="First day it holds.")]
Until = Annotated[str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="Last day it holds.")]


def add(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    credential: Credential = None,
    *,
    rule: Rule = None,
    place: Place = None,
    district: District = None,
    institution: Institution = None,
    source: Source = None,
    kind: Kind = "component",
    also: Also = False,
    valid_from: From = None,
    valid_until: Until = None,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Add a rule of one place or institution; on a terminal it asks for what is missing.

    It wins over the published rule there and nowhere else, and every answer that rests on it says that it is local, and whose word.

    Example: pathways rules add oh-reading-endorsement --place US-OH --rule "all(letrs-v1, letrs-v2)"
    --source "e-mail from the registrar, 2026-11-20"
    """
    from api.console.asking import rule_in
    from api.console.catalogs import ask_rule, open_shelf, write_rule_added
    from api.rule_service import add_rule

    given: dict[str, object] = {
        "credential": credential, "rule": rule, "place": place, "district": district, "institution": institution, "source": source,
        "kind": kind, "adds": also, "valid_from": valid_from, "valid_until": valid_until,
    }  # fmt: skip
    if sys.stdin.isatty() and not context.obj:
        given = ask_rule(given)
    missing = [name for name in ("credential", "rule", "source") if not given[name]]
    if missing:
        message = f"Say {', '.join('the ID' if name == 'credential' else f'--{name}' for name in missing)}."
        raise OptionError(message)
    deliver(add_rule(open_shelf(), rule_in(given)), write_rule_added, Delivery(as_json, out, context.obj))


def list_rules(context: typer.Context, *, as_json: options.AsJson = False, out: options.Out = None) -> None:
    """List the local rules, oldest first."""
    from api.console.catalogs import open_shelf, write_rules
    from api.rule_service import rules

    found = rules(open_shelf())
    deliver(found, write_rules, Delivery(as_json, out, context.obj))
    if not found:
        typer.echo("There is no local rule. Add one: pathways rules add", err=True)
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def remove(
    context: typer.Context,
    rule_id: Annotated[str, typer.Argument(metavar="RULE", help="As pathways rules list shows it.", show_default=False)],
    *,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Drop a local rule; the published one holds again."""
    from api.console.catalogs import open_shelf, write_rules
    from api.rule_service import remove_rule

    deliver([remove_rule(open_shelf(), rule_id)], write_rules, Delivery(as_json, out, context.obj))
