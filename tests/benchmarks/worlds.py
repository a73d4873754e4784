"""Generated graphs of any size for measuring, with learners to ask about. Everything is drawn from one seed.

Themes of 200 credentials in five layers. Half of each theme is earned directly; the rest asks for one item, all, any or some of a
list, so many credits, or two lists at once; four picks in five come from lower layers of its own theme, most from the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pathways.graph.compiled import CompiledGraph, from_arrays

SEED = 20261121
THEME = 200
LAYERS = np.array([0, 100, 140, 170, 190, THEME])
#: Share of rules among credentials above the lowest layer: one item, all, any, k of n, credits, all of two lists.
RULES = np.array([0.25, 0.3, 0.12, 0.13, 0.1, 0.1])

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Gates:
    """Thresholds over credentials: owner or parent, need, and the credentials each lists with their weights."""

    owner: Ints
    need: Ints
    counts: Ints
    listed: Ints
    weight: Ints


def graph_of(n: int, seed: int = SEED) -> CompiledGraph:
    """A graph of n credentials (a multiple of 200)."""
    assert n % THEME == 0, "whole themes"
    generator = np.random.default_rng(seed)
    place = np.arange(n) % THEME
    layer = np.searchsorted(LAYERS, place, side="right") - 1
    upper = np.flatnonzero(layer > 0)
    rule = generator.choice(len(RULES), size=len(upper), p=RULES)
    lists = _lists(upper, rule, generator)
    listed, owner = _picks(lists, layer, n, generator)
    size = np.bincount(owner, minlength=len(lists))
    kind = rule[np.searchsorted(upper, lists)]
    summed = kind == 4
    weight = np.where(summed[owner], generator.integers(1, 5, size=len(owner)), 1)
    total = np.bincount(owner, weights=weight, minlength=len(lists)).astype(np.int64)
    some = np.maximum(1, (total * generator.uniform(0.3, 0.8, size=len(lists))).astype(np.int64))
    second = np.append(False, lists[1:] == lists[:-1])
    need = np.select([kind == 0, kind == 1, kind == 2, second], [total, total, np.ones_like(total), np.ones_like(total)], some)
    return _assembled(n, Gates(lists, need, size, listed, weight))


def _lists(upper: Ints, rule: Ints, generator: np.random.Generator) -> Ints:
    """Owner of each list; the last kind of rule has two."""
    return np.repeat(upper, np.where(rule == 5, 2, 1))


def _picks(lists: Ints, layer: Ints, n: int, generator: np.random.Generator) -> tuple[Ints, Ints]:
    """Credentials of lower layers for each list, each once, in order."""
    owner = np.repeat(np.arange(len(lists)), generator.integers(1, 7, size=len(lists)))
    above = lists[owner]
    theme = np.where(generator.random(len(owner)) < 0.8, above // THEME, generator.integers(n // THEME, size=len(owner)))
    picked = theme * THEME + (np.sqrt(generator.random(len(owner))) * LAYERS[layer[above]]).astype(np.int64)
    pairs = np.unique(np.stack([owner, picked], axis=1), axis=0)
    return pairs[:, 1].copy(), pairs[:, 0].copy()


def _assembled(n: int, gates: Gates) -> CompiledGraph:
    """Credentials with their one or two gates; two are joined by a gate of their own."""
    m = len(gates.owner)
    first = np.append(True, gates.owner[1:] != gates.owner[:-1])
    double = np.flatnonzero(~first)
    below = np.zeros(n, np.int64)
    below[gates.owner[first]] = n + np.flatnonzero(first)
    below[gates.owner[double]] = n + m + np.arange(len(double))
    has = np.flatnonzero(below)
    counts = np.concatenate([(below > 0).astype(np.int64), gates.counts, np.full(len(double), 2)])
    joined = np.stack([n + double - 1, n + double], axis=1).ravel()
    child = np.concatenate([below[has], gates.listed, joined])
    weight = np.concatenate([np.ones(len(has), np.int64), gates.weight, np.ones(len(joined), np.int64)])
    need = np.concatenate([(below > 0).astype(np.int64), gates.need, np.full(len(double), 2)])
    ptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return from_arrays(n, ptr, child, need, n_atoms=n, weight=weight)


def learners(n: int, count: int, seed: int = SEED) -> list[Ints]:
    """Held credentials of some learners: 4, 13 and 44 items at the 5th, 50th and 95th percentile, from one to three themes."""
    generator = np.random.default_rng((seed, n))
    found = []
    for _ in range(count):
        size = int(np.clip(np.exp(generator.normal(np.log(13), 0.74)), 1, 120))
        themes = generator.integers(n // THEME, size=generator.integers(1, 4))
        place = (generator.random(size) ** 1.5 * THEME).astype(np.int64)
        found.append(np.unique(generator.choice(themes, size) * THEME + place))
    return found
