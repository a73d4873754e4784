"""Train and measure the matcher: for those who have the recorded matches it learns from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.shared import group
from api.console.exits import OptionError

app = group("Train a model, and measure it.")

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="Holds ca-cpl-credit and rpi-transfer.", file_okay=False, show_default=False),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Same seed and data, same model.")]
NO_DATA = (
    "The recorded matches a model learns from do not ship with this project. Put the folders ca-cpl-credit and rpi-transfer "
    "side by side and name the folder around them: --data FOLDER."
)


@app.command()
def train(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="MODEL", help="match: badge to course.")],
    *,
    data: Data = None,
    seed: Seed = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Model into a file, not into use here.", dir_okay=False, show_default=False),
    ] = None,
) -> None:
    """Train a model; takes some minutes. Its file holds numbers alone, no text of the data.

    Model and the recorded matches it learned from are kept in the data folder of this machine and used by its matches.

    Example: pathways models train match --data ../shared/data
    """
    from api.console.models import train_match

    if name != "match":
        raise OptionError('MODEL: expected "match", the one model that is trained here.')
    if data is None:
        raise OptionError(NO_DATA)
    train_match(data, seed, out, quiet=context.obj)


@app.command()
def report(
    context: typer.Context,
    *,
    data: Data = None,
    seed: Seed = 0,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the model card goes.", file_okay=False)] = Path(),
) -> None:
    """Measure the matcher on badges held out, beside TF-IDF, BM25 and dense search, and write its model card.

    Writes model-card-match.md, .json and .svg.

    Example: pathways models report --data ../shared/data --out docs
    """
    from api.console.models import report_match

    if data is None:
        raise OptionError(NO_DATA)
    report_match(data, seed, out, quiet=context.obj)
