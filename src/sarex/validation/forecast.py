"""One launch through the drift engine.

The tracks carry current and wind along the drifter's own way only, no field. Every particle of a launch gets
these values wherever it is: the cloud knows nothing of how the current differs beside the track, and the
forecast is told the current where the drifter really went. The coast is left out; a track ends where its
drifter does.
"""

from dataclasses import dataclass
from math import ceil, log, sqrt

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon

from sarex.case.model import DriftSettings
from sarex.drift.axis import STEP_S, TimeAxis
from sarex.drift.engine import Piece, drift_piece, plain_traits, prepare
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Box, Coast, Environment, ForcingMember, LandRaster, VelocityField
from sarex.geo import LocalFrame
from sarex.randomness import child_generator, child_seed
from sarex.validation.model import Floats, Launch
from sarex.validation.slip import slip_of

LAUNCH_ERROR_M = 50.0
"""Probable error of the launch position: that of a GPS fix on a drifting float, rounded up."""
LAUNCH_SIGMA_M = LAUNCH_ERROR_M / sqrt(2.0 * log(2.0))
"""The same as a standard deviation an axis of a circular normal."""
_REACH_M = 2.0e6
_HOUR_S = 3600.0


@dataclass(frozen=True)
class Forecast:
    """The cloud of one launch and what really happened, every hour from the launch."""

    launch: Launch
    ensemble: DriftEnsemble
    """Outputs at full hours after the launch."""
    drifter_x_m: Floats
    """(hour,), in the frame of the ensemble; the launch is its origin."""
    drifter_y_m: Floats
    last_velocity_mps: tuple[float, float]
    """Mean velocity of the drifter in the hour before the launch, along the frame's axes."""


def forecast(launch: Launch, settings: DriftSettings, seed: int) -> Forecast:
    """Drift a cloud from a launch to the end of its hours."""
    track = launch.track
    frame = LocalFrame(float(track.lon_deg[launch.start]), float(track.lat_deg[launch.start]))
    before = slice(launch.start - 1, launch.start + launch.hours + 1)
    x_m, y_m = frame.to_xy_m(track.lon_deg[before], track.lat_deg[before])
    ensemble = _cloud(launch, frame, settings, seed)
    return Forecast(
        launch,
        ensemble,
        x_m[1:] - x_m[1],
        y_m[1:] - y_m[1],
        (float(x_m[1] - x_m[0]) / _HOUR_S, float(y_m[1] - y_m[0]) / _HOUR_S),
    )


def _cloud(launch: Launch, frame: LocalFrame, settings: DriftSettings, seed: int) -> DriftEnsemble:
    count = settings.particles
    stamp = (launch.track.drifter, str(int(launch.at_s)))
    scatter_m = child_generator(seed, "validate origins", *stamp).standard_normal((2, count))
    scatter_m *= LAUNCH_SIGMA_M
    zeros = np.zeros(count, np.int16)
    released_s = np.full(count, launch.at_s)
    piece = Piece(0, 0, scatter_m[0], scatter_m[1], released_s, zeros)
    axis = TimeAxis(launch.at_s, ceil(launch.hours * _HOUR_S / STEP_S))
    job = prepare(
        _surroundings(launch, frame),
        plain_traits(_leeway(launch.track.kind)),
        settings,
        axis,
        child_seed(seed, "validate", *stamp),
    )
    tracks = drift_piece(job, piece)
    hourly = slice(None, None, round(_HOUR_S / STEP_S))
    return DriftEnsemble(
        frame=frame,
        times_s=axis.output_times_s[hourly],
        x_m=tracks.x_m[:, hourly],
        y_m=tracks.y_m[:, hourly],
        status=tracks.status[:, hourly],
        weight=np.full(count, 1.0 / count),
        scenario=zeros,
        object_type=zeros,
        released_s=released_s,
        scenario_names=("launch",),
        object_types=(launch.track.kind,),
        member=zeros,
        member_names=(launch.track.model,),
        in_water_from_s=released_s,
    )


def _leeway(kind: str) -> NDArray[np.float64]:
    """A row of the leeway table with downwind slip only."""
    table = np.zeros((1, 9))
    table[0, 0] = 100.0 * slip_of(kind).wind_frac
    return table


def _surroundings(launch: Launch, frame: LocalFrame) -> Environment:
    """Current and wind along the track, taken to be the same everywhere; no land."""
    track, hours = launch.track, slice(launch.start, launch.start + launch.hours + 1)
    turned = frame.velocity_to_plane(track.lon_deg[hours], track.lat_deg[hours])
    current = _everywhere(
        launch, turned, track.current_eastward_mps[hours], track.current_northward_mps[hours]
    )
    wind = _everywhere(launch, turned, track.wind_eastward_mps[hours], track.wind_northward_mps[hours])
    box = Box(-_REACH_M, -_REACH_M, _REACH_M, _REACH_M)
    # cells so large that no particle ever has to look for land
    water = LandRaster(-12.0 * _REACH_M, -12.0 * _REACH_M, _REACH_M, np.zeros((24, 24), np.uint8))
    member = ForcingMember(track.model, 1.0, current, wind)
    return Environment(frame, box, (member,), Coast(MultiPolygon(), water, "none"), ())


def _everywhere(
    launch: Launch, turned: tuple[Floats, Floats, Floats, Floats], eastward_mps: Floats, northward_mps: Floats
) -> VelocityField:
    dx_de, dx_dn, dy_de, dy_dn = turned
    along_mps = np.stack(
        [dx_de * eastward_mps + dx_dn * northward_mps, dy_de * eastward_mps + dy_dn * northward_mps], axis=-1
    )
    nodes_mps = np.broadcast_to(along_mps[:, None, None, :], (along_mps.shape[0], 2, 2, 2))
    times_s = np.asarray(launch.at_s + _HOUR_S * np.arange(launch.hours + 1), dtype=np.float64)
    return VelocityField(-_REACH_M, -_REACH_M, 2.0 * _REACH_M, times_s, nodes_mps.astype(np.float32))
