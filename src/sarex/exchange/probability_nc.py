"""`probability.nc`: probability maps at several instants on one equal-area grid each (CF-1.12)."""

from collections.abc import Sequence
from pathlib import Path

import netCDF4
import numpy as np

from sarex import __version__
from sarex.case.model import Case
from sarex.clock import iso_z, to_posix_s
from sarex.exchange.new_netcdf import new_netcdf
from sarex.probability import ProbabilityMap


def write_probability(path: Path, case: Case, maps: Sequence[ProbabilityMap]) -> None:
    """Write each map as a group named by its instant; the file's own attributes and bins cover all."""
    with new_netcdf(path) as file:
        file.setncatts(
            {
                "Conventions": "CF-1.12",
                "title": f"{case.mark}: {case.title}",
                "case_id": case.id,
                "mark": case.mark,
                "software": f"sarex {__version__}",
                "computed_at": iso_z(maps[0].computed_at),
            }
        )
        _write_bins(file, maps)
        for probability in maps:
            write_map(file.createGroup(f"{probability.valid_at:%Y%m%dT%H%MZ}"), probability)


def _write_bins(file: netCDF4.Dataset, maps: Sequence[ProbabilityMap]) -> None:
    file.createDimension("time", len(maps))
    time = file.createVariable("time", "f8", ("time",))
    time.setncatts(
        {"standard_name": "time", "units": "seconds since 1970-01-01 00:00:00", "calendar": "standard"}
    )
    time[:] = [to_posix_s(probability.valid_at) for probability in maps]
    for name in maps[0].bins:
        variable = file.createVariable(f"probability_{name}", "f8", ("time",))
        variable.setncatts({"long_name": f"probability of the bin {name}; the bins sum to one", "units": "1"})
        variable[:] = [probability.bins[name] for probability in maps]


def write_map(group: netCDF4.Group, probability: ProbabilityMap) -> None:
    """Write one map into a group."""
    rows, columns = probability.poc.shape
    group.setncatts({"valid_at": iso_z(probability.valid_at)})
    group.createDimension("y", rows)
    group.createDimension("x", columns)
    for name, first_m, count in (("x", probability.x0_m, columns), ("y", probability.y0_m, rows)):
        axis = group.createVariable(name, "f8", (name,))
        axis.setncatts({"standard_name": f"projection_{name}_coordinate", "units": "m", "axis": name.upper()})
        axis[:] = first_m + (np.arange(count) + 0.5) * probability.spacing_m
    crs = group.createVariable("crs", "i4", ())
    crs.setncatts(
        {
            "grid_mapping_name": "lambert_azimuthal_equal_area",
            "longitude_of_projection_origin": probability.frame.origin_lon_deg,
            "latitude_of_projection_origin": probability.frame.origin_lat_deg,
            "false_easting": 0.0,
            "false_northing": 0.0,
            "semi_major_axis": 6378137.0,
            "inverse_flattening": 298.257223563,
        }
    )
    lon_deg, lat_deg = probability.frame.to_lonlat_deg(
        *np.meshgrid(np.asarray(group["x"][:]), np.asarray(group["y"][:]))
    )
    for name, values, standard_name, units in (
        ("lon", lon_deg, "longitude", "degrees_east"),
        ("lat", lat_deg, "latitude", "degrees_north"),
    ):
        position = group.createVariable(name, "f4", ("y", "x"))
        position.setncatts({"standard_name": standard_name, "units": units})
        position[:] = values
    poc = group.createVariable("poc", "f4", ("y", "x"), zlib=True, complevel=1)
    poc.setncatts(
        {
            "long_name": "probability of containment of the cell, object afloat and undetected",
            "units": "1",
            "grid_mapping": "crs",
            "coordinates": "lon lat",
            "cell_methods": "area: sum",
        }
    )
    poc[:] = probability.poc
