"""OpenDrift's side of `agreement_with_opendrift.py`: run with OpenDrift's own Python, never imported.

usage: python opendrift_peer.py ORDER.npz ANSWER.npz

ORDER holds: folder (of the forcing; empty for a constant wind toward north of 10 m/s without current or
land), lon, lat, key (leeway class by name; particles of one class lie together), start, hours, step_s, jibing
(chance an hour), no_spread and, optionally, leeway (particle, 4): slope and offset downwind and to the right
of downwind, to be used instead of OpenDrift's own draws.
ANSWER holds lon and lat where afloat (NaN elsewhere) and stranded, all (particle, hour).
"""

import sys
from datetime import datetime, timedelta

import numpy as np
from opendrift.models.leeway import Leeway
from opendrift.readers.reader_constant import Reader as Constant
from opendrift.readers.reader_netCDF_CF_generic import Reader

FILES = ("norkyst800_subset_16Nov2015.nc", "arome_subset_16Nov2015.nc")


def main() -> None:
    order, answer = np.load(sys.argv[1]), sys.argv[2]
    model = Leeway(loglevel=50)
    add_forcing(model, str(order["folder"]))
    seed(model, order)
    result = model.run(
        duration=timedelta(hours=int(order["hours"])),
        time_step=int(order["step_s"]),
        time_step_output=3600,
    )
    status = result["status"]
    codes = dict(
        zip(status.attrs["flag_meanings"].split(), np.atleast_1d(status.attrs["flag_values"]), strict=True)
    )
    afloat = status.values == codes["active"]
    # a particle is told of until it is deactivated, and stays what it became
    stranded = np.maximum.accumulate(status.values == codes.get("stranded", -1), axis=1)
    np.savez(
        answer,
        lon=np.where(afloat, result["lon"].values, np.nan),
        lat=np.where(afloat, result["lat"].values, np.nan),
        stranded=stranded,
    )


def add_forcing(model: Leeway, folder: str) -> None:
    if folder:
        model.add_reader([Reader(f"{folder}/{name}") for name in FILES])
        model.set_config("environment:fallback:x_sea_water_velocity", 0)
        model.set_config("environment:fallback:y_sea_water_velocity", 0)
        return
    model.add_reader(
        Constant(
            {
                "x_wind": 0.0,
                "y_wind": 10.0,
                "x_sea_water_velocity": 0.0,
                "y_sea_water_velocity": 0.0,
                "land_binary_mask": 0,
            }
        )
    )


def seed(model: Leeway, order: np.lib.npyio.NpzFile) -> None:
    np.random.seed(1)  # noqa: NPY002 (the generator that OpenDrift draws from)
    numbers = {entry["OBJKEY"]: number for number, entry in model.leewayprop.items()}
    model.set_config("seed:ocean_only", False)  # noqa: FBT003
    model.set_config("seed:jibe_probability", float(order["jibing"]))
    for key in dict.fromkeys(order["key"].tolist()):
        own = order["key"] == key
        model.seed_elements(
            lon=order["lon"][own],
            lat=order["lat"][own],
            time=datetime.fromisoformat(str(order["start"])),
            object_type=numbers[key],
        )
    scheduled = model.elements_scheduled
    if order["no_spread"]:
        scheduled.downwind_eps = np.zeros(order["lon"].size)
        scheduled.crosswind_eps = np.zeros(order["lon"].size)
    if "leeway" not in order:
        return
    scheduled.downwind_slope, scheduled.downwind_offset = order["leeway"][:, 0], order["leeway"][:, 1]
    # its positive crosswind drifts to the left
    scheduled.crosswind_slope, scheduled.crosswind_offset = -order["leeway"][:, 2], -order["leeway"][:, 3]
    scheduled.downwind_eps = np.zeros(order["lon"].size)
    scheduled.crosswind_eps = np.zeros(order["lon"].size)


if __name__ == "__main__":
    main()
