"""Badges matched with courses: for one badge with evidence, or for a whole file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.console import options
from api.console.deliver import Delivery, deliver
from api.console.exits import OptionError

Badges = Annotated[list[str] | None, typer.Argument(metavar="BADGE", help="Catalog ids, or titles in quotes.", show_default=False)]
BadgeFile = Annotated[
    Path | None,
    typer.Option("--badges", metavar="FILE", help="CSV: id,title,issuer,description,outcomes,hours.", exists=True, dir_okay=False),
]
CourseFile = Annotated[
    Path | None,
    typer.Option("--courses", metavar="FILE", help="CSV: id,institution,title,description,credits.", exists=True, dir_okay=False),
]
Institution = Annotated[str, typer.Option("--institution", metavar="ID", help="Whose imported courses, where no file is given.")]
Precedents = Annotated[
    Path | None,
    typer.Option(
        "--precedents",
        metavar="FOLDER",
        help="Recorded matches elsewhere, instead of those kept here.",
        exists=True,
        file_okay=False,
    ),
]
ModelFile = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FILE", help="Model file, instead of one trained here or the shipped one.", exists=True, dir_okay=False
    ),
]
Risk = Annotated[float, typer.Option("--risk", min=0.01, max=0.5, help="Share of answers that may be wrong; else it abstains.")]
Count = Annotated[int, typer.Option("-k", "--count", min=1, max=10, metavar="N", help="Proposals for each badge.")]
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help="Kind of credential, where the badge does not say.")]
Queue = Annotated[bool, typer.Option("--queue", help="Put proposals on the institution's review queue: pathways review list.")]
Lines = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write one line of JSON a badge.", dir_okay=False)]


def match(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    badge: Badges = None,
    *,
    badges: BadgeFile = None,
    courses: CourseFile = None,
    institution: Institution = "local",
    precedents: Precedents = None,
    model: ModelFile = None,
    kind: Kind = "",
    risk: Risk = 0.1,
    k: Count = 5,
    queue: Queue = False,
    as_json: options.AsJson = False,
    out: Lines = None,
) -> None:
    """Match badges with courses, for evaluators.

    A probability says that colleges recorded such matches; it is nobody's chance of acceptance. A person decides.

    Example: pathways match "CompTIA A+" --courses courses.csv

    Example: pathways match letrs-v1 --institution local --queue
    """
    from api.console.match import decided_before, matched, wanted_badges, wanted_courses, write_lines, write_matches

    if bool(badge) == (badges is not None):
        raise OptionError("Name badges, or give a file of them with --badges; one of the two.")
    if queue:
        if not badge or any((courses, precedents, model, out)):
            raise OptionError("--queue takes ids of the catalog and an institution's own courses; leave out the files.")
        from api.console.review import put_on_queue, write_made

        deliver(put_on_queue(context, badge, institution, k), write_made, Delivery(as_json, None, context.obj))
        return
    from pathways.matching.propose import Asked

    found = wanted_badges(context, badge or [], badges, kind)
    listed = wanted_courses(context, courses, institution)
    own = decided_before(context, institution) if courses is None else None
    asked = Asked(k=k, risk=risk, with_evidence=out is None)
    results = matched(found, listed, precedents=precedents, model=model, asked=asked, own=own, quiet=context.obj)
    if out is not None:
        write_lines(out, results, quiet=context.obj)
        return
    titles = {course.id: course.title for course in listed}
    deliver(results, lambda paper, answer: write_matches(paper, answer, titles), Delivery(as_json, None, context.obj))
