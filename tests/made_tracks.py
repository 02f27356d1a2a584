"""Drifter tracks made for tests, with the current's error drawn as the drift settings say, or otherwise."""

from pathlib import Path

import numpy as np
import xarray as xr
from pyproj import Geod

START = np.datetime64("2021-05-01T00:00:00", "ns")
STEP_S = 600.0


def error_mps(hours: int, sigma_mps: float, memory_s: float, generator: np.random.Generator) -> np.ndarray:
    """Ornstein-Uhlenbeck velocity at every ten minutes, (step, 2)."""
    steps = int(hours * 3600 / STEP_S)
    kept = np.exp(-STEP_S / memory_s)
    error = np.empty((steps, 2))
    error[0] = sigma_mps * generator.standard_normal(2)
    for step in range(1, steps):
        error[step] = kept * error[step - 1] + sigma_mps * np.sqrt(1 - kept**2) * generator.standard_normal(2)
    return error


def made_track(
    generator: np.random.Generator,
    hours: int = 26,
    sigma_mps: float = 0.2,
    memory_s: float = 36_000.0,
    kind: str = "MetOcean CODE/Davis",
    name: str = "A001D20210501H00",
) -> xr.Dataset:
    """A drifter in a known steady current with an unknown error, no wind, hourly."""
    current = np.array([0.3, -0.1])
    velocity = current + error_mps(hours, sigma_mps, memory_s, generator)
    place_m = np.vstack([[0.0, 0.0], np.cumsum(velocity * STEP_S, axis=0)])[:: int(3600 / STEP_S)]
    away_m = np.hypot(place_m[:, 0], place_m[:, 1])
    toward_deg = np.degrees(np.arctan2(place_m[:, 0], place_m[:, 1]))
    lon, lat, _ = Geod(ellps="WGS84").fwd(
        np.full(away_m.size, -65.0), np.full(away_m.size, 48.5), toward_deg, away_m
    )
    count = away_m.size
    zeros = np.zeros(count)
    speed = {"units": "m/s"}
    return xr.Dataset(
        {
            "lon": ("time", lon, {"standard_name": "longitude"}),
            "lat": ("time", lat, {"standard_name": "latitude"}),
            "ueast_ocean": ("time", zeros + current[0], speed),
            "vnorth_ocean": ("time", zeros + current[1], speed),
            "ueast_atmos": ("time", zeros.copy(), speed),
            "vnorth_atmos": ("time", zeros.copy(), speed),
        },
        coords={"time": START + np.arange(count) * np.timedelta64(3600, "s")},
        attrs={"obs_buoyid": name, "obs_drifter_type": kind},
    )


def write_tracks(folder: Path, count: int, sigma_mps: float = 0.2, hours: int = 26, seed: int = 5) -> Path:
    """A folder with one model, `count` drifters of two kinds and as many launch days."""
    generator = np.random.default_rng(seed)
    place = folder / "model-a"
    place.mkdir(parents=True)
    for number in range(count):
        kind = ("MetOcean CODE/Davis", "Home-made float")[number % 2]
        track = made_track(generator, hours, sigma_mps, kind=kind, name=f"A{number:03d}D20210501H00")
        later = np.timedelta64(number % 10, "D")
        track.assign_coords(time=track.time + later).to_netcdf(place / f"track_{number:03d}.nc")
    return folder
