"""Training and measuring at the terminal: progress on stderr, files for the answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from api.console.deliver import remark, save
from api.match_service import encode_with
from api.settings import read_settings

if TYPE_CHECKING:
    from pathways.matching.measured import Run

CARD = "model-card-match"


def train_match(data: Path, seed: int, out: Path | None, *, quiet: bool) -> None:
    """Train the matcher and write its file; keep what it learned from, so that matches here can look at it."""
    from api.kept_models import keep_precedents, model_file
    from pathways.matching.measured import learned_from, trained
    from pathways.matching.model import save as save_model

    settings = read_settings(os.environ)
    run = _run(data, seed, quiet=quiet)
    target = model_file(settings) if out is None else out
    checksum = save_model(trained(run), target)
    remark(f"Written to {target}: arrays with sha256 {checksum}", quiet=quiet)
    rows = learned_from(run)
    kept = keep_precedents(settings, rows, run.report["data"])
    remark(f"{len(rows):,} precedents kept on this machine, for its own matches: {kept}", quiet=quiet)


def report_match(data: Path, seed: int, out: Path, *, quiet: bool) -> None:
    """Measure the matcher, print its card and write it with its numbers and its picture."""
    from pathways.matching.card import markdown, reliability_picture

    run = _run(data, seed, quiet=quiet)
    card = markdown(run.report, f"{CARD}.svg")
    out.mkdir(parents=True, exist_ok=True)
    save(out / f"{CARD}.md", card, quiet=quiet)
    save(out / f"{CARD}.json", json.dumps(run.report, indent=1, sort_keys=True) + "\n", quiet=quiet)
    save(out / f"{CARD}.svg", reliability_picture(run.report), quiet=quiet)
    typer.echo(card)


def _run(data: Path, seed: int, *, quiet: bool) -> Run:
    from pathways.matching.measured import measure

    return measure(data, encode_with(read_settings(os.environ)), seed=seed, tell=lambda text: remark(text, quiet=quiet))
