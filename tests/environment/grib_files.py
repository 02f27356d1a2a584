"""GRIB files for tests, written message by message with ecCodes and not with the code under test."""

from pathlib import Path

import numpy as np

LON_DEG, LAT_DEG = np.arange(131.0, 133.01, 0.1), np.arange(38.0, 35.99, -0.1)
PARAMETERS = {
    "10u": (0, 2, 2, 103, 10), "10v": (0, 2, 3, 103, 10),
    "100u": (0, 2, 2, 103, 100), "100v": (0, 2, 3, 103, 100),
    "u500": (0, 2, 2, 100, 50000), "v500": (0, 2, 3, 100, 50000),
    "u-surface": (0, 2, 2, 1, 0), "v-surface": (0, 2, 3, 1, 0),
    "ucurr": (10, 1, 2, 160, 0), "vcurr": (10, 1, 3, 160, 0),
    "ustokes": (10, 0, 21, 1, 0), "vstokes": (10, 0, 22, 1, 0),
    "gust": (0, 2, 22, 1, 0),
}  # fmt: skip
"""Discipline, category, number, kind of level and level (WMO code tables 4.1, 4.2, 4.5)."""


def write_grib(path: Path, messages, *, edition=2, run_h=0) -> Path:
    """Messages (name, value, step_h[, member]) of a run on 2026-05-01 on a grid from north to south."""
    import eccodes

    with path.open("wb") as file:
        for name, value, step_h, *member in messages:
            handle = eccodes.codes_grib_new_from_samples(f"regular_ll_sfc_grib{edition}")
            _set_grid(handle)
            eccodes.codes_set(handle, "dataDate", 20260501)
            eccodes.codes_set(handle, "dataTime", 100 * run_h)
            if edition == 2:
                _set_parameter(handle, name, member)
            else:
                eccodes.codes_set(handle, "shortName", name)
            eccodes.codes_set(handle, "stepUnits", 1)
            eccodes.codes_set(handle, "step" if edition == 1 else "forecastTime", step_h)
            eccodes.codes_set(handle, "bitsPerValue", 24)
            field = np.broadcast_to(value, (len(LAT_DEG), len(LON_DEG))).astype(float)
            if np.isnan(field).any():
                eccodes.codes_set(handle, "bitmapPresent", 1)
                eccodes.codes_set(handle, "missingValue", 1e20)
                field = np.where(np.isnan(field), 1e20, field)
            eccodes.codes_set_values(handle, field.ravel())
            eccodes.codes_write(handle, file)
            eccodes.codes_release(handle)
    return path


def _set_parameter(handle, name: str, member) -> None:
    import eccodes

    discipline, category, number, level_type, level = PARAMETERS[name]
    if member:
        eccodes.codes_set(handle, "productDefinitionTemplateNumber", 1)
        eccodes.codes_set(handle, "perturbationNumber", member[0])
        eccodes.codes_set(handle, "numberOfForecastsInEnsemble", 3)
    for key, value in (
        ("discipline", discipline), ("parameterCategory", category), ("parameterNumber", number),
        ("typeOfFirstFixedSurface", level_type), ("scaleFactorOfFirstFixedSurface", 0),
        ("scaledValueOfFirstFixedSurface", level),
    ):  # fmt: skip
        eccodes.codes_set(handle, key, value)


def _set_grid(handle) -> None:
    import eccodes

    for key, value in (
        ("Ni", len(LON_DEG)), ("Nj", len(LAT_DEG)),
        ("longitudeOfFirstGridPointInDegrees", float(LON_DEG[0])),
        ("longitudeOfLastGridPointInDegrees", float(LON_DEG[-1])),
        ("latitudeOfFirstGridPointInDegrees", float(LAT_DEG[0])),
        ("latitudeOfLastGridPointInDegrees", float(LAT_DEG[-1])),
        ("iDirectionIncrementInDegrees", 0.1), ("jDirectionIncrementInDegrees", 0.1),
    ):  # fmt: skip
        eccodes.codes_set(handle, key, value)


def write_polar_grib(path: Path, eastward_along_grid: float, *, upward: bool) -> Path:
    """A polar stereographic grid whose y axis points north at 90 E; vectors lie along the grid."""
    import eccodes

    with path.open("wb") as file:
        for step_h in (0, 6, 12):
            for number, value in ((2, eastward_along_grid), (3, 0.0)):
                handle = eccodes.codes_grib_new_from_samples("polar_stereographic_sfc_grib2")
                for key, setting in (
                    ("productDefinitionTemplateNumber", 0), ("discipline", 0), ("parameterCategory", 2),
                    ("parameterNumber", number), ("typeOfFirstFixedSurface", 103),
                    ("scaleFactorOfFirstFixedSurface", 0), ("scaledValueOfFirstFixedSurface", 10),
                    ("resolutionAndComponentFlags", 8), ("Nx", 40), ("Ny", 40), ("Dx", 10_000_000),
                    ("Dy", 10_000_000), ("jScansPositively", int(upward)),
                    ("orientationOfTheGrid", 90_000_000),
                    ("LaD", 60_000_000), ("latitudeOfFirstGridPoint", 70_000_000),
                    ("longitudeOfFirstGridPoint", 30_000_000), ("dataDate", 20260501), ("dataTime", 0),
                    ("forecastTime", step_h),
                ):  # fmt: skip
                    eccodes.codes_set(handle, key, setting)
                eccodes.codes_set_values(handle, np.full(1600, value))
                eccodes.codes_write(handle, file)
                eccodes.codes_release(handle)
    return path
