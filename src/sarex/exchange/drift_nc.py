"""`drift.nc`: the ensemble as CF trajectories with weights (CF-1.12, the layout that TrajAn reads)."""

from collections.abc import Sequence
from pathlib import Path

import netCDF4
import numpy as np

from sarex import __version__
from sarex.case.model import Case
from sarex.clock import iso_z
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.environment.model import Environment, ForcingSource
from sarex.exchange.new_netcdf import new_netcdf

_STATUS_MEANINGS = "active stranded outside_forcing not_yet_released"
_NAME_UNSAFE = str.maketrans(dict.fromkeys(' \t\n",;', "_"))


def write_drift(path: Path, case: Case, environment: Environment, ensemble: DriftEnsemble) -> None:
    """Write the ensemble. Positions are single precision (under 1 m at any longitude), always finite."""
    with new_netcdf(path) as file:
        file.createDimension("trajectory", ensemble.weight.size)
        file.createDimension("time", ensemble.times_s.size)
        _write_times(file, ensemble)
        _write_positions(file, ensemble)
        _write_particles(file, ensemble)
        file.setncatts(_global_attributes(case, environment.sources, ensemble))


def _write_times(file: netCDF4.Dataset, ensemble: DriftEnsemble) -> None:
    time = file.createVariable("time", "f8", ("time",))
    time.setncatts(
        {
            "standard_name": "time",
            "units": "seconds since 1970-01-01 00:00:00",
            "calendar": "standard",
            "axis": "T",
        }
    )
    time[:] = ensemble.times_s
    age = file.createVariable("age_seconds", "f4", ("trajectory", "time"))
    age.setncatts({"long_name": "time since the drift began", "units": "s"})
    age[:] = np.maximum(ensemble.times_s[np.newaxis, :] - ensemble.released_s[:, np.newaxis], 0.0)


def _write_positions(file: netCDF4.Dataset, ensemble: DriftEnsemble) -> None:
    lon_deg, lat_deg = ensemble.frame.to_lonlat_deg(ensemble.x_m, ensemble.y_m)
    for name, values, standard_name, units in (
        ("lon", lon_deg, "longitude", "degrees_east"),
        ("lat", lat_deg, "latitude", "degrees_north"),
    ):
        variable = file.createVariable(name, "f4", ("trajectory", "time"))
        variable.setncatts({"standard_name": standard_name, "units": units})
        variable[:] = values
    status = file.createVariable("status", "i1", ("trajectory", "time"))
    status.setncatts(
        {
            "long_name": "what has become of the search object",
            "flag_values": np.array([int(code) for code in Status], np.int8),
            "flag_meanings": _STATUS_MEANINGS,
            "coordinates": "time lat lon",
            "comment": "a particle waits at its origin until released and stays where it stranded or left",
        }
    )
    status[:] = ensemble.status


def _write_particles(file: netCDF4.Dataset, ensemble: DriftEnsemble) -> None:
    trajectory = file.createVariable("trajectory", "i4", ("trajectory",))
    trajectory.setncatts({"cf_role": "trajectory_id", "long_name": "number of the particle"})
    trajectory[:] = np.arange(ensemble.weight.size)
    weight = file.createVariable("weight", "f8", ("trajectory",))
    weight.setncatts(
        {
            "long_name": "probability that the object is this one and still undetected",
            "units": "1",
            "comment": "sums to one before any search",
        }
    )
    weight[:] = ensemble.weight
    for name, values, meanings in (
        ("scenario", ensemble.scenario, ensemble.scenario_names),
        ("object_type", ensemble.object_type, ensemble.object_types),
    ):
        variable = file.createVariable(name, "i2", ("trajectory",))
        variable.setncatts(
            {
                "flag_values": np.arange(len(meanings), dtype=np.int16),
                "flag_meanings": " ".join(meaning.translate(_NAME_UNSAFE) for meaning in meanings),
            }
        )
        variable[:] = values


def _global_attributes(
    case: Case, sources: Sequence[ForcingSource], ensemble: DriftEnsemble
) -> dict[str, object]:
    attributes: dict[str, object] = {
        "Conventions": "CF-1.12",
        "featureType": "trajectory",
        "title": f"{case.mark}: {case.title}",
        "case_id": case.id,
        "mark": case.mark,
        "seed": np.int64(case.seed),
        "software": f"sarex {__version__}",
        "probability_undetected": ensemble.undetected,
        "search_window": f"{iso_z(case.window.start)}/{iso_z(case.window.end)}",
        "forcing": "; ".join(_spoken(source) for source in sources),
    }
    if any(source.synthetic for source in sources):
        attributes["synthetic"] = "SYNTHETIC forcing: computed by the program, not observed or forecast"
    return attributes


def _spoken(source: ForcingSource) -> str:
    made = f", produced {iso_z(source.produced_at)}" if source.produced_at else ", time of production unknown"
    return (
        f"{source.quantity}: {source.label} ({source.description}), valid {iso_z(source.valid_from)} to "
        f"{iso_z(source.valid_until)}{made}, share {source.share:.2f}"
    )
