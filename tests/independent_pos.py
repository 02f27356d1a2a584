"""POS a second time, by a program that shares nothing with Sarex but the files' meaning.

Plain numpy. Takes trajectories in longitude and latitude, searching legs in longitude and latitude, and
sweep widths. Its plane is the tangent plane of WGS 84 at the middle of the legs, through earth-centred
coordinates written out here. Law: Koopman (1946), instantaneous rate v W^2 / (8 pi r^3), in relative motion;
over a straight piece of relative track seen from the particle, with lateral range h and the angles that the
two ends make with the track, integral of dt / r^3 = (cos A + cos B) / (u h^2).
"""

import itertools

import numpy as np

_A_M, _E2 = 6378137.0, 0.00669437999014
"""WGS 84."""


def _earth_centred(lon_deg, lat_deg):
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    normal = _A_M / np.sqrt(1.0 - _E2 * np.sin(lat) ** 2)
    return (
        normal * np.cos(lat) * np.cos(lon),
        normal * np.cos(lat) * np.sin(lon),
        normal * (1.0 - _E2) * np.sin(lat),
    )


def _tangent_plane(lon0_deg, lat0_deg):
    lon0, lat0 = np.radians(lon0_deg), np.radians(lat0_deg)
    x0, y0, z0 = _earth_centred(lon0_deg, lat0_deg)

    def project(lon_deg, lat_deg):
        x, y, z = _earth_centred(lon_deg, lat_deg)
        x, y, z = x - x0, y - y0, z - z0
        east = -np.sin(lon0) * x + np.cos(lon0) * y
        north = -np.sin(lat0) * (np.cos(lon0) * x + np.sin(lon0) * y) + np.cos(lat0) * z
        return np.stack([east, north], axis=-1)

    return project


def independent_exposure(times_s, lon_deg, lat_deg, afloat, width_m, legs):
    """Exposure of each particle (particle,) to one unit's searching legs.

    times_s: (time,); lon_deg, lat_deg, afloat: (particle, time); width_m: (particle,);
    legs: rows lon0, lat0, lon1, lat1, start_s, end_s.
    """
    project = _tangent_plane(legs[0][0], legs[0][1])
    total = np.zeros(len(width_m))
    begin = max(int(np.searchsorted(times_s, min(leg[4] for leg in legs))) - 1, 0)
    finish = int(np.searchsorted(times_s, max(leg[5] for leg in legs))) + 1
    places = {
        k: project(lon_deg[:, k], lat_deg[:, k]) for k in range(begin, min(finish, len(times_s) - 1) + 1)
    }
    for lon0, lat0, lon1, lat1, start_s, end_s in legs:
        a, b = project(lon0, lat0), project(lon1, lat1)
        speed = np.hypot(*(b - a)) / (end_s - start_s)
        instants = [start_s, *(t for t in times_s if start_s < t < end_s), end_s]
        for t0, t1 in itertools.pairwise(instants):
            k = min(int(np.searchsorted(times_s, 0.5 * (t0 + t1))) - 1, len(times_s) - 2)
            ends = []
            for t in (t0, t1):
                share = (t - times_s[k]) / (times_s[k + 1] - times_s[k])
                particle = places[k] + share * (places[k + 1] - places[k])
                craft = a + (t - start_s) / (end_s - start_s) * (b - a)
                ends.append(craft - particle)
            seen = afloat[:, k] & afloat[:, k + 1]
            total += np.where(
                seen, speed * width_m**2 / (8 * np.pi) * _inverse_cube_time(*ends, t1 - t0), 0.0
            )
    return total


def _inverse_cube_time(r1, r2, duration_s):
    """Integral of dt / r^3 along the straight way from r1 to r2 (particle, 2)."""
    way = r2 - r1
    length = np.hypot(way[:, 0], way[:, 1])
    unit = way / length[:, None]
    lateral = np.maximum(np.abs(r1[:, 0] * unit[:, 1] - r1[:, 1] * unit[:, 0]), 1.0)
    cos_a = -(r1 * unit).sum(axis=1) / np.hypot(lateral, (r1 * unit).sum(axis=1))
    cos_b = (r2 * unit).sum(axis=1) / np.hypot(lateral, (r2 * unit).sum(axis=1))
    return (cos_a + cos_b) * duration_s / (length * lateral**2)


def independent_look(times_s, lon_deg, lat_deg, afloat, recall, look):
    """Exposure of each particle (particle,) to a satellite's look; recall: (particle,).

    Straight between the instants and inside the footprint's corners joined in degrees, by the even-odd rule.
    """
    at_s = look.at.timestamp()
    k = min(max(int(np.searchsorted(times_s, at_s, side="right")) - 1, 0), len(times_s) - 2)
    share = (at_s - times_s[k]) / (times_s[k + 1] - times_s[k])
    corners = np.array([(corner.lon_deg, corner.lat_deg) for corner in look.footprint])
    lon0 = corners[0, 0]
    near = [
        lon0 + (lon - lon0 + 180.0) % 360.0 - 180.0
        for lon in (lon_deg[:, k], lon_deg[:, k + 1], corners[:, 0])
    ]
    lon = near[0] + share * (near[1] - near[0])
    lat = lat_deg[:, k] + share * (lat_deg[:, k + 1] - lat_deg[:, k])
    ring = list(zip(near[2], corners[:, 1], strict=True))
    inside = np.zeros(len(lon), bool)
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        if y0 != y1:
            inside ^= ((y0 > lat) != (y1 > lat)) & (lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0))
    return np.where(inside & afloat[:, k] & afloat[:, k + 1], -np.log(1.0 - recall), 0.0)


def exposure_of_plan(ensemble, action_plan):
    """Total exposure (particle,) of an ensemble of Sarex to an action plan of Sarex, both only read."""
    lon_deg, lat_deg = ensemble.frame.to_lonlat_deg(ensemble.x_m, ensemble.y_m)
    afloat = ensemble.status == 0
    total = np.zeros(ensemble.weight.size)
    for planned in action_plan.looks:
        recall = np.array([planned.look.detection_frac.get(key, 0.0) for key in ensemble.object_types])
        total += independent_look(
            ensemble.times_s, lon_deg, lat_deg, afloat, recall[ensemble.object_type], planned.look
        )
    for task in action_plan.tasks:
        legs = [
            (
                leg.start.lon_deg, leg.start.lat_deg, leg.end.lon_deg, leg.end.lat_deg,
                leg.start_time.timestamp(), leg.end_time.timestamp(),
            )
            for leg in task.legs
            if leg.searching
        ]  # fmt: skip
        by_type = np.array([task.sweep_widths[key].width_m for key in ensemble.object_types])
        total += independent_exposure(
            ensemble.times_s, lon_deg, lat_deg, afloat, by_type[ensemble.object_type], legs
        )
    return total


def pos_of_plan(ensemble, action_plan):
    return float((ensemble.weight * (1.0 - np.exp(-exposure_of_plan(ensemble, action_plan)))).sum())
