"""A drift file read back is the belief that was written, or one sentence why not."""

from dataclasses import replace
from datetime import timedelta

import netCDF4
import numpy as np
import pytest

from random_cases import RandomCase
from sarex.drift import drift_ensemble
from sarex.errors import PlanError
from sarex.exchange import drift_reader
from sarex.exchange.drift_nc import write_drift
from sarex.exchange.drift_reader import read_belief


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A belief across the dateline, after a search, in a file."""
    one = RandomCase(0)
    belief = drift_ensemble(one.case, one.sea, until=one.window.end, purpose="reported")
    belief = replace(belief, weight=belief.weight * np.linspace(0.2, 0.9, belief.weight.size))
    path = tmp_path_factory.mktemp("drift") / "drift.nc"
    write_drift(path, one.case, one.sea, belief)
    return one, belief, path


def test_what_was_written_is_read_in_the_window(written) -> None:
    one, belief, path = written
    read = read_belief(path, one.case, one.frame)
    columns, _ = belief.span(one.window.start.timestamp(), one.window.end.timestamp())
    assert np.array_equal(read.times_s, belief.times_s[columns])
    # whole 1e-7 degrees, and single precision at 100 km
    assert np.abs(read.x_m - belief.x_m[:, columns]).max() < 0.03
    assert np.abs(read.y_m - belief.y_m[:, columns]).max() < 0.03
    assert np.array_equal(read.status, belief.status[:, columns])
    for name in ("weight", "scenario", "object_type", "member", "in_water_from_s"):
        assert np.array_equal(getattr(read, name), getattr(belief, name), equal_nan=name.endswith("_s"))
    assert read.object_types == belief.object_types


def test_of_very_many_particles_every_so_many_th_is_read(written, monkeypatch) -> None:
    one, belief, path = written
    monkeypatch.setattr(drift_reader, "MOST_PARTICLES", 400)
    read = read_belief(path, one.case, one.frame)
    assert read.weight.size == 375  # 1500 / 4
    assert read.undetected == pytest.approx(belief.undetected)


def test_a_file_of_another_case_or_window_is_refused(written, tmp_path) -> None:
    one, _, path = written
    later = one.window.end + timedelta(hours=1)
    for other, words in (
        (replace(one.case, id="ELSE"), 'not of EXERCISE "ELSE"'),
        (replace(one.case, exercise=False), "not of REAL"),
        (replace(one.case, window=replace(one.window, end=later)), "does not hold the window"),
        (replace(one.case, scenarios=()), "the case of"),
    ):
        with pytest.raises(PlanError, match=words):
            read_belief(path, other, one.frame)
    with pytest.raises(PlanError, match=r"there is no nothing\.nc"):
        read_belief(tmp_path / "nothing.nc", one.case, one.frame)


def test_what_is_no_whole_drift_file_is_refused(written, tmp_path) -> None:
    one, _, path = written
    broken = tmp_path / "drift.nc"
    broken.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(PlanError, match="no whole drift file"):
        read_belief(broken, one.case, one.frame)
    with netCDF4.Dataset(tmp_path / "empty.nc", "w") as file:
        file.case_id = one.case.id
    with pytest.raises(PlanError, match="has no time and no lon"):
        read_belief(tmp_path / "empty.nc", one.case, one.frame)
