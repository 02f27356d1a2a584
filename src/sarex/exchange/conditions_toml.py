"""The conditions that crews met, as they tell them after a search."""

from dataclasses import replace
from pathlib import Path

from sarex.case.model import Case
from sarex.case.wording import suggestion
from sarex.errors import PlanError
from sarex.exchange.toml_tables import Table, list_of_tables, load_toml
from sarex.exchange.unit_names import unit_named
from sarex.update.widths import ConditionsMet, WeatherMet

_COMMON = {"visibility_nm": (0.1, 30.0), "wave_height_ft": (0.0, 70.0), "wind_kt": (0.0, 150.0)}
_OF_A_UNIT = ("name", *_COMMON, "altitude_ft", "fatigued", "sweep_width_nm")


def read_conditions(path: Path, case: Case) -> WeatherMet:
    """What a conditions file says, for units of the case.

    Raises:
        PlanError: the file cannot be read, or says something unknown or impossible.
    """
    content = load_toml(path, "a file of the conditions met")
    for key in content:
        if key not in ("conditions", "unit", "format"):
            raise PlanError(f"{path} has the unknown table {key}. {suggestion(key, ('conditions', 'unit'))}")
    general = Table(f"{path}: [conditions]", content.get("conditions", {}), _COMMON)
    by_unit: dict[str, ConditionsMet] = {}
    for number, entry in enumerate(list_of_tables(f"{path}: unit", content.get("unit")), 1):
        table = Table(f"{path}: [[unit]] {number}", entry, _OF_A_UNIT)
        unit = unit_named(table.text("name", "Helicopter"), case.units, f"{path}: [[unit]] {number}")
        by_unit[unit.name] = replace(
            _weather(table),
            altitude_ft=table.number("altitude_ft", 50.0, 10_000.0) if table.has("altitude_ft") else None,
            fatigued=table.flag("fatigued") if table.has("fatigued") else None,
            sweep_width_nm=table.widths_nm("sweep_width_nm", case.object_types),
        )
    return WeatherMet(_weather(general), by_unit)


def _weather(table: Table) -> ConditionsMet:
    given = {
        name: table.number(name, *limits) if table.has(name) else None for name, limits in _COMMON.items()
    }
    return ConditionsMet(given["visibility_nm"], given["wave_height_ft"], given["wind_kt"])
