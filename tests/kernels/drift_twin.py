"""The physics of one drifting particle, slowly, in double precision and plain Python."""

import math

_MASK = 0xFFFFFFFF


def hash32(counter: int) -> int:
    h = counter & _MASK
    h ^= h >> 16
    h = h * 0x21F0AAAD & _MASK
    h ^= h >> 15
    h = h * 0xD35A2D97 & _MASK
    return h ^ (h >> 15)


def standard_deviate(bits: int) -> float:
    """Four bytes, each uniform on 0..255: mean 510, variance 4 (256^2 - 1) / 12."""
    return (sum(bits.to_bytes(4, "little")) - 510.0) / math.sqrt(65535.0 / 3.0)


def sample(values, grid, hours: float, x: float, y: float) -> float:
    """Trilinear on a (time, y, x) array of hourly planes; NaN outside."""
    fx, fy = (x - grid[0]) / grid[2], (y - grid[1]) / grid[2]
    rows, columns = values.shape[1:]
    if not (0.0 <= fx <= columns - 1 and 0.0 <= fy <= rows - 1):
        return math.nan
    k = min(int(hours), values.shape[0] - 2)
    j, i = min(int(fy), rows - 2), min(int(fx), columns - 2)
    total = 0.0
    for dk, dj, di in ((a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)):
        weight = abs(1 - dk - (hours - k)) * abs(1 - dj - (fy - j)) * abs(1 - di - (fx - i))
        total += weight * float(values[k + dk, j + dj, i + di])
    return total


def drift_one(
    number, origin, released_s, leeway, on_right, error, *, steps, step_s, seed, memory_s, sigma, jibe,
    current, wind, on_land, cell_m,
):  # fmt: skip
    """Track [(x, y, status)] of particle `number`; current and wind are (x, y, grid)."""
    x, y = origin
    status = 3 if released_s > 0 else 0
    if on_land(x, y):
        status = 1
    kept = math.exp(-step_s / memory_s)
    renewed = math.sqrt(1 - kept * kept)
    before = [sample(current[axis], current[2], 0.5 * step_s / 3600, x, y) for axis in (0, 1)]
    track = [(x, y, status)]
    for step in range(steps):
        hours = (step + 0.5) * step_s / 3600.0
        share = min(max(((step + 1) * step_s - released_s) / step_s, 0.0), 1.0)
        if status == 3 and share > 0:
            status = 0
            before = [sample(current[axis], current[2], hours, x, y) for axis in (0, 1)]
        base = hash32((number * 0x9E3779B9 & _MASK) ^ seed) + 5 * step
        error = [
            kept * error[j] + renewed * sigma[j // 2] * standard_deviate(hash32(base + j)) for j in range(4)
        ]
        if hash32(base + 4) < jibe:
            on_right = not on_right
        if status == 0:
            middle = [p + 0.5 * step_s * share * v for p, v in zip((x, y), before, strict=True)]
            u, v = (sample(current[axis], current[2], hours, *middle) for axis in (0, 1))
            wx, wy = (sample(wind[axis], wind[2], hours, *middle) for axis in (0, 1))
            wx, wy = wx + error[2], wy + error[3]
            speed = math.hypot(wx, wy)
            along = leeway[0] * speed + leeway[1]
            across = leeway[2] * speed + leeway[3] if on_right else leeway[4] * speed + leeway[5]
            ahead = (wx / speed, wy / speed)
            right = (ahead[1], -ahead[0])
            before = [
                flow + error[axis] + along * ahead[axis] + across * right[axis]
                for axis, flow in ((0, u), (1, v))
            ]
            if any(math.isnan(part) for part in before):
                status = 2
            else:
                goal = (x + share * step_s * before[0], y + share * step_s * before[1])
                x, y, aground = _way(x, y, *goal, on_land, cell_m)
                status = 1 if aground else 0
        track.append((x, y, status))
    return track


def _way(x, y, x_to, y_to, on_land, cell_m):
    """Look every half cell or oftener; where that is on land, pace back to where land began."""
    looks = int(2 * math.hypot(x_to - x, y_to - y) / cell_m) + 1

    def at(share):
        return x + share * (x_to - x), y + share * (y_to - y)

    for look in range(1, looks + 1):
        if on_land(*at(look / looks)):
            paces = ((look - 1 + pace / 1000) / looks for pace in range(1, 1001))
            return *next(at(share) for share in paces if on_land(*at(share))), True
    return x_to, y_to, False
