"""drift.nc holds the ensemble number for number, and says what its numbers mean."""

from dataclasses import replace

import netCDF4
import numpy as np
import pytest

import builders
from sarex.drift.ensemble import Status
from sarex.exchange.drift_nc import write_drift
from sarex.geo import WGS84

STORIES = {"bergen": builders.bergen, "dateline": builders.dateline, "synthetic": builders.korea_strait}


@pytest.fixture(params=STORIES)
def story(request):
    return STORIES[request.param]()


@pytest.fixture
def file(story, tmp_path):
    write_drift(tmp_path / "drift.nc", story.case, story.environment, story.ensemble)
    with netCDF4.Dataset(tmp_path / "drift.nc") as opened:
        yield opened


def test_positions_are_those_of_the_ensemble_to_a_metre(story, file) -> None:
    ensemble = story.ensemble
    lon_deg, lat_deg = ensemble.frame.to_lonlat_deg(ensemble.x_m, ensemble.y_m)
    written_lon, written_lat = np.asarray(file["lon"][:], float), np.asarray(file["lat"][:], float)
    assert written_lon.shape == (ensemble.weight.size, ensemble.times_s.size)
    assert np.isfinite(written_lon).all()
    assert np.isfinite(written_lat).all()
    assert (np.abs(written_lon) <= 180.0).all()
    _, _, off_m = WGS84.inv(lon_deg, lat_deg, written_lon, written_lat)
    assert np.max(off_m) < 1.0


def test_weights_times_and_codes_are_kept(story, file) -> None:
    ensemble = story.ensemble
    np.testing.assert_array_equal(file["weight"][:], ensemble.weight)
    np.testing.assert_array_equal(file["time"][:], ensemble.times_s)
    np.testing.assert_array_equal(file["status"][:], ensemble.status)
    np.testing.assert_array_equal(file["object_type"][:], ensemble.object_type)
    np.testing.assert_array_equal(file["scenario"][:], ensemble.scenario)
    assert file["time"].units == "seconds since 1970-01-01 00:00:00"
    meanings = dict(zip(file["status"].flag_meanings.split(), file["status"].flag_values, strict=True))
    assert meanings == {status.name.lower(): status.value for status in Status}


def test_age_counts_from_the_release(story, file) -> None:
    age_s = np.asarray(file["age_seconds"][:])
    expected_s = story.ensemble.times_s[None, :] - story.ensemble.released_s[:, None]
    np.testing.assert_allclose(age_s, np.where(expected_s > 0, expected_s, 0.0), atol=0.01)


def test_every_forcing_source_is_named_with_its_age(story, file) -> None:
    for source in story.environment.sources:
        assert source.label in file.forcing
        assert source.quantity in file.forcing
        if source.produced_at is not None:
            assert f"{source.produced_at:%Y-%m-%dT%H:%M:%S}Z" in file.forcing
    assert ("synthetic" in file.ncattrs()) == story.environment.synthetic
    assert file.mark == ("EXERCISE" if story.case.exercise else "REAL")
    assert file.mark in file.title
    assert int(file.seed) == story.case.seed


def test_names_with_blanks_stay_one_meaning_each(tmp_path) -> None:
    """flag_meanings is a list separated by blanks, so a scenario of several words must become one."""
    story = builders.bergen()
    names = tuple(f"scenario {number}, at sea; 海" for number in range(len(story.ensemble.scenario_names)))
    write_drift(
        tmp_path / "d.nc", story.case, story.environment, replace(story.ensemble, scenario_names=names)
    )
    with netCDF4.Dataset(tmp_path / "d.nc") as file:
        meanings = file["scenario"].flag_meanings.split()
        assert len(meanings) == len(file["scenario"].flag_values) == len(names)


def test_after_a_search_the_sum_of_weights_is_what_is_undetected(tmp_path) -> None:
    story = builders.bergen()
    ensemble = replace(story.ensemble, weight=story.ensemble.weight * 0.25)
    write_drift(tmp_path / "d.nc", story.case, story.environment, ensemble)
    with netCDF4.Dataset(tmp_path / "d.nc") as file:
        assert float(file["weight"][:].sum()) == pytest.approx(0.25)
        assert file.probability_undetected == pytest.approx(0.25)


def test_what_cannot_be_written_is_an_error_of_the_system(tmp_path) -> None:
    story = builders.bergen()
    with pytest.raises(OSError, match="nowhere"):
        write_drift(tmp_path / "nowhere" / "d.nc", story.case, story.environment, story.ensemble)
