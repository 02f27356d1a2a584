"""drift.nc holds the ensemble number for number, and says what its numbers mean."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import netCDF4
import numpy as np
import pytest
import xarray as xr
from pyproj import Proj

import builders
from sarex.case.model import Found
from sarex.drift.ensemble import Status
from sarex.exchange import drift_nc
from sarex.exchange.drift_nc import DriftLayout, create_drift_file, particles_of, write_drift
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


def layout_of(ensemble) -> DriftLayout:
    return DriftLayout(
        ensemble.weight.size,
        ensemble.times_s,
        ensemble.scenario_names,
        ensemble.object_types,
        ensemble.member_names,
    )


def append_all(path, story, stretches) -> None:
    with create_drift_file(path, story.case, story.environment, layout_of(story.ensemble)) as file:
        for stretch in stretches:
            file.append(stretch, particles_of(story.ensemble, stretch))


def test_positions_are_those_of_the_ensemble_to_two_centimetres(story, file) -> None:
    """As PROJ puts them, which is good to 1.5 mm."""
    ensemble = story.ensemble
    plane = Proj(
        proj="laea", lon_0=ensemble.frame.origin_lon_deg, lat_0=ensemble.frame.origin_lat_deg, ellps="WGS84"
    )
    lon_deg, lat_deg = plane(ensemble.x_m.astype(float), ensemble.y_m.astype(float), inverse=True)
    written_lon, written_lat = np.asarray(file["lon"][:], float), np.asarray(file["lat"][:], float)
    assert written_lon.shape == (ensemble.weight.size, ensemble.times_s.size)
    assert np.isfinite(written_lon).all()
    assert np.isfinite(written_lat).all()
    assert (np.abs(written_lon) <= 180.0).all()
    _, _, off_m = WGS84.inv(lon_deg, lat_deg, written_lon, written_lat)
    assert np.max(off_m) < 0.02


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


def test_age_counts_from_the_release(story, tmp_path) -> None:
    times_s = story.ensemble.times_s
    released_s = np.linspace(times_s[0], times_s[-1], story.ensemble.weight.size)
    write_drift(
        tmp_path / "d.nc", story.case, story.environment, replace(story.ensemble, released_s=released_s)
    )
    with netCDF4.Dataset(tmp_path / "d.nc") as file:
        age_s = np.asarray(file["age_seconds"][:])
    expected_s = times_s[None, :] - released_s[:, None]
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
    names = ("a\u00a0b, at sea; 海\r\n(north/east)", "a b, at sea; 海  (north east)", "", "", "x" * 300)
    ensemble = replace(story.ensemble, scenario_names=names)
    write_drift(tmp_path / "d.nc", story.case, story.environment, ensemble)
    with netCDF4.Dataset(tmp_path / "d.nc") as file:
        meanings = file["scenario"].flag_meanings.split(" ")
        assert len(set(meanings)) == len(file["scenario"].flag_values) == len(names)
        assert all(re.fullmatch(r"[\w.+@-]+", meaning) for meaning in meanings)
        assert "海" in meanings[0]
        assert file["object_type"].flag_meanings.split() == ["LIFE-RAFT-DB-10", "PIW-1"]
        assert len(file["member"].flag_meanings.split()) == 1


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


def test_readers_that_know_cf_see_degrees_in_double_precision(story, tmp_path) -> None:
    write_drift(tmp_path / "d.nc", story.case, story.environment, story.ensemble)
    with netCDF4.Dataset(tmp_path / "d.nc") as raw:
        raw.set_auto_maskandscale(False)
        assert raw["lon"].dtype == raw["lat"].dtype == np.int32
        assert raw["lon"].scale_factor.dtype == np.float64
        filled = {name for name, variable in raw.variables.items() if "_FillValue" in variable.ncattrs()}
        assert filled == {"in_water_from"}
        packed = raw["lon"][:]
    with xr.open_dataset(tmp_path / "d.nc") as read:
        assert read["lon"].dtype == read["lat"].dtype == np.float64
        np.testing.assert_allclose(read["lon"], packed / 1e7, rtol=0.0, atol=1e-12)
        assert set(read["status"].coords) >= {"lon", "lat", "time"}
        for name in ("scenario", "object_type", "member", "status"):
            assert len(read[name].flag_meanings.split()) == read[name].flag_values.size
            assert read[name].flag_values.dtype == read[name].dtype


def test_who_is_driven_by_what_and_in_the_water_since_when(tmp_path) -> None:
    story = builders.bergen()
    count = story.ensemble.weight.size
    member = (np.arange(count) % 2).astype(np.int16)
    since_s = np.where(np.arange(count) < 10, story.ensemble.times_s[3] + 0.5, np.nan)
    ensemble = replace(
        story.ensemble, member=member, member_names=("NorKyst 800", "HYCOM"), in_water_from_s=since_s
    )
    write_drift(tmp_path / "d.nc", story.case, story.environment, ensemble)
    with xr.open_dataset(tmp_path / "d.nc") as read:
        assert read["member"].flag_meanings.split() == ["NorKyst_800", "HYCOM"]
        np.testing.assert_array_equal(read["member"], member)
        assert np.isnat(read["in_water_from"][10:]).all()
        half_past = read["in_water_from"][:10] - read["time"][3]
        assert (half_past == np.timedelta64(500, "ms")).all()


def test_stretches_in_any_order_make_the_same_file(tmp_path, monkeypatch) -> None:
    story = builders.dateline()
    write_drift(tmp_path / "whole.nc", story.case, story.environment, story.ensemble)
    monkeypatch.setattr(drift_nc, "STRETCH", 999)
    write_drift(tmp_path / "stretches.nc", story.case, story.environment, story.ensemble)
    append_all(tmp_path / "mixed.nc", story, [slice(3000, 4000), slice(0, 1), slice(1, 3000)])
    with xr.open_dataset(tmp_path / "whole.nc") as whole:
        assert whole.probability_undetected == pytest.approx(1.0, abs=1e-12)
        for name in ("stretches.nc", "mixed.nc"):
            with xr.open_dataset(tmp_path / name) as other:
                xr.testing.assert_identical(whole, other)


@pytest.mark.parametrize("stretches", [[], [(0, 3999)], [(0, 4000), (0, 10)], [(1, 4000)]], ids=str)
def test_a_file_without_every_particle_once_is_not_there(stretches, tmp_path) -> None:
    story = builders.bergen()
    (tmp_path / "d.nc").write_text("older")
    with pytest.raises(ValueError, match="each of 4000 particles once"):
        append_all(tmp_path / "d.nc", story, [slice(*ends) for ends in stretches])
    assert [path.name for path in tmp_path.iterdir()] == ["d.nc"]
    assert (tmp_path / "d.nc").read_text() == "older"


def test_particles_of_another_shape_are_refused(tmp_path) -> None:
    story = builders.bergen()
    part = particles_of(story.ensemble, slice(0, 10))
    with (
        pytest.raises(ValueError, match=r"it must be \(11, "),
        create_drift_file(
            tmp_path / "d.nc", story.case, story.environment, layout_of(story.ensemble)
        ) as file,
    ):
        file.append(slice(0, 11), part)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_nothing(tmp_path) -> None:
    story = builders.bergen()

    def interrupted():
        yield slice(0, 100)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        append_all(tmp_path / "d.nc", story, interrupted())
    assert list(tmp_path.iterdir()) == []


def test_a_backward_drift_counts_its_age_from_the_find(tmp_path) -> None:
    story = builders.bergen()
    ensemble = story.ensemble
    found_s = np.linspace(ensemble.times_s[5], ensemble.times_s[-1], ensemble.weight.size)
    found_at = datetime.fromtimestamp(ensemble.times_s[-1], UTC)
    began = datetime.fromtimestamp(ensemble.times_s[0], UTC)
    origin = Found(story.case.scenarios[0].origin.position, 100.0, found_at, began, found_at)
    scenarios = tuple(replace(scenario, origin=origin) for scenario in story.case.scenarios)
    case = replace(story.case, scenarios=scenarios)
    write_drift(tmp_path / "d.nc", case, story.environment, replace(ensemble, released_s=found_s))
    with netCDF4.Dataset(tmp_path / "d.nc") as file:
        expected_s = np.maximum(found_s[:, None] - ensemble.times_s, 0.0)
        np.testing.assert_allclose(file["age_seconds"][:], expected_s, atol=0.01)
        assert "before the find" in file["age_seconds"].long_name


def test_a_source_names_its_member_and_its_weight(tmp_path) -> None:
    story = builders.bergen()
    one = story.case.forcing.members[0]
    members = (replace(one, name="A", weight=0.25), replace(one, name="B", weight=0.75))
    case = replace(story.case, forcing=replace(story.case.forcing, members=members))
    source = story.environment.sources[0]
    sources = tuple(replace(source, member=member.name) for member in members)
    write_drift(tmp_path / "d.nc", case, replace(story.environment, sources=sources), story.ensemble)
    with netCDF4.Dataset(tmp_path / "d.nc") as file:
        first, second = file.forcing.split("; " + source.quantity)
    assert f"{source.quantity} of member A (weight 0.25): {source.label}" in first
    assert " of member B (weight 0.75): " in second


def test_rounding_makes_no_probability_above_one(tmp_path) -> None:
    """Ten tenths and a hair more, as sums of weights come out; a sum after a search is kept as it is."""
    story = builders.bergen()
    hair = story.ensemble.weight / story.ensemble.weight.sum() * (1.0 + 4e-16)
    for weight, said in ((hair, 1.0), (hair * 0.9999, 0.9999)):
        path = tmp_path / f"{said}.nc"
        write_drift(path, story.case, story.environment, replace(story.ensemble, weight=weight))
        with netCDF4.Dataset(path) as file:
            assert file.probability_undetected <= 1.0
            assert file.probability_undetected == pytest.approx(said, abs=1e-12)
