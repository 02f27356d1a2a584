"""Which two variables of a dataset are the components of a current, a wind or a Stokes drift."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from sarex.environment.labelled import LabelledArray, LabelledDataset
from sarex.environment.quantities import QUANTITIES, Naming, Quantity, speed_unit_mps
from sarex.errors import ForcingError


@dataclass(frozen=True)
class Component:
    """One component of the velocity as it lies in the file."""

    variable: str
    mps_per_unit: float


@dataclass(frozen=True)
class Pair:
    """Names of the two variables, and what their names say about directions."""

    first: str
    second: str
    naming: Naming


def find_pairs(dataset: LabelledDataset, quantity: Quantity) -> list[Pair]:
    """Every pair that may be this quantity, the most trusted first."""
    return [*_by_standard_name(dataset, quantity), *_by_name(dataset, quantity)]


def components_of(label: str, dataset: LabelledDataset, pair: Pair) -> tuple[Component, Component]:
    """Both components with their factors to m/s.

    Raises:
        ForcingError: a unit is missing or is no speed.
    """
    both = dataset[pair.first], dataset[pair.second]
    lacking = [str(variable.name) for variable in both if not stated_units(variable)]
    if lacking:
        edits = " ".join(f"-a units,{name},o,c,'m s-1'" for name in lacking)
        raise ForcingError(
            f"{label}: {' and '.join(lacking)} {'have' if len(lacking) > 1 else 'has'} no units, and a speed "
            f"without them is not used; add them (if it is m/s: ncatted {edits} {quote(label)})"
        )
    return _component(label, both[0]), _component(label, both[1])


def nothing_found(
    label: str, datasets: tuple[LabelledDataset, ...], held: tuple[str, ...], quantity: Quantity
) -> str:
    """The sentence for a location that does not have this quantity."""
    for other in QUANTITIES:
        others = [pair for dataset in datasets for pair in find_pairs(dataset, other)]
        if other is not quantity and others:
            return (
                f"{label}: no {quantity.name} in this file; it holds a {other.name} "
                f"({others[0].first}, {others[0].second}). Name it under {other.case_key}."
            )
    known = {
        name
        for naming in (*quantity.standard_names, *quantity.variable_names)
        for name in (naming.first, naming.second)
    }
    halves = [
        str(name)
        for dataset in datasets
        for name, variable in dataset.variables.items()
        if name in known or variable.attrs.get("standard_name") in known
    ]
    named = [name for name in held if name in known]
    halves += named if len(named) == 1 else []
    if halves:
        return f"{label}: only one component of the {quantity.name} is here ({halves[0]}); both are needed."
    listed = ", ".join(held[:6])[:100] or "no variables at all"
    east, north = quantity.standard_names[0].first, quantity.standard_names[0].second
    return f"{label}: no {quantity.name} ({east}, {north}) in this file; it holds {listed}."


def shape_of(dataset: LabelledDataset, name: str) -> str:
    """The dimensions of a variable, for sentences."""
    return "(" + ", ".join(str(dim) for dim in dataset[name].dims) + ")"


def _by_standard_name(dataset: LabelledDataset, quantity: Quantity) -> Iterator[Pair]:
    for naming in quantity.standard_names:
        firsts = _with_standard_name(dataset, naming.first)
        seconds = _with_standard_name(dataset, naming.second)
        yield from (Pair(a, b, naming) for a in firsts for b in seconds if _sisters(dataset, a, b))
        yield from (Pair(a, b, naming) for a in firsts for b in seconds if not _sisters(dataset, a, b))


def _with_standard_name(dataset: LabelledDataset, standard_name: str) -> list[str]:
    names = [str(n) for n, v in dataset.variables.items() if v.attrs.get("standard_name") == standard_name]
    # Several heights of one wind: the one that is called ten metres first, a gust never.
    names = [name for name in names if "gust" not in name.lower()]
    return sorted(names, key=lambda name: "10" not in name)


def _sisters(dataset: LabelledDataset, first: str, second: str) -> bool:
    """The names differ in the letter of the component only, and the dimensions are the same."""
    if dataset[first].dims != dataset[second].dims or len(first) != len(second):
        return False
    return sum(a != b for a, b in zip(first, second, strict=True)) <= 1


def _by_name(dataset: LabelledDataset, quantity: Quantity) -> Iterator[Pair]:
    for naming in quantity.variable_names:
        names = (naming.first, naming.second)
        if all(name in dataset.variables and _may_be(dataset[name], quantity) for name in names):
            yield Pair(*names, naming)


def _may_be(variable: LabelledArray, quantity: Quantity) -> bool:
    """Nothing in the variable's own words says that it is something else."""
    words = f"{variable.attrs.get('standard_name', '')} {variable.attrs.get('long_name', '')}".lower()
    return re.search(quantity.foreign_words, words) is None


def _component(label: str, variable: LabelledArray) -> Component:
    name = str(variable.name)
    units = stated_units(variable)
    factor = speed_unit_mps(units)
    if factor is None:
        raise ForcingError(
            f"{label}: the units of {name} are '{units[:40]}', which is no speed known here; "
            f"write m s-1, cm s-1, km h-1 or knot."
        )
    return Component(name, factor)


def stated_units(variable: LabelledArray) -> str:
    """The units attribute, or what stands in brackets at the end of the long name; empty without either."""
    units = variable.attrs.get("units")
    if units is None:
        stated = re.search(r"\(([^()]*)\)\s*$", str(variable.attrs.get("long_name", "")))
        units = stated.group(1) if stated else ""
    return str(units).strip()
