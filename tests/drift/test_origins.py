"""Draws of every kind of origin against geodesics, areas and densities computed by other means.

Seeds are fixed; each statistical limit would be exceeded by chance in 1 of 10,000 seeds at most.
"""

import tracemalloc
from math import erf, log, sqrt
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import shapely
from pyproj import Geod

from sarex.case import case_from_mapping
from sarex.clock import to_posix_s
from sarex.drift.origins import draw_finds, draw_origins, first_release_s, last_instant_s
from sarex.errors import CaseError
from sarex.geo import LocalFrame

GEOD = Geod(ellps="WGS84")
NM = 1852.0
KS_LIMIT = sqrt(log(2.0 / 1e-4) / 2.0)
"""Kolmogorov's distance times the root of the count."""
FROM, UNTIL = "2015-11-16T05:00:00Z", "2015-11-16T06:00:00Z"


def case_of(*scenarios, base_dir=Path()):
    return case_from_mapping(
        {
            "format": "sarex-case/1",
            "case": {"id": "T", "exercise": True},
            "scenario": [
                {"name": f"s{number}", "weight": given.pop("weight", 1.0), "objects": [{"type": "PIW-1"}]}
                | given
                for number, given in enumerate(map(dict, scenarios))
            ],
            "environment": {
                "current": {"speed_kt": 0, "toward_deg": 0},
                "wind": {"speed_kt": 0, "from_deg": 0},
            },
            "search": {"start": "2015-11-16T12:00:00Z", "end": "2015-11-16T18:00:00Z"},
            "conditions": {"visibility_nm": 10, "wave_height_ft": 5},
        },
        base_dir=base_dir,
        name="case",
    )


def begun(**seed):
    return seed | {"from": FROM, "until": UNTIL}


def afloat(x_m, y_m):
    return np.ones(np.shape(x_m), dtype=bool)


def ashore(x_m, y_m):
    return ~afloat(x_m, y_m)


def drawn(case, frame, count=20_000, water=afloat, seed=1, draw=draw_origins):
    origins = draw(case, frame, water, count, np.random.default_rng(seed))
    return origins, *frame.to_lonlat_deg(origins.x_m, origins.y_m)


def chi_square_limit(degrees):
    """Exceeded with 1 in 10,000 (Wilson and Hilferty 1931)."""
    return degrees * (1.0 - 2.0 / (9.0 * degrees) + 3.719 * sqrt(2.0 / (9.0 * degrees))) ** 3


def kolmogorov(values, distribution):
    ordered = np.sort(values)
    steps = np.arange(ordered.size + 1) / ordered.size
    expected = np.array([distribution(value) for value in ordered])
    return max(np.abs(steps[1:] - expected).max(), np.abs(steps[:-1] - expected).max()) * sqrt(ordered.size)


def normal(value):
    return 0.5 * (1.0 + erf(value / sqrt(2.0)))


@pytest.mark.parametrize(("west", "south"), [(4.0, 59.0), (179.5, -20.0), (20.0, 80.0)])
def test_an_area_is_drawn_evenly_by_square_metre(west: float, south: float) -> None:
    """An L of twelve cells; the geodesic area of each is the expectation."""

    def at(lon: float, lat: float) -> list[float]:
        return [(west + lon + 180.0) % 360.0 - 180.0, south + lat]

    corners = [at(*c) for c in ((0, 0), (1, 0), (1, 0.5), (0.5, 0.5), (0.5, 1), (0, 1))]
    frame = LocalFrame((west + 0.5 + 180.0) % 360.0 - 180.0, south + 0.5)
    origins, lon, lat = drawn(case_of(begun(area=corners)), frame, 12_000)
    column = np.floor(((lon - west + 180.0) % 360.0 - 180.0) * 4).astype(int)
    row = np.floor((lat - south) * 4).astype(int)
    cells = [(i, j) for i in range(4) for j in range(4) if i < 2 or j < 2]
    found = np.array([np.count_nonzero((column == i) & (row == j)) for i, j in cells])
    areas = np.array(
        [
            abs(
                GEOD.polygon_area_perimeter(
                    [west + i / 4, west + (i + 1) / 4, west + (i + 1) / 4, west + i / 4],
                    [south + j / 4, south + j / 4, south + (j + 1) / 4, south + (j + 1) / 4],
                )[0]
            )
            for i, j in cells
        ]
    )
    expected = 12_000 * areas / areas.sum()
    assert ((found - expected) ** 2 / expected).sum() < chi_square_limit(len(cells) - 1)
    # a parallel is no straight line of the plane: a few lie a hair beyond it, none far
    assert np.count_nonzero(~np.isin(row * 10 + column, [j * 10 + i for i, j in cells])) < 60
    hours = (origins.released_s - origins.released_s.min()) / 3600.0
    assert kolmogorov(hours, lambda hour: min(max(hour, 0.0), 1.0)) < KS_LIMIT


def test_a_blurred_area_reaches_beyond_its_edge() -> None:
    corners = [[4.0, 59.0], [4.5, 59.0], [4.5, 59.2], [4.0, 59.2]]
    frame = LocalFrame(4.0, 59.0)
    x_m, y_m = frame.to_xy_m(*np.array(corners).T)
    inside = shapely.Polygon(np.column_stack([x_m, y_m])).buffer(1.0)
    sharp, _, _ = drawn(case_of(begun(area=corners)), frame, 5000)
    blurred, _, _ = drawn(case_of(begun(area=corners, area_error_nm=1.0)), frame, 5000)
    assert shapely.contains_xy(inside, sharp.x_m, sharp.y_m).all()
    assert 0.05 < 1.0 - shapely.contains_xy(inside, blurred.x_m, blurred.y_m).mean() < 0.35


@pytest.mark.parametrize(("lon", "lat"), [(4.5, 59.6), (179.9, -17.0), (30.0, 84.0)])
def test_a_flare_sighting_is_a_sector_by_the_geodesic(lon: float, lat: float) -> None:
    given = {"lon": lon, "lat": lat, "error_nm": 0, "bearing_deg": 60, "bearing_error_deg": 4}
    case = case_of(begun(bearing=given | {"range_nm": [2, 12]}))
    _, there_lon, there_lat = drawn(case, LocalFrame(round(lon), round(lat)))
    azimuth, _, distance = GEOD.inv(np.full(20_000, lon), np.full(20_000, lat), there_lon, there_lat)
    off = ((azimuth - 60.0 + 180.0) % 360.0 - 180.0) / 4.0
    assert kolmogorov(off, normal) < KS_LIMIT
    assert abs(off.std() - 1.0) < 3.9 / sqrt(2 * 20_000)
    assert kolmogorov(distance / NM, lambda nm: min(max((nm - 2.0) / 10.0, 0.0), 1.0)) < KS_LIMIT


def test_the_observers_own_error_widens_the_sector() -> None:
    given = {"lon": 4.5, "lat": 59.6, "bearing_deg": 0, "bearing_error_deg": 0.01, "range_nm": [1, 2]}
    frame = LocalFrame(4.5, 59.6)
    sharp, _, _ = drawn(case_of(begun(bearing=given | {"error_nm": 0})), frame)
    wide, _, _ = drawn(case_of(begun(bearing=given | {"error_nm": 1.0})), frame)
    assert sharp.x_m.std() < 2.0
    assert wide.x_m.std() == pytest.approx(NM / 1.1774, rel=0.03)


@pytest.mark.parametrize(("lon", "lat"), [(4.5, 59.6), (-179.99, 65.0), (100.0, -86.0)])
def test_half_of_a_fix_lies_in_its_ellipse(lon: float, lat: float) -> None:
    fix = {"lon": lon, "lat": lat, "major_nm": 5.0, "minor_nm": 2.0, "major_toward_deg": 30}
    _, there_lon, there_lat = drawn(case_of(begun(fix=fix)), LocalFrame(round(lon), round(lat)), 40_000)
    azimuth, _, distance = GEOD.inv(np.full(40_000, lon), np.full(40_000, lat), there_lon, there_lat)
    off = np.radians(azimuth - 30.0)
    along, across = distance / NM * np.cos(off) / 5.0, distance / NM * np.sin(off) / 2.0
    for radius, share in ((1.0, 0.5), (2.0, 1.0 - 0.5**4)):  # Rayleigh: 1 - exp(-ln 2 r^2)
        within = np.count_nonzero(along**2 + across**2 < radius**2)
        assert abs(within - 40_000 * share) < 3.9 * sqrt(40_000 * share * (1.0 - share))
    assert abs(np.mean(along * across)) < 3.9 / 1.1774**2 / 200.0


def test_the_ambiguous_position_has_its_probability_and_the_ellipse_of_the_fix() -> None:
    fix = {"lon": 4.5, "lat": 59.6, "major_nm": 2.0, "minor_nm": 1.0}
    fix |= {"ambiguous": {"lon": 14.0, "lat": 57.0, "probability": 0.3}}
    _, lon, _ = drawn(case_of(begun(fix=fix)), LocalFrame(9.0, 58.0), 10_000)
    assert abs(np.count_nonzero(lon > 9.0) - 3000) < 3.9 * sqrt(2100)
    image = case_of(begun(fix=fix)).scenarios[0].origin.ambiguous
    assert (image.semi_major_m, image.semi_minor_m) == (2 * NM, NM)


def grid_density(bearings, lon, lat):
    """Probability of the cells of a fine grid: geodesic azimuths, normal errors, cell areas."""
    density = np.cos(np.radians(lat))
    for given in bearings:
        shape = lon.shape
        azimuth, _, distance = GEOD.inv(np.full(shape, given["lon"]), np.full(shape, given["lat"]), lon, lat)
        off = (azimuth - given["bearing_deg"] + 180.0) % 360.0 - 180.0
        near_nm, far_nm = given.get("range_nm", (0.0, 200.0))
        density = density * np.exp(-0.5 * (off / given["bearing_error_deg"]) ** 2)
        density *= (distance >= near_nm * NM) & (distance <= far_nm * NM)
    return density / density.sum()


def bearing(lon, lat, toward, error, **more):
    return {"lon": lon, "lat": lat, "error_nm": 0, "bearing_deg": toward, "bearing_error_deg": error} | more


CROSSINGS = {
    "two": ([bearing(4.0, 59.0, 45, 3), bearing(5.0, 59.0, 315, 3)], (3.9, 5.1, 59.02, 59.6)),
    "three": (
        [bearing(4.0, 59.0, 45, 3), bearing(5.0, 59.0, 315, 4), bearing(4.6, 59.6, 195, 5)],
        (4.1, 4.9, 59.05, 59.55),
    ),
    "flat, with distances": (
        [
            bearing(4.0, 59.0, 10, 3, range_nm=[2, 15]),
            bearing(4.02, 59.0, 8, 3, range_nm=[2, 15]),
        ],
        (3.95, 4.25, 59.02, 59.27),
    ),
    "over the dateline": (
        [bearing(179.5, -50.0, 45, 3), bearing(-179.5, -50.0, 315, 3)],
        (179.5, 180.5, -50.0, -49.2),
    ),
    "near the pole": ([bearing(0.0, 86.0, 60, 3), bearing(40.0, 85.0, 340, 3)], (10, 55, 85.3, 87.2)),
}


@pytest.mark.parametrize("which", CROSSINGS)
def test_crossing_bearings_have_the_density_of_their_product(which: str) -> None:
    bearings, (west, east, south, north) = CROSSINGS[which]
    frame = LocalFrame((west + east) / 2, (south + north) / 2)
    _, lon, lat = drawn(case_of(begun(bearings=bearings)), frame)
    lon = west + (lon - west) % 360.0
    fine, coarse = 240, 12
    edges_lon, edges_lat = np.linspace(west, east, fine + 1), np.linspace(south, north, fine + 1)
    middles = np.meshgrid((edges_lon[1:] + edges_lon[:-1]) / 2, (edges_lat[1:] + edges_lat[:-1]) / 2)
    share = grid_density(bearings, *middles).reshape(coarse, fine // coarse, coarse, fine // coarse)
    expected = lon.size * share.sum(axis=(1, 3)).ravel()
    found, _, _ = np.histogram2d(
        lat, lon, [np.linspace(south, north, coarse + 1), np.linspace(west, east, coarse + 1)]
    )
    assert lon.size - found.sum() < 0.01 * lon.size
    busy = expected > 20.0
    counts = np.append(found.ravel()[busy], lon.size - found.ravel()[busy].sum())
    hoped = np.append(expected[busy], lon.size - expected[busy].sum())
    assert ((counts - hoped) ** 2 / np.maximum(hoped, 20.0)).sum() < chi_square_limit(busy.sum()) * 1.1
    assert np.unique(lon).size == lon.size  # drawn, not copied


@pytest.mark.parametrize(
    ("bearings", "words"),
    [
        ([bearing(4.0, 59.0, 350, 2), bearing(5.0, 59.0, 10, 2)], "do not cross"),
        ([bearing(4.0, 59.0, 225, 2), bearing(5.0, 59.0, 135, 2)], "do not cross"),
        ([bearing(4.0, 59.0, 0, 2), bearing(4.1, 59.0, 0, 2)], "Give range_nm"),
        ([bearing(4.0, 59.0, 0, 2), bearing(4.0, 59.0, 0, 2)], "Give range_nm"),
        ([bearing(4.0, 59.0, 45, 2), bearing(5.0, 59.0, 315, 2), bearing(4.5, 60.0, 200, 1)], "do not cross"),
        (
            [bearing(4.0, 59.0, 45, 2, range_nm=[1, 5]), bearing(5.0, 59.0, 315, 2, range_nm=[1, 5])],
            "do not cross",
        ),
    ],
)
def test_bearings_that_tell_no_place_are_refused(bearings, words: str) -> None:
    with pytest.raises(CaseError, match=f'scenario "s0": bearings .*{words}'):
        drawn(case_of(begun(bearings=bearings)), LocalFrame(4.0, 59.0))


def write_cloud(path: Path, *, packed: bool, weighted: bool) -> None:
    """Two particles, three hours; it began at the first particle's hour 1 (25 %) or the second's 2 (75 %)."""
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("trajectory", 3)
        file.createDimension("time", 3)
        time = file.createVariable("time", "f8", ("time",))
        time.units = "seconds since 1970-01-01 00:00:00"
        time[:] = to_posix_s(case_of(begun(area=[[4, 59], [5, 59], [5, 60]])).window.start) + np.array(
            [-7200.0, -3600.0, 0.0]
        )
        for name, first in (("lon", 179.0), ("lat", 59.0)):
            kind = {"datatype": "i4", "fill_value": -(2**31)} if packed else {"datatype": "f4"}
            variable = file.createVariable(name, kind.pop("datatype"), ("trajectory", "time"), **kind)
            if packed:
                variable.scale_factor = 1e-7
            values = first + 0.6 * np.arange(3)[:, np.newaxis] + 0.1 * np.arange(3)
            variable[:] = (values + 180.0) % 360.0 - 180.0 if name == "lon" else values
        weight = file.createVariable("weight", "f8", ("trajectory",))
        weight[:] = [0.5, 0.5, 0.0]
        if weighted:
            variable = file.createVariable("origin_weight", "f4", ("trajectory", "time"))
            variable[:] = [[0.0, 0.1, 0.0], [0.0, 0.0, 0.3], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize("packed", [True, False])
def test_a_cloud_begins_where_and_when_its_file_says(packed: bool, tmp_path: Path) -> None:
    write_cloud(tmp_path / "origin.nc", packed=packed, weighted=True)
    case = case_of({"cloud": "origin.nc"}, base_dir=tmp_path)
    assert case.scenarios[0].origin.corners[0].lon_deg == pytest.approx(179.1, abs=1e-4)
    assert case.scenarios[0].origin.corners[1].lon_deg == pytest.approx(179.8, abs=1e-4)
    end_s = to_posix_s(case.window.start)
    assert first_release_s(case) == end_s - 3600.0
    origins, lon, lat = drawn(case, LocalFrame(180.0, 59.0), 10_000)
    early = origins.released_s == end_s - 3600.0
    assert abs(np.count_nonzero(early) - 2500) < 3.9 * sqrt(1875)
    assert (origins.released_s[~early] == end_s).all()
    np.testing.assert_allclose(lon[early], 179.1, atol=1e-4)
    np.testing.assert_allclose(lat[~early], 59.8, atol=1e-4)


def test_a_cloud_without_origins_begins_at_its_end(tmp_path: Path) -> None:
    write_cloud(tmp_path / "drift.nc", packed=False, weighted=False)
    case = case_of({"cloud": "drift.nc"}, base_dir=tmp_path)
    origins, lon, _ = drawn(case, LocalFrame(180.0, 59.0), 10_000)
    assert (origins.released_s == to_posix_s(case.window.start)).all()
    assert abs(np.count_nonzero(lon > 179.5) - 5000) < 3.9 * 50.0
    assert lon.max() == pytest.approx(179.8, abs=1e-4)


def test_what_was_found_is_traced_back_and_not_drifted_on() -> None:
    find = {"lon": 4.5, "lat": 59.6, "error_nm": 0.1, "time": "2015-11-17T09:00:00Z"}
    case = case_of(begun(found=find))
    frame = LocalFrame(4.0, 60.0)
    assert case.runs_backward
    with pytest.raises(CaseError, match=r'scenario "s0": found .*Run sarex backtrack'):
        drawn(case, frame)
    origins, _, _ = drawn(case, frame, 1000, draw=draw_finds)
    assert (origins.released_s == last_instant_s(case)).all()
    assert first_release_s(case) < last_instant_s(case)
    forward = case_of(begun(position={"lon": 4.5, "lat": 59.6, "error_nm": 1}))
    assert not forward.runs_backward
    with pytest.raises(CaseError, match=r'scenario "s0": found is missing.*sarex drift'):
        drawn(forward, frame, draw=draw_finds)


def test_draws_on_land_are_drawn_again_and_only_land_is_refused() -> None:
    corners = [[4.0, 59.0], [5.0, 59.0], [5.0, 60.0], [4.0, 60.0]]
    frame = LocalFrame(4.5, 59.5)
    case = case_of(begun(area=corners))

    def sliver(x_m, y_m):
        return x_m < -27_000.0

    found, _, _ = drawn(case, frame, 3000, water=sliver)
    assert (found.x_m < -27_000.0).all()
    assert found.y_m.std() > 20_000.0
    with pytest.raises(CaseError, match=r'scenario "s0": 3000 of 3000 .*on land'):
        drawn(case, frame, 3000, water=ashore)


def test_an_image_on_land_leaves_all_to_the_other_position() -> None:
    fix = {"lon": 4.5, "lat": 59.6, "major_nm": 2.0}
    fix |= {"ambiguous": {"lon": 14.0, "lat": 57.0, "probability": 0.9}}
    found, lon, _ = drawn(
        case_of(begun(fix=fix)), LocalFrame(9.0, 58.0), 3000, water=lambda x_m, _: x_m < 0.0
    )
    assert lon.max() < 6.0
    assert found.weight.sum() == pytest.approx(1.0)


def test_a_mixture_shares_particles_and_weight() -> None:
    case = case_of(
        begun(weight=3.0, area=[[4.0, 59.0], [5.0, 59.0], [5.0, 60.0]]),
        begun(weight=1.0, bearing=bearing(4.0, 59.0, 10, 3, range_nm=[1, 5])),
    )
    origins, _, _ = drawn(case, LocalFrame(4.0, 59.0), 4000)
    assert np.bincount(origins.scenario).tolist() == [3000, 1000]
    assert origins.weight.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    "seed",
    [
        {"area": [[4.0, 59.0], [5.0, 59.0], [5.0, 60.0]]},
        {"bearings": CROSSINGS["two"][0]},
        {"fix": {"lon": 4.5, "lat": 59.6, "major_nm": 2.0}},
    ],
)
def test_drawing_needs_little_more_memory_than_its_result(seed) -> None:
    case = case_of(begun(**seed))
    frame = LocalFrame(4.0, 59.0)
    tracemalloc.start()
    try:
        origins = draw_origins(case, frame, afloat, 1_500_000, np.random.default_rng(1))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    columns = (origins.x_m, origins.y_m, origins.released_s, origins.weight, origins.scenario)
    assert peak < sum(column.nbytes for column in columns) + origins.object_type.nbytes + 90e6
