"""What a unit searches with, by day and by night."""

from collections import Counter
from collections.abc import Mapping

from sarex.case.model import Light, Sensor
from sarex.case.schema_fleet import SENSOR_EXAMPLE, SensorTable, UnitTable
from sarex.case.wording import shown
from sarex.errors import CaseError
from sarex.units import nm_to_m

VISUAL = "visual"


def widths_m(sweep_width_nm: Mapping[str, float]) -> dict[str, float]:
    return {key: nm_to_m(width_nm) for key, width_nm in sweep_width_nm.items()}


def other_sensors_of(where: str, table: UnitTable) -> tuple[Sensor, ...]:
    """What a unit has besides its main sensor; the main sensor is checked with them.

    Raises:
        CaseError: a sensor has no width that anybody knows, or two are the same.
    """
    if table.light == Light.NIGHT:
        _check_night(where, "sensor", table.sensor, table.sweep_width_nm)
    for number, other in enumerate(table.other_sensors, start=1):
        _check_widths(f"{where}: other sensor {number}", other)
    _check_apart(where, table)
    return tuple(
        Sensor(other.name, widths_m(other.sweep_width_nm), Light(other.light))
        for other in table.other_sensors
    )


def _check_widths(where: str, other: SensorTable) -> None:
    if other.light == Light.NIGHT:
        _check_night(where, "name", other.name, other.sweep_width_nm)
    if other.name != VISUAL and not other.sweep_width_nm:
        raise CaseError(
            f"{where}: sweep_width_nm is missing; there is no public table for the sensor "
            f"{shown(other.name)}. Write for example {SENSOR_EXAMPLE}, or leave the sensor out."
        )


def _check_night(where: str, key: str, sensor: str, sweep_width_nm: Mapping[str, float]) -> None:
    if not sweep_width_nm:
        table = "the visual tables hold by day" if sensor == VISUAL else "there is no public table for it"
        raise CaseError(
            f'{where}: light is "night" and {key} is {shown(sensor)} without sweep_width_nm; {table}. '
            'Write for example sweep_width_nm = { "PIW-1" = 0.1 } as measured by night.'
        )


def _check_apart(where: str, table: UnitTable) -> None:
    """The same sensor may be listed once for the day and once for the night, with other widths."""
    listed = Counter(
        [(table.sensor, table.light), *((other.name, other.light) for other in table.other_sensors)]
    )
    for (name, light), count in listed.items():
        if count > 1:
            raise CaseError(
                f"{where}: other_sensors: {shown(name)} with light = {shown(light)} is listed {count} times, "
                "the main sensor counted. Join their widths in one, or correct light."
            )
