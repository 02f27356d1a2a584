"""probability.nc holds each map on its own grid, placed on the earth by its projection alone."""

import netCDF4
import numpy as np
import pytest
from pyproj import CRS, Transformer

import builders
from sarex.exchange.probability_nc import write_probability

STORIES = {"bergen": builders.bergen, "dateline": builders.dateline}


@pytest.fixture(params=STORIES)
def story(request):
    return STORIES[request.param]()


@pytest.fixture
def file(story, tmp_path):
    write_probability(tmp_path / "probability.nc", story.case, story.maps)
    with netCDF4.Dataset(tmp_path / "probability.nc") as opened:
        yield opened


def test_a_group_for_each_instant(story, file) -> None:
    assert list(file.groups) == [f"{drawn.valid_at:%Y%m%dT%H%MZ}" for drawn in story.maps]
    times = netCDF4.num2date(file["time"][:], file["time"].units, only_use_cftime_datetimes=False)
    assert [time.isoformat() for time in times] == [
        drawn.valid_at.replace(tzinfo=None).isoformat() for drawn in story.maps
    ]


def test_bins_and_cells_are_kept(story, file) -> None:
    for number, (drawn, group) in enumerate(zip(story.maps, file.groups.values(), strict=True)):
        np.testing.assert_allclose(group["poc"][:], drawn.poc, rtol=1e-6)
        for name, probability in drawn.bins.items():
            assert file[f"probability_{name}"][number] == probability


def test_cells_lie_where_the_projection_puts_them(file) -> None:
    """By pyproj from the grid mapping's attributes; lon and lat are checked against it."""
    for group in file.groups.values():
        attributes = {name: group["crs"].getncattr(name) for name in group["crs"].ncattrs()}
        to_earth = Transformer.from_crs(CRS.from_cf(attributes), "EPSG:4326", always_xy=True)
        x_m, y_m = np.meshgrid(np.asarray(group["x"][:]), np.asarray(group["y"][:]))
        lon_deg, lat_deg = to_earth.transform(x_m, y_m)
        off_lon = (np.asarray(group["lon"][:]) - lon_deg + 180.0) % 360.0 - 180.0
        assert np.abs(off_lon).max() < 2e-5
        assert np.abs(np.asarray(group["lat"][:]) - lat_deg).max() < 1e-5


def test_centres_are_half_a_cell_from_the_edges(story, file) -> None:
    drawn, group = story.maps[0], next(iter(file.groups.values()))
    assert group["x"][0] == pytest.approx(drawn.x0_m + drawn.spacing_m / 2)
    assert group["y"][0] == pytest.approx(drawn.y0_m + drawn.spacing_m / 2)
    assert np.diff(group["x"][:]) == pytest.approx(drawn.spacing_m)


def test_it_says_whether_it_is_an_exercise(story, file) -> None:
    assert file.mark == ("EXERCISE" if story.case.exercise else "REAL")
    assert file.case_id == story.case.id
    assert file.computed_at.endswith("Z")
