"""Where the plan commands get their plans from and keep them, and what a terminal hears while one is searched for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from api.console.deliver import remark, save
from api.console.exits import OptionError
from api.settings import read_settings
from api.store.errors import StoreError, UnknownPlanError
from pathways.errors import DataError, DataProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.plan_pictures import Form
    from api.plan_schemas import AlternativesOut, ComparisonOut, PlanIn, PlanOut
    from api.store.plans import PlanStore
    from api.world import World
    from pathways.planning.problem import PlanProgress

FORMS: dict[str, Form] = {
    "svg": "svg",
    "png": "png",
    "mermaid": "mmd",
    "mmd": "mmd",
    "dot": "dot",
    "csv": "csv",
    "json": "json",
    "html": "html",
}
"""What a person calls a form, and its suffix."""
MOST_BYTES = 20_000_000


def store_here() -> PlanStore:
    """The plans of this machine, where the environment says they are."""
    from api.store.database import database_of
    from api.store.plans import PlanStore

    return PlanStore(database_of(read_settings(os.environ)))


def make_plan(world: World, asked: PlanIn, *, quiet: bool) -> PlanOut:
    """Plan, and keep the plan; where it cannot be kept, it is shown all the same."""
    from api.plan_service import make, make_kept

    with Ticker(quiet=quiet) as ticker:
        try:
            return make_kept(world, store_here(), asked, hears=ticker.hear)
        except StoreError as error:
            remark(f"Note: {error}", quiet=quiet)
            return make(world, asked)


def plan_named(name: str) -> PlanOut:
    """A plan by its id, or from a JSON file.

    Raises
    ------
    DataError
        If a file is there and is no plan.
    UnknownPlanError
        If it is neither a file nor a kept plan.
    """
    path = Path(name)
    if path.is_file():
        return _from_file(path)
    if path.suffix == ".json":
        raise UnknownPlanError(name)
    from api.plan_service import read

    return read(store_here().get(name))


def other_plans(world: World, plan: PlanOut, count: int, *, quiet: bool) -> AlternativesOut:
    """Other plans of the same question, kept like the first."""
    from api.plan_schemas import AlternativesIn
    from api.plan_service import alternatives
    from api.plan_service import other_plans as others

    wanted = AlternativesIn(count=count, seconds=plan.asked.seconds)
    if plan.id is None:
        return others(world, plan, wanted)
    with Ticker(quiet=quiet):
        return alternatives(world, store_here(), plan.id, wanted)


def compared(names: Sequence[str]) -> ComparisonOut:
    """Plans side by side, each under the name it was asked for.

    Raises
    ------
    OptionError
        If there are fewer than two.
    """
    from api.plan_compared import comparison

    if len(names) < 2:
        raise OptionError("Name at least two plans.")
    return comparison([plan_named(name) for name in names], names)


def draw_plan(name: str, form: str, out: Path | None, *, quiet: bool) -> None:
    """A plan into a file or onto standard output.

    Raises
    ------
    OptionError
        If there is no such form, a PNG has no file to go to or its optional package is missing, or the file cannot be written.
    """
    suffix = FORMS.get(form.casefold())
    if suffix is None:
        message = f'--format: "{form}" is none. Expected one of: {", ".join(key for key in FORMS if key != "mmd")}.'
        raise OptionError(message)
    if suffix == "png" and out is None:
        raise OptionError("A PNG is no text: name a file with --out.")
    from api.plan_pictures import drawn
    from pathways.draw.export import MissingExtraError

    try:
        content = drawn(plan_named(name), suffix)
    except MissingExtraError as error:
        raise OptionError(str(error)) from error
    if out is not None:
        save(out, content, quiet=quiet)
        return
    sys.stdout.write(content.decode())
    sys.stdout.flush()


class Ticker:
    """Tells a terminal the best value found so far and the proven bound; says nothing where no person watches."""

    def __init__(self, *, quiet: bool) -> None:
        self._is_shown = not quiet and sys.stderr.isatty()
        self._last = ""

    def __enter__(self) -> Ticker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._last:
            typer.echo("\r" + " " * len(self._last) + "\r", err=True, nl=False)

    def hear(self, progress: PlanProgress) -> None:
        """One step of the search."""
        if not self._is_shown:
            return
        best = "" if progress.incumbent is None else f", best so far {float(progress.incumbent):g}"
        bound = "" if progress.bound is None else f", proven at least {float(progress.bound):g}"
        line = f"Planning: {progress.stage}{best}{bound}"
        typer.echo("\r" + line.ljust(len(self._last)), err=True, nl=False)
        self._last = line


def _from_file(path: Path) -> PlanOut:
    from pydantic import ValidationError

    from api.plan_schemas import PlanOut

    if path.stat().st_size > MOST_BYTES:
        found = f"{path.stat().st_size:,} bytes"
        raise DataError((DataProblem(str(path), 1, "file", found, f"a plan of at most {MOST_BYTES:,} bytes"),))
    try:
        return PlanOut.model_validate_json(path.read_bytes())
    except ValidationError as error:
        entries = error.errors(include_url=False, include_input=False, include_context=False)
        problems = [
            DataProblem(
                str(path), 1, ".".join(map(str, entry["loc"])) or "file", entry["msg"], "a plan as pathways plan --json writes it"
            )
            for entry in entries[:5]
        ]
        raise DataError(tuple(problems)) from None
