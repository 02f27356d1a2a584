"""The whole validation on tracks whose truth is known to follow the model, or not to."""

from pathlib import Path

import numpy as np
import pytest

from made_tracks import made_track, write_tracks
from sarex.case.model import DriftSettings
from sarex.errors import InputError
from sarex.validation import Study, StudySettings, read_tracks, validate
from sarex.validation.slip import slip_of

SETTINGS = StudySettings(
    drift=DriftSettings(
        particles=1000, current_error_mps=0.2, current_error_growth=0.0, error_memory_s=36_000.0
    ),
    horizons_h=(6, 24),
)
COUNT = 120


def study_of(folder: Path, settings: StudySettings = SETTINGS) -> Study:
    return validate(*read_tracks(folder), settings, lambda _: None)


def held(study: Study, level: float) -> float:
    summary = study.summary("model-a", 24)
    assert summary is not None
    assert summary.launches == COUNT
    return summary.held(level).main.value


def test_truth_that_follows_the_model_lies_on_the_diagonal(tmp_path: Path) -> None:
    """Four standard errors of 120 independent launches: a false alarm in 1 of 16,000 seeds each."""
    study = study_of(write_tracks(tmp_path, COUNT))
    for level in (0.5, 0.75, 0.9, 0.95):
        assert held(study, level) == pytest.approx(level, abs=4.0 * np.sqrt(level * (1 - level) / COUNT))


def test_truth_with_a_larger_error_lies_below_it(tmp_path: Path) -> None:
    study = study_of(write_tracks(tmp_path, COUNT, sigma_mps=0.45))
    assert held(study, 0.5) < 0.3
    assert held(study, 0.95) < 0.75


def test_the_same_seed_gives_the_same_scores_and_another_one_others(tmp_path: Path) -> None:
    folder = write_tracks(tmp_path, 3)
    first = study_of(folder).scores
    assert study_of(folder).scores == first
    other = StudySettings(drift=SETTINGS.drift, horizons_h=SETTINGS.horizons_h, seed=2)
    assert study_of(folder, other).scores != first


def test_without_error_the_forecast_is_the_model_and_the_baselines_are_by_hand(tmp_path: Path) -> None:
    """The drifter goes with the current, 0.3 m/s east and 0.1 m/s south."""
    (tmp_path / "m").mkdir()
    made_track(np.random.default_rng(1), sigma_mps=0.0).to_netcdf(tmp_path / "m" / "t.nc")
    score = study_of(tmp_path).scores[-1]
    way_m = np.hypot(0.3, 0.1) * 24 * 3600.0
    assert score.drifted_m == pytest.approx(way_m, rel=1e-3)
    assert score.stayed.separation_m == pytest.approx(way_m, rel=1e-3)
    assert score.stayed.liu_weisberg == pytest.approx(0.0, abs=1e-6)
    assert score.last_velocity.separation_m < 20.0
    # the cloud's mean: 1,000 particles of 13 km spread
    assert score.forecast.separation_m < 4.0 * 13_000.0 / np.sqrt(1000)
    assert score.held_by(0.2)


def test_wind_carries_a_drifter_by_its_published_slip(tmp_path: Path) -> None:
    """CARTHE: 0.5 % of 10 m/s for 24 h is 4.32 km; wind over the water is 0.3 m/s less in the current."""
    (tmp_path / "m").mkdir()
    track = made_track(np.random.default_rng(1), sigma_mps=0.0, kind="Pacific Gyre CARTHE")
    track["ueast_atmos"][:] = 10.0
    track.to_netcdf(tmp_path / "m" / "t.nc")
    settings = StudySettings(
        drift=DriftSettings(
            particles=500, current_error_mps=0.0, current_error_growth=0.0, wind_error_mps=0.0
        ),
        horizons_h=(24,),
    )
    score = study_of(tmp_path, settings).scores[0]
    expected_m = 0.005 * np.hypot(10.0 - 0.3, 0.1) * 24 * 3600.0
    assert score.forecast.separation_m == pytest.approx(expected_m, rel=0.01)


def test_slips_are_published_or_said_not_to_be() -> None:
    assert slip_of("MetOcean CODE/Davis").wind_frac == 0.001
    assert slip_of("SVP drogued at 15 m").wind_frac == 0.0007
    assert slip_of("Undrogued SVP").wind_frac == 0.01
    unknown = slip_of("Rubber duck")
    assert (unknown.wind_frac, unknown.published) == (0.0, False)


def test_tracks_too_short_for_any_launch_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the 2 tracks goes on for 7 hours"):
        study_of(write_tracks(tmp_path, 2, hours=5))
