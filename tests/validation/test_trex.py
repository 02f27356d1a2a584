"""A part of the real tracks of TREX 2020, where they are at hand."""

import shutil
from pathlib import Path

import pytest
import xarray as xr
from pyproj import Geod

from sarex.case.model import DriftSettings
from sarex.validation import Study, StudySettings, read_tracks, validate


@pytest.fixture(scope="module")
def study(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    source = shared_dir / "data" / "trex-2020"
    if not source.is_dir():
        pytest.skip("the drifter tracks are not here")
    folder = tmp_path_factory.mktemp("trex")
    for model in ("ciops", "gsl500"):
        (folder / model).mkdir()
        for path in sorted((source / model).glob("*.nc"))[::25]:
            shutil.copy(path, folder / model)
    tracks, unread = read_tracks(folder)
    assert not unread
    return validate(tracks, unread, StudySettings(drift=DriftSettings(particles=1000)), lambda _: None)


def test_every_track_is_read_and_both_models_are_scored(study: Study) -> None:
    assert study.models == ("ciops", "gsl500")
    assert len(study.tracks) == 20
    assert {summary.horizon_h for summary in study.summaries} == {6, 12, 24, 48}


def test_containment_is_neither_absent_nor_certain(study: Study) -> None:
    for model in study.models:
        summary = study.summary(model, 24)
        assert summary is not None
        assert 0.7 < summary.held(0.95).main.value <= 1.0
        assert 0.2 < summary.held(0.5).main.value < 0.7


def test_the_way_drifted_is_the_geodesic_between_the_files_positions(study: Study, shared_dir: Path) -> None:
    track = study.tracks[0]
    path = shared_dir / "data" / "trex-2020" / track.model / track.file
    with xr.open_dataset(path) as raw:
        lon, lat = raw["lon"].to_numpy(), raw["lat"].to_numpy()
    _, _, expected_m = Geod(ellps="WGS84").inv(lon[1], lat[1], lon[25], lat[25])
    score = next(
        s
        for s in study.scores
        if s.launched_s == track.times_s[1] and s.horizon_h == 24 and s.drifter == track.drifter
    )
    assert score.drifted_m == pytest.approx(expected_m, rel=1e-4)
