"""A route as a picture: stages are the columns, since a route has an order and no terms."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from api.schemas import RouteOut, RouteStepOut, TargetRoutesOut
from pathways.catalog.entities import Catalog
from pathways.draw.picture import Arrow, Column, Node, Picture, Status

EARNED, GOAL = "Earned", "Goal"
_WORDS = {"item": (), "claim": ("claim it",), "condition": ("to be confirmed",)}


def picture_of_route(
    target: TargetRoutesOut, route: RouteOut, held: Collection[str], catalog: Catalog, *, footer: str = ""
) -> Picture:
    """The picture of one way to a target.

    Parameters
    ----------
    target, route : TargetRoutesOut, RouteOut
    held : collection of str
        Ids on the record; those that a step of the route names stand in front.
    catalog : Catalog
        What names what.
    footer : str

    Returns
    -------
    Picture
        Steps in the earliest stage that what they need allows; an arrow from each step or held item to those that name it. What no
        other step names counts toward the goal.
    """
    keys = {step.id or f"condition:{number}": step for number, step in enumerate(route.steps) if step.id != target.id}
    needs = {key: _needs(step, keys, held, catalog) for key, step in keys.items()}
    used = list(dict.fromkeys(name for names in needs.values() for name in names if name in held and name not in keys))
    goal_needs = set(_named(target.id, catalog))
    used += [name for name in dict.fromkeys(held) if name in goal_needs and name not in keys and name not in used]
    stages = _stages(keys, needs)
    first = 1 if used else 0
    last = first + max(stages.values(), default=-1) + 1
    nodes = [Node(name, _name(name, catalog), 0, "earned", (), f"/credentials/{name}") for name in used]
    for key, step in keys.items():
        status: Status = "next" if stages[key] == 0 and step.kind != "condition" else "planned"
        href = f"/credentials/{step.id}" if step.id else None
        nodes.append(Node(key, step.name, first + stages[key], status, _WORDS[step.kind], href))
    nodes.append(Node(target.id, target.name, last, "target", (), f"/targets/{target.id}"))
    named = {name for names in needs.values() for name in names}
    arrows = [Arrow(name, key) for key, names in needs.items() for name in names]
    arrows += [Arrow(key, target.id, "counts") for key in (*used, *keys) if key in goal_needs or key not in named]
    columns = [Column(EARNED)] * first + [Column(f"Stage {number}") for number in range(1, last - first + 1)] + [Column(GOAL)]
    return Picture(f"Toward {target.name}", tuple(columns), tuple(nodes), tuple(arrows), footer)


def _needs(step: RouteStepOut, keys: Mapping[str, RouteStepOut], held: Collection[str], catalog: Catalog) -> tuple[str, ...]:
    """Steps of the route before this one, and held items, that it names."""
    if step.id is None:
        return ()
    named = set(_named(step.id, catalog))
    if step.agreement_id is not None:
        named.update(key for row in catalog.agreements if row.id == step.agreement_id for key in row.from_ids)
    before = list(keys)[: list(keys).index(step.id)]
    return tuple(dict.fromkeys(name for name in (*held, *before) if name in named))


def _named(credential_id: str, catalog: Catalog) -> tuple[str, ...]:
    rows = catalog.rows_by_credential.get(credential_id, ())
    return tuple(name for row in rows if row.kind in {"component", "prerequisite"} for name in catalog.named_ids(row.rule))


def _stages(keys: Mapping[str, RouteStepOut], needs: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Earliest stage of each step; a route's steps come in an order they can be taken in."""
    found: dict[str, int] = {}
    for key in keys:
        found[key] = max((found[name] + 1 for name in needs[key] if name in found), default=0)
    return found


def _name(credential_id: str, catalog: Catalog) -> str:
    item = catalog.item(credential_id)
    return credential_id if item is None else item.name
