"""Options that several commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Goal = Annotated[
    list[str] | None,
    typer.Argument(metavar="GOAL", help="What you want, in your own words; optional where --target is given.", show_default=False),
]
Target = Annotated[str, typer.Argument(help="Catalog id, or a renewal such as renewal:US-TN.", show_default=False)]
Targets = Annotated[
    list[str] | None, typer.Option("--target", metavar="ID", help="Work toward this id, or renewal:US-TN. Repeat for more.")
]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", metavar="ID", help="Do not show this id. Repeat for more.")]
Have = Annotated[
    list[str] | None,
    typer.Option(
        "--have",
        metavar="ID|ID*N|FILE",
        help="You hold this id (ID*9: nine under a generic id), or this badge file. Repeat for more.",
    ),
]
Record = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="Learner record (CSV, JSON) or transcript (CSV, PESC XML).",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]
Progress = Annotated[
    list[str] | None,
    typer.Option("--progress", metavar="AMOUNT", help='Earned toward renewal, such as "48 PDP". Repeat for more.'),
]
PlaceCode = Annotated[str | None, typer.Option("--place", metavar="CODE", help="Where you work: US-OH, OH or Ohio.")]
District = Annotated[str | None, typer.Option("--district", metavar="NAME", help="Your district, as its own pages name it.")]
License = Annotated[str | None, typer.Option("--license", metavar="KIND", help="The license you hold, in the authority's words.")]
Budget = Annotated[float | None, typer.Option("--budget", metavar="USD", help="What you can spend in all.")]
Hours = Annotated[float | None, typer.Option("--hours-per-week", metavar="N", help="Hours a week you can give.")]
By = Annotated[str | None, typer.Option("--by", metavar="YYYY-MM", help="Last month.")]
Count = Annotated[int, typer.Option("-k", "--count", min=1, max=50, metavar="N", help="How many to show.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the JSON of the API instead of text.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file, not to the terminal.", dir_okay=False)]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write a one-page report to print.", dir_okay=False)]
Folder = Annotated[
    Path | None, typer.Argument(help="Folder of catalog files; if left out, the one in use.", exists=True, file_okay=False)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr; errors are still shown.")]
PlanTarget = Annotated[str, typer.Argument(metavar="TARGET", help="Catalog id of what to reach.", show_default=False)]
Terms = Annotated[str | None, typer.Option("--terms", metavar="RANGE", help='Terms, such as "Spring 2027..Summer 2029".')]
Load = Annotated[str | None, typer.Option("--load", metavar="MIN..MAX", help="Credits a term: 3..9, or only the most: 9.")]
Pin = Annotated[
    list[str] | None, typer.Option("--pin", metavar="ID=TERM", help='Keep it in this term: letrs-u1="Fall 2027". Repeat for more.')
]
LeaveOut = Annotated[list[str] | None, typer.Option("--exclude", metavar="ID", help="Do not use this id. Repeat for more.")]
MustUse = Annotated[list[str] | None, typer.Option("--require", metavar="ID", help="Use this id. Repeat for more.")]
Aims = Annotated[
    str | None,
    typer.Option("--objective", metavar="AIMS", help="What to make small, in order: terms, cost, hours, balance."),
]
Others = Annotated[
    int | None,
    typer.Option("--alternatives", min=0, max=10, metavar="N", help="Also the cheapest, the lightest and N other plans."),
]
Fill = Annotated[
    bool | None,
    typer.Option("--fill", help="Fill terms under the least load with other courses of your choice.", show_default=False),
]
Seconds = Annotated[float | None, typer.Option("--seconds", metavar="S", help="How long the search may take, at most 30.")]
Plans = Annotated[list[str], typer.Argument(metavar="PLAN...", help="Plan ids, or JSON files of plans.", show_default=False)]
OnePlan = Annotated[str, typer.Argument(metavar="PLAN", help="Plan id, or a JSON file of a plan.", show_default=False)]
Form = Annotated[str, typer.Option("--format", "-f", metavar="FORM", help="svg, png, mermaid, dot, csv, json or html.")]
