"""The box in which forcing is gathered makes room for what really drifts."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from builders_sea import QUIET, START, case, last_known, scenario
from sarex.case.model import ConstantVelocity, ForcingPreference, SearchWindow
from sarex.drift import Status, drift_ensemble
from sarex.drift.reach import case_frame, drift_box
from sarex.drift.surroundings import gather_environment


@pytest.fixture(autouse=True)
def _private_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("SAREX_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))


def given(current_mps: float):
    still, stream = ConstantVelocity(0.0, 0.0), ConstantVelocity(current_mps, 0.0)
    end = START + timedelta(hours=36)
    return case(
        scenario(last_known(), {"PIW-1": 1.0}),
        drift=replace(QUIET, particles=300),
        forcing=ForcingPreference.single((stream,), (still,)),
        window=SearchWindow(end - timedelta(hours=2), end),
        units=(),
    )


def test_the_usual_box_is_kept_where_it_is_enough() -> None:
    usual = given(0.5)
    assert gather_environment(usual).box == drift_box(usual, case_frame(usual))


def test_a_stream_faster_than_is_usual_widens_the_box() -> None:
    """3 m/s for 36 h is 389 km; forcing that is defined everywhere must not end before."""
    fast = given(3.0)
    sea = gather_environment(fast)
    assert sea.box.x_max_m > drift_box(fast, case_frame(fast)).x_max_m
    found = drift_ensemble(fast, sea, until=fast.window.end, purpose="t")
    assert np.all(found.status[:, -1] != Status.OUTSIDE_FORCING)
    afloat = found.status[:, -1] == Status.ACTIVE
    moved_m = found.x_m[afloat, -1] - found.x_m[afloat, 0]
    assert moved_m == pytest.approx(3.0 * 36 * 3600, rel=2e-3)
