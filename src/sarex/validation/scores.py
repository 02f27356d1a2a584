"""What a forecast is worth once one knows where the drifter went."""

from collections.abc import Sequence
from math import hypot

import numpy as np

from sarex.clock import from_posix_s
from sarex.probability.map import ProbabilityMap, map_probability
from sarex.validation.forecast import Forecast
from sarex.validation.model import LEVELS, Floats, Score, Skill


def score_forecast(forecast: Forecast, horizons_h: Sequence[int]) -> tuple[Score, ...]:
    """Scores at every horizon that the launch reaches."""
    return tuple(_score(forecast, hours) for hours in horizons_h if hours <= forecast.launch.hours)


def _score(forecast: Forecast, hours: int) -> Score:
    launch, ensemble = forecast.launch, forecast.ensemble
    track = launch.track
    at = from_posix_s(float(ensemble.times_s[hours]))
    density = map_probability(ensemble, at, at)
    x_m, y_m = forecast.drifter_x_m[: hours + 1], forecast.drifter_y_m[: hours + 1]
    elapsed_s = ensemble.times_s[: hours + 1] - ensemble.times_s[0]
    u_mps, v_mps = forecast.last_velocity_mps
    east_mps, north_mps = (
        values[launch.start : launch.start + hours + 1]
        for values in (track.current_eastward_mps, track.current_northward_mps)
    )
    return Score(
        model=track.model,
        drifter=track.drifter,
        kind=track.kind,
        launched_s=launch.at_s,
        horizon_h=hours,
        level_reached=level_reached(density, float(x_m[-1]), float(y_m[-1])),
        area_m2=contour_areas_m2(density, LEVELS),
        drifted_m=hypot(x_m[-1], y_m[-1]),
        forecast=_skill(
            ensemble.x_m[:, : hours + 1].mean(axis=0, dtype=float) - x_m,
            ensemble.y_m[:, : hours + 1].mean(axis=0, dtype=float) - y_m,
            x_m,
            y_m,
        ),
        stayed=_skill(-x_m, -y_m, x_m, y_m),
        last_velocity=_skill(u_mps * elapsed_s - x_m, v_mps * elapsed_s - y_m, x_m, y_m),
        speed_mps=tuple(np.hypot(east_mps, north_mps).tolist()),
    )


def _skill(dx_m: Floats, dy_m: Floats, x_m: Floats, y_m: Floats) -> Skill:
    separation_m = np.hypot(dx_m, dy_m)
    return Skill(float(separation_m[-1]), liu_weisberg(separation_m, x_m, y_m))


def liu_weisberg(separation_m: Floats, x_m: Floats, y_m: Floats) -> float:
    """One minus the summed separations over the summed lengths of the way that the drifter had made.

    Liu and Weisberg (2011), J. Geophys. Res. 116, C09013, with tolerance 1, but not cut off at nought
    (Revelard et al. 2021, Front. Mar. Sci. 8): a forecast that is worse than none scores below nought.

    Args:
        separation_m: forecast to drifter at every time, the first being the launch, (time,).
        x_m, y_m: the drifter, (time,).

    Returns:
        1 for a perfect forecast; NaN for a drifter that did not move.
    """
    way_m = np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))
    total_m = float(way_m.sum())
    return 1.0 - float(separation_m[1:].sum()) / total_m if total_m > 0.0 else float("nan")


def level_reached(density: ProbabilityMap, x_m: float, y_m: float) -> float:
    """The probability in all cells denser than that of a point: contours above this level hold it.

    The same rule as `probability.contours`; 1 for a point off the map or where the map is empty.
    """
    column = int(np.floor((x_m - density.x0_m) / density.spacing_m))
    row = int(np.floor((y_m - density.y0_m) / density.spacing_m))
    rows, columns = density.poc.shape
    if not (0 <= row < rows and 0 <= column < columns) or density.poc[row, column] <= 0.0:
        return 1.0
    denser = density.poc[density.poc > density.poc[row, column]]
    return min(float(denser.sum() / density.poc.sum()), 1.0)


def contour_areas_m2(density: ProbabilityMap, levels: Sequence[float]) -> tuple[float, ...]:
    """Areas of the highest-density regions, as `probability.contours` has them, without drawing them."""
    ranked = np.sort(density.poc, axis=None)[::-1]
    held = np.cumsum(ranked) / ranked.sum()
    cells = (min(int(np.searchsorted(held, level)) + 1, ranked.size) for level in levels)
    return tuple(count * density.spacing_m**2 for count in cells)
