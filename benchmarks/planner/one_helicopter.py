"""One helicopter with real turns on a Gaussian cloud: how near the bound does each pattern come?

    python benchmarks/planner/one_helicopter.py

90 kt, turns of 7 deg/s, sweep width 0.1 nm, 45 minutes, a target at rest whose place is circular normal about
the datum. Under the law of definite range all within half a sweep width of the track is found, and no track
of length V T finds more than 1 - exp(-W V T / (2 pi sigma^2)). Everything is measured on a raster of the sea,
without the package's own POS: a pixel is seen if its middle lies near enough to the track flown, turns
included.

The expanding square without turns follows the manual's lines. For the other rows a simulated helicopter turns
no faster than 7 deg/s and has 45 minutes whatever it manages: "line held" steers for a point ahead of it on
the lines, "corner to corner" for the next corner until that is near; how far ahead and how near is the best
of several for the expanding square. The rounded square stands in a plan as rows within 5 m of its arcs. The
inverse-cube law is for information: it sees beyond half a sweep width and has no such bound.
"""

from math import exp, pi, radians

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarex.kernels.pattern import square_corners
from sarex.kernels.pattern_spiral import spiral_legs

SPEED_MPS = 90.0 * 1852.0 / 3600.0
TURN_RADPS = radians(7.0)
RADIUS_M = SPEED_MPS / TURN_RADPS
WIDTH_M = 0.1 * 1852.0
TIME_S = 45.0 * 60.0
SIGMAS_M = (1500.0, 3000.0)
PIXEL_M = 10.0
STEP_S = 0.25
MANY, STEPS_THINNED = 9000, 6
LOOKS_AHEAD_M = (40.0, 80.0, 120.0, 160.0, 250.0, 350.0, 450.0)
CAPTURES_M = (50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0)
TOLERANCE_M = 5.0

Floats = NDArray[np.float64]


def polyline(legs: Floats) -> Floats:
    """Points (n, 2) along rows of legs, turns included."""
    return np.vstack([legs[:1, :2], legs[:, 2:4]])


def cut_short(lines: Floats) -> Floats:
    """As much of the lines as is flown in the time."""
    pieces_m = np.hypot(*np.diff(lines, axis=0).T)
    ends_m = np.concatenate([[0.0], np.cumsum(pieces_m)])
    last = int(np.searchsorted(ends_m, SPEED_MPS * TIME_S)) - 1
    share = min((SPEED_MPS * TIME_S - ends_m[last]) / pieces_m[last], 1.0)
    end = lines[last] + share * (lines[last + 1] - lines[last])
    return np.vstack([lines[: last + 1], end])


def rounded_square(tolerance_m: float) -> Floats:
    """Ours, as it stands in a plan."""
    legs = spiral_legs(
        0.0, 0.0, 0.0, WIDTH_M, 0.0, 0.0, tolerance_m, 0.0, 0.0, 0.0, 0.0, 0.0, TIME_S, SPEED_MPS, RADIUS_M
    )  # fmt: skip
    return polyline(legs)


@njit(cache=True)
def from_corner_to_corner(corners: Floats, captured_m: float) -> Floats:
    """Track (n, 2) of a helicopter that steers for one corner after the other, each until it is near."""
    x, y = corners[0]
    heading = np.arctan2(corners[1, 1] - y, corners[1, 0] - x)
    track = np.empty((int(TIME_S / STEP_S) + 1, 2))
    track[0] = corners[0]
    target = 1
    for step in range(1, track.shape[0]):
        while np.hypot(corners[target, 0] - x, corners[target, 1] - y) < captured_m:
            target += 1
        error = np.arctan2(corners[target, 1] - y, corners[target, 0] - x) - heading
        error = (error + np.pi) % (2.0 * np.pi) - np.pi
        heading += min(max(error, -TURN_RADPS * STEP_S), TURN_RADPS * STEP_S)
        x, y = x + SPEED_MPS * STEP_S * np.cos(heading), y + SPEED_MPS * STEP_S * np.sin(heading)
        track[step] = x, y
    return track


@njit(cache=True)
def flown(lines: Floats, look_ahead_m: float) -> Floats:
    """Track (n, 2) of a helicopter that steers along lines with its rate of turn, for the time it has."""
    x, y = lines[0]
    heading = np.arctan2(lines[1, 1] - y, lines[1, 0] - x)
    track = np.empty((int(TIME_S / STEP_S) + 1, 2))
    track[0] = lines[0]
    piece, along = 0, 0.0
    for step in range(1, track.shape[0]):
        # the point to steer for runs ahead along the lines until it is far enough away
        while piece < lines.shape[0] - 1:
            dx, dy = lines[piece + 1] - lines[piece]
            length = np.hypot(dx, dy)
            tx, ty = lines[piece, 0] + along / length * dx, lines[piece, 1] + along / length * dy
            if np.hypot(tx - x, ty - y) >= look_ahead_m:
                break
            along += 1.0
            if along > length:
                piece, along = piece + 1, 0.0
        error = (np.arctan2(ty - y, tx - x) - heading + np.pi) % (2.0 * np.pi) - np.pi
        heading += min(max(error, -TURN_RADPS * STEP_S), TURN_RADPS * STEP_S)
        x, y = x + SPEED_MPS * STEP_S * np.cos(heading), y + SPEED_MPS * STEP_S * np.sin(heading)
        track[step] = x, y
    return track


@njit(cache=True)
def raster(track: Floats, half_m: float, inverse_cube: bool) -> Floats:  # noqa: FBT001
    """Chance of seeing each pixel's middle (pixel, pixel): 0 or 1, or by the exposure of all pieces."""
    n = int(2 * half_m / PIXEL_M)
    seen = np.zeros((n, n))
    reach = 8.0 * WIDTH_M if inverse_cube else 0.5 * WIDTH_M
    for k in range(track.shape[0] - 1):
        ax, ay = track[k]
        ux, uy = track[k + 1] - track[k]
        length = max(np.hypot(ux, uy), 1e-9)
        ux, uy = ux / length, uy / length
        i0 = max(int((min(ax, track[k + 1, 0]) - reach + half_m) / PIXEL_M), 0)
        i1 = min(int((max(ax, track[k + 1, 0]) + reach + half_m) / PIXEL_M) + 1, n)
        j0 = max(int((min(ay, track[k + 1, 1]) - reach + half_m) / PIXEL_M), 0)
        j1 = min(int((max(ay, track[k + 1, 1]) + reach + half_m) / PIXEL_M) + 1, n)
        for i in range(i0, i1):
            px = (i + 0.5) * PIXEL_M - half_m - ax
            for j in range(j0, j1):
                py = (j + 0.5) * PIXEL_M - half_m - ay
                along, lateral = px * ux + py * uy, px * uy - py * ux
                if inverse_cube:
                    x2 = max(lateral * lateral, 1.0)
                    near = (length - along) / np.sqrt(x2 + (length - along) ** 2)
                    far = -along / np.sqrt(x2 + along * along)
                    seen[i, j] += WIDTH_M**2 / (8.0 * np.pi * x2) * (near - far)
                else:
                    off = along - min(max(along, 0.0), length)
                    if lateral * lateral + off * off <= reach * reach:
                        seen[i, j] = 1.0
    return 1.0 - np.exp(-seen) if inverse_cube else seen


def pos(track: Floats, sigma_m: float, *, inverse_cube: bool = False) -> float:
    """Probability of success for a cloud at rest about the origin."""
    half_m = np.ceil(np.abs(track).max() / 100.0) * 100.0 + WIDTH_M + (1000.0 if inverse_cube else 0.0)
    half_m = PIXEL_M * np.ceil(half_m / PIXEL_M)
    middles = np.arange(-half_m + 0.5 * PIXEL_M, half_m, PIXEL_M)
    line = np.exp(-(middles**2) / (2.0 * sigma_m**2)) * PIXEL_M / (sigma_m * (2.0 * pi) ** 0.5)
    return float(line @ raster(track, half_m, inverse_cube) @ line)


def bound(sigma_m: float) -> float:
    """Of any track of length V T, definite range."""
    return 1.0 - exp(-WIDTH_M * SPEED_MPS * TIME_S / (2.0 * pi * sigma_m**2))


def best(tracks: list[Floats]) -> Floats:
    """The track that finds most in the smaller cloud."""
    return max(tracks, key=lambda track: pos(track, SIGMAS_M[0]))


def tightest_m(track: Floats) -> float:
    """Smallest radius of the circles through three points of a track some seconds apart."""
    a, b, c = (track[k : len(track) - 40 + k] for k in (0, 20, 40))
    sides = [np.hypot(*(p - q).T) for p, q in ((a, b), (b, c), (c, a))]
    area = 0.5 * np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    return float((sides[0] * sides[1] * sides[2] / np.maximum(4.0 * area, 1e-9)).min())


def row(name: str, track: Floats) -> None:
    """One line of the table."""
    length_m = np.hypot(*np.diff(track, axis=0).T).sum()
    figures = [pos(track, sigma_m) for sigma_m in SIGMAS_M]
    # pieces of a tenth of a sweep width add nothing to the exposure but time
    thinned = np.vstack([track[:-1:STEPS_THINNED], track[-1:]]) if len(track) > MANY else track
    cube = [pos(thinned, sigma_m, inverse_cube=True) for sigma_m in SIGMAS_M]
    print(
        f"{name:38s} {length_m / 1000:7.2f}  "
        + "  ".join(f"{p:.4f} ({p / bound(s):.3f})" for p, s in zip(figures, SIGMAS_M, strict=True))
        + "   "
        + " ".join(f"{p:.4f}" for p in cube)
    )


def main() -> None:
    """Print the table."""
    print(f"turn radius {RADIUS_M:.0f} m; track {SPEED_MPS * TIME_S / 1000:.2f} km")
    print(f"{'':38s} {'km':>7s}  {'1.5 km (of bound)':17s} {'3 km (of bound)':16s}   inverse cube")
    print(f"{'bound, definite range':38s} {'':7s}  {bound(1500.0):.4f}{'':9s} {bound(3000.0):.4f}")
    corners = square_corners(0.0, 0.0, 0.0, WIDTH_M, 200)
    row("expanding square without turns", cut_short(corners))
    row("expanding square, line held", best([flown(corners, ahead_m) for ahead_m in LOOKS_AHEAD_M]))
    row("expanding square, corner to corner", best([from_corner_to_corner(corners, m) for m in CAPTURES_M]))
    row("rounded square, true arcs", rounded_square(0.05))
    lines = rounded_square(TOLERANCE_M)
    row(f"rounded square, {len(lines) - 1} rows of a plan", lines)
    track = flown(np.vstack([lines, 2 * lines[-1] - lines[-2]]), 120.0)
    row("rounded square, those rows flown", track)
    print(f"tightest turn of the rounded square as flown: {tightest_m(track):.0f} m")


if __name__ == "__main__":
    main()
