"""What is looked for, and how wide a band each unit sweeps for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sarex.detection.model import SweepWidth
from sarex.drift.ensemble import DriftEnsemble
from sarex.report.words import nautical_miles, percent, sweep_width
from sarex.tables.leeway import leeway_classes
from sarex.tasking.model import Task

_PERSON = "person in the water"


@dataclass(frozen=True)
class WidthRow:
    unit: str
    width: str
    uncorrected: str
    corrections: tuple[str, ...]
    source: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class ObjectSection:
    key: str
    description: str
    share: str
    leeway: str
    remarks: tuple[str, ...]
    """Those that several units share."""
    widths: tuple[WidthRow, ...]


def object_words(key: str) -> str:
    """The published description of a leeway class, led by what it is, or its key."""
    known = leeway_classes().get(key)
    if known is None:
        return key
    name = object_name(key)
    description = known.description.lstrip("> ")
    if description.lower().startswith((name.lower(), "person-in-water")):
        return description
    return f"{name[0].upper()}{name[1:]}: {description}"


def object_name(key: str) -> str:
    """The first words of the published description, for a sentence: "life raft", "person in the water".

    A subdivision (marked > in the table) is named by the class that it divides, the nearest before it
    without a mark.
    """
    classes = leeway_classes()
    if key not in classes:
        return "object"
    keys = list(classes)
    family = next(
        name for name in reversed(keys[: keys.index(key) + 1]) if classes[name].description[0] != ">"
    )
    name = classes[family].description.split(",")[0].split("(")[0].split(" - ")[0].strip()
    name = name if name[:2].isupper() else name[0].lower() + name[1:]
    return _PERSON if name == "person-in-water" else name


def object_shares(ensemble: DriftEnsemble) -> list[tuple[str, str]]:
    """Every object class with its share of the probability that is still out there."""
    total = ensemble.undetected
    weights = [
        float(ensemble.weight[ensemble.object_type == index].sum())
        for index in range(len(ensemble.object_types))
    ]
    return [
        (key, percent(weight / total if total > 0.0 else 0.0))
        for key, weight in zip(ensemble.object_types, weights, strict=True)
    ]


def object_sections(ensemble: DriftEnsemble, tasks: Sequence[Task]) -> tuple[ObjectSection, ...]:
    return tuple(_section(key, share, tasks) for key, share in object_shares(ensemble))


def _section(key: str, share: str, tasks: Sequence[Task]) -> ObjectSection:
    # sorties of one unit in one light have one width
    widths = list(
        dict.fromkeys((task.unit.name, task.sweep_widths[key]) for task in tasks if key in task.sweep_widths)
    )
    times = Counter(remark for _, width in widths for remark in width.remarks)
    shared = tuple(remark for remark, count in times.items() if count > 1)
    return ObjectSection(
        key=key,
        description=object_words(key),
        share=share,
        leeway=_leeway_words(key),
        remarks=shared,
        widths=tuple(_width_row(unit, width, shared) for unit, width in widths),
    )


def _leeway_words(key: str) -> str:
    known = leeway_classes().get(key)
    if known is None:
        return "not in the published table"
    return (
        f"{known.downwind_slope_percent:.2f} % of the wind downwind, "
        f"{known.crosswind_right_slope_percent:+.2f} % across to the right, "
        f"{known.crosswind_left_slope_percent:+.2f} % across when on the left"
    )


def _width_row(unit: str, width: SweepWidth, shared: Sequence[str]) -> WidthRow:
    changing = [step for step in width.corrections if step.factor != 1.0]
    idle = [step.name for step in width.corrections if step.factor == 1.0]
    return WidthRow(
        unit=unit,
        width=sweep_width(width.width_m),
        uncorrected=nautical_miles(width.uncorrected_m),
        corrections=(
            *(f"{step.name} × {step.factor:.2f}: {step.why}" for step in changing),
            *([f"× 1.00: {', '.join(idle)}"] if idle else []),
        ),
        source=width.source,
        remarks=tuple(remark for remark in width.remarks if remark not in shared),
    )
