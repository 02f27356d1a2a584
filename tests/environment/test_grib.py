"""GRIB files give the flow that was written into their messages, whatever else is in them."""

import numpy as np
import pytest
from grib_files import LAT_DEG, write_grib, write_polar_grib

from sarex.case.model import ForcingFile
from sarex.environment import Box, sample_velocity
from sarex.environment.dataset import open_forcing
from sarex.environment.quantities import STOKES
from sarex.errors import ForcingError
from sarex.geo import LocalFrame

pytest.importorskip("cfgrib")

STEPS_H = (0, 3, 6, 9, 12, 15)


def wind(value=(7.0, -3.0), steps=STEPS_H, names=("10u", "10v"), member=()):
    return [(name, part, step, *member) for step in steps for name, part in zip(names, value, strict=True)]


@pytest.mark.parametrize("edition", [1, 2])
def test_wind_of_both_editions(edition, tmp_path, gather) -> None:
    path = write_grib(tmp_path / f"wind.grib{edition}", wind(), edition=edition)
    field, sources = gather(path, quantity="wind")
    x, y = sample_velocity(field, 0.0, 0.0, field.times_s[0])
    assert (float(x), float(y)) == pytest.approx((7.0, -3.0), abs=1e-3)
    assert sources[0].produced_at.isoformat() == "2026-05-01T00:00:00+00:00"
    assert sources[0].valid_until.isoformat() == "2026-05-01T15:00:00+00:00"


def test_other_levels_and_fields_beside_the_wanted_one(tmp_path, gather) -> None:
    others = [
        *wind((20.0, 20.0), names=("100u", "100v")),
        *wind((40.0, 40.0), names=("u500", "v500")),
        *wind((0.4, 0.2), names=("ucurr", "vcurr")),
        *[("gust", 30.0, step) for step in STEPS_H],
    ]
    path = write_grib(tmp_path / "mixed.grib2", [*others, *wind()])
    field, _ = gather(path, quantity="wind")
    x, y = sample_velocity(field, 0.0, 0.0, field.times_s[0])
    assert (float(x), float(y)) == pytest.approx((7.0, -3.0), abs=1e-3)
    field, _ = gather(path, quantity="current")
    x, y = sample_velocity(field, 0.0, 0.0, field.times_s[0])
    assert (float(x), float(y)) == pytest.approx((0.4, 0.2), abs=1e-4)


def test_rows_from_north_to_south_and_holes(tmp_path, gather) -> None:
    north = np.where(LAT_DEG[:, None] > 37.25, np.nan, 10.0 * (LAT_DEG[:, None] - 36.0)) * np.ones((1, 21))
    path = write_grib(tmp_path / "slope.grib2", wind((north, 1.0)))
    field, _ = gather(path, quantity="wind")
    # 20 km are 0.1802 degrees of latitude at 37 N on WGS 84 (110.99 km a degree)
    x, _ = sample_velocity(field, 0.0, [-20_000.0, 0.0, 20_000.0], field.times_s[0])
    assert x == pytest.approx([8.198, 10.0, 11.802], abs=0.02)


def test_times_are_those_of_validity(tmp_path, gather) -> None:
    messages = [message for step in STEPS_H for message in (("10v", 0.0, step), ("10u", float(step), step))]
    field, _ = gather(write_grib(tmp_path / "steps.grib2", messages), quantity="wind")
    # 1777593600 s: `date -u -d 2026-05-01 +%s`
    x, _ = sample_velocity(field, 0.0, 0.0, 1777593600.0 + 3600.0 * np.array([6.0, 7.5, 12.0]))
    assert x == pytest.approx([6.0, 7.5, 12.0], abs=1e-3)


def test_wind_called_surface_is_the_wave_models_wind_at_ten_metres(tmp_path, gather) -> None:
    path = write_grib(tmp_path / "waves.grib2", wind(names=("u-surface", "v-surface")))
    field, _ = gather(path, quantity="wind")
    assert float(np.nanmean(field.x_mps)) == pytest.approx(7.0, abs=0.1)


def test_members_are_refused_until_one_is_named(tmp_path, gather) -> None:
    messages = [message for member in (1, 2, 3) for message in wind((float(member), 0.0), member=(member,))]
    path = write_grib(tmp_path / "ensemble.grib2", messages)
    with pytest.raises(ForcingError, match=r"3 ensemble members along 'number'.*realization = 0 to 2"):
        gather(path, quantity="wind")
    field, _ = gather(ForcingFile(str(path), 1), quantity="wind")
    assert float(sample_velocity(field, 0.0, 0.0, field.times_s[0])[0]) == pytest.approx(2.0, abs=1e-3)
    with pytest.raises(ForcingError, match=r"realization = 3 is not in this file"):
        gather(ForcingFile(str(path), 3), quantity="wind")


def test_vectors_along_a_polar_grid_are_turned(tmp_path, gather) -> None:
    """The grid's x axis points east at 90 E; a degree west of there it points a degree north of east."""
    path = write_polar_grib(tmp_path / "polar.grib2", 8.0, upward=True)
    lon_deg, lat_deg = 28.0, 72.4
    box = Box(-15_000.0, -15_000.0, 15_000.0, 15_000.0)
    field, _ = gather(path, quantity="wind", frame=LocalFrame(lon_deg, lat_deg), box=box)
    x, y = sample_velocity(field, 0.0, 0.0, field.times_s[0])
    turn = np.deg2rad(90.0 - lon_deg)
    assert (float(x), float(y)) == pytest.approx((8.0 * np.cos(turn), 8.0 * np.sin(turn)), abs=0.02)


def test_map_grids_written_downward_are_refused(tmp_path, gather) -> None:
    path = write_polar_grib(tmp_path / "polar.grib2", 8.0, upward=False)
    with pytest.raises(ForcingError, match="not written from south to north"):
        gather(path, quantity="wind")


def test_stokes_drift(tmp_path, gather) -> None:
    path = write_grib(tmp_path / "waves.grib2", wind((0.12, -0.05), names=("ustokes", "vstokes")))
    dataset = open_forcing(path, STOKES)
    assert dataset.components[0].mps_per_unit == 1.0
    assert float(dataset.dataset[dataset.components[0].variable].mean()) == pytest.approx(0.12, abs=1e-4)


def test_nothing_is_written_beside_the_file(tmp_path, gather) -> None:
    (tmp_path / "data").mkdir()
    path = write_grib(tmp_path / "data" / "wind.grib2", wind())
    gather(path, quantity="wind")
    assert [file.name for file in path.parent.iterdir()] == ["wind.grib2"]


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (wind(names=("100u", "100v")), "no wind"),
        ([("10u", 1.0, step) for step in STEPS_H], "only one component"),
        (wind(steps=(6,)), "but the case needs the wind"),
        (wind(names=("ucurr", "vcurr"), value=(0.1, 0.1)), "it holds a current"),
        ([*wind(), ("10u", 1.0, 18)], "different times"),
    ],
)
def test_what_cannot_serve_is_one_sentence(messages, words, tmp_path, gather) -> None:
    path = write_grib(tmp_path / "odd.grib2", messages)
    with pytest.raises(ForcingError, match=words) as caught:
        gather(path, quantity="wind")
    assert str(caught.value).startswith("odd.grib2")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("cut", [4, 50, 1000])
def test_damaged_grib_is_one_sentence(cut, tmp_path, gather) -> None:
    path = write_grib(tmp_path / "cut.grib2", wind())
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ForcingError, match=r"^cut\.grib2: .*GRIB"):
        gather(path, quantity="wind")


def test_real_wave_model_file(shared_dir, gather) -> None:
    """One time only: refused for a span, and the sentence says which time it has."""
    path = shared_dir / "data/gfswave-grib/gfswave_0p16_natl_20211107T00.grib2"
    with pytest.raises(ForcingError, match="2021-11-07T00:00Z"):
        gather(path, quantity="wind")
