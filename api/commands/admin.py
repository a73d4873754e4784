"""``pathways admin`` and ``pathways audit-log``: for whoever runs the server, on the machine that has its store."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.shared import group
from api.console import options
from api.console.deliver import Delivery, deliver, remark, save
from api.console.exits import ExitCode

app = group("Institutions, people and keys.")
institutions_app = group("Institutions whose rows stay their own.")
people_app = group("People who sign in.")
keys_app = group("Keys of machines.")
log_app = group("The audit log: who did what, in a chain that shows tampering.")
app.add_typer(institutions_app, name="institutions")
app.add_typer(people_app, name="people")
app.add_typer(keys_app, name="keys")

Institution = Annotated[str, typer.Option("--institution", metavar="ID", help="Institution (local: the one of this machine).")]
AnyInstitution = Annotated[str | None, typer.Option("--institution", metavar="ID", help="Only those of this institution.")]
Roles = Annotated[
    list[str] | None, typer.Option("--role", metavar="ROLE", help="learner, advisor, evaluator or administrator. Repeat for more.")
]
PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person.", show_default=False)]


@institutions_app.command("add")
def institutions_add(
    context: typer.Context,
    institution_id: Annotated[str, typer.Argument(metavar="ID", help="Lower-case letters, digits, hyphens.", show_default=False)],
    *,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Name as people know it.")],
    as_json: options.AsJson = False,
) -> None:
    """Add an institution.

    Example: pathways admin institutions add state-college --name "State College"
    """
    from api.console.administering import add_institution, one, write_institutions

    deliver(add_institution(institution_id, name), one(write_institutions), Delivery(as_json, None, context.obj))


@institutions_app.command("list")
def institutions_list(context: typer.Context, *, as_json: options.AsJson = False) -> None:
    """List institutions."""
    from api.console.administering import institutions, write_institutions

    deliver(institutions(), write_institutions, Delivery(as_json, None, context.obj))


@people_app.command("add")
def people_add(
    context: typer.Context,
    *,
    institution: Institution = "local",
    role: Roles = None,
    issuer: Annotated[str | None, typer.Option("--issuer", metavar="URL", help="Sign-in provider.")] = None,
    subject: Annotated[str | None, typer.Option("--subject", metavar="SUBJECT", help="Who they are at that provider.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """Add a person; they are known by provider and subject, never by name.

    Example: pathways admin people add --institution state-college --role advisor --issuer https://id.example.edu --subject 8f14e45f
    """
    from api.console.administering import add_person, one, write_people

    made = add_person(institution, role or ["learner"], issuer, subject)
    deliver(made, one(write_people), Delivery(as_json, None, context.obj))


@people_app.command("list")
def people_list(context: typer.Context, *, institution: AnyInstitution = None, as_json: options.AsJson = False) -> None:
    """List people and their roles."""
    from api.console.administering import people, write_people

    deliver(people(institution), write_people, Delivery(as_json, None, context.obj))


@people_app.command("role")
def people_role(context: typer.Context, person: PersonId, *, role: Roles = None, as_json: options.AsJson = False) -> None:
    """Give a person exactly these roles, from their next request on; without --role, none.

    Example: pathways admin people role p-7f3k9qhd7f3k9qhd7f3k --role evaluator --role advisor
    """
    from api.console.administering import one, set_roles, write_people

    deliver(set_roles(person, role or []), one(write_people), Delivery(as_json, None, context.obj))


@people_app.command("revoke")
def people_revoke(context: typer.Context, person: PersonId, *, as_json: options.AsJson = False) -> None:
    """Shut a person out, at once and in every open session."""
    from api.console.administering import one, revoke_person, write_people

    deliver(revoke_person(person), one(write_people), Delivery(as_json, None, context.obj))


@keys_app.command("create")
def keys_create(
    context: typer.Context,
    *,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="learner, advisor, evaluator or administrator.")],
    institution: Institution = "local",
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="What it is for.")] = "",
    days: Annotated[int, typer.Option("--days", metavar="N", help="Good for so many days, at most 3650.")] = 365,
    as_json: options.AsJson = False,
) -> None:
    """Make a key. It is printed this once; the store keeps only a digest of it.

    Example: pathways admin keys create --institution state-college --role advisor --note "nightly import" --days 90
    """
    from api.console.administering import create_key, write_new_key

    deliver(create_key(institution, role, note, days), write_new_key, Delivery(as_json, None, context.obj))
    remark("Keep it now: it is not shown again. Send it as: Authorization: Bearer KEY", quiet=context.obj)


@keys_app.command("list")
def keys_list(context: typer.Context, *, institution: AnyInstitution = None, as_json: options.AsJson = False) -> None:
    """List keys: their public part, role, expiry and last use."""
    from api.console.administering import keys, write_keys

    deliver(keys(institution), write_keys, Delivery(as_json, None, context.obj))


@keys_app.command("revoke")
def keys_revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Public part of the key, as the list shows it.", show_default=False)],
    *,
    as_json: options.AsJson = False,
) -> None:
    """End a key, from the next request on."""
    from api.console.administering import one, revoke_key, write_keys

    deliver(revoke_key(key), one(write_keys), Delivery(as_json, None, context.obj))


@log_app.command("verify")
def log_verify(
    context: typer.Context,
    *,
    head: Annotated[
        str | None, typer.Option("--head", metavar="ROW:HASH", help="A head noted earlier, which the log must still have.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Check that no row was edited, removed, moved or cut off; name the first that is not as it was written.

    An older copy of the whole database is only found out with --head. Example: pathways audit-log verify
    """
    from api.console.administering import check_log, write_check

    answer = check_log(head)
    deliver(answer, write_check, Delivery(as_json, None, context.obj))
    if not answer.intact:
        raise typer.Exit(ExitCode.BAD_DATA)


@log_app.command("export")
def log_export(context: typer.Context, *, institution: AnyInstitution = None, out: options.Out = None) -> None:
    """Write the audit log as JSON Lines, each row with its hash and seal.

    Example: pathways audit-log export --out audit.jsonl
    """
    from api.console.administering import log_lines

    text = log_lines(institution)
    if out is None:
        typer.echo(text, nl=False)
    else:
        save(out, text, quiet=context.obj)
