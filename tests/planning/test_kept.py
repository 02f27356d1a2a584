"""A plan read back as shapes: flown again they cover what was flown, so that a search can begin there."""

from dataclasses import replace

import numpy as np
import pytest
from test_fleet_search import FLEET, cloud
from test_sortie import LADDER as ALONG
from test_sortie import crew as coastal_crew

from sarex.planning.datum_drift import datum_drift
from sarex.planning.kept import track_of
from sarex.planning.model import Pattern
from sarex.planning.sortie import Shape, fly
from sarex.planning.unit_plan import unit_plan_of

CREW = FLEET[0]
LADDER = Shape(Pattern.PARALLEL_SWEEP, 1500.0, -800.0, 0.6, 9000.0, 1400.0)
ROUNDED = replace(LADDER, pattern=Pattern.EXPANDING_SQUARE, length_m=0.0, spacing_m=900.0, rounded=True)


def read_back(shape, waters):
    drift = datum_drift(waters)
    track = fly(CREW, shape, drift.at(shape.x_m, shape.y_m))
    exposure = waters.exposures(track.searching, waters.widths(CREW.width_m))
    kept = track_of(unit_plan_of(CREW, track, exposure, waters), drift, CREW.reference_s)
    again = fly(CREW, kept.shape, drift.at(kept.shape.x_m, kept.shape.y_m))
    return track, kept, again


@pytest.mark.parametrize(
    "uneven",
    [
        {},
        {"taper": 0.4, "creep": -1},
        {"barrel": 0.5, "shear": 0.3, "start_end": -1},
        {"dense": 0.3, "gradient": 0.2},
        {"follows_drift": False, "gradient": -0.3, "creep": -1, "start_end": -1},
    ],
)
def test_a_ladder_is_read_back_as_it_is(uneven) -> None:
    track, kept, again = read_back(replace(LADDER, **uneven), cloud())
    np.testing.assert_array_equal(kept.legs, track.legs)
    assert len(again.legs) == len(track.legs)
    np.testing.assert_allclose(again.legs[:, :4], track.legs[:, :4], atol=60.0)


@pytest.mark.parametrize("straight_m", [0.0, 3000.0])
def test_a_rounded_square_is_read_back_nearly(straight_m) -> None:
    waters = cloud(4000)
    track, kept, again = read_back(replace(ROUNDED, length_m=straight_m), waters)
    assert kept.shape.rounded
    before, after = (waters.exposures(one.searching, waters.widths(CREW.width_m)) for one in (track, again))
    common = np.sum(-np.expm1(-np.minimum(before, after)))
    assert common > 0.7 * np.sum(-np.expm1(-before))


def test_a_ladder_clipped_to_open_water_can_be_flown_as_read_back() -> None:
    who, waters = coastal_crew(), cloud()
    shape = replace(ALONG, x_m=5000.0, heading_rad=0.0, length_m=12_000.0, follows_drift=False, clipped=True)
    track = fly(who, shape, (0.0, 0.0))
    nothing = np.zeros(waters.weight.size, np.float32)
    kept = track_of(unit_plan_of(who, track, nothing, waters), datum_drift(waters), who.reference_s)
    assert fly(who, replace(kept.shape, clipped=False), (0.0, 0.0)) is None
    again = fly(who, kept.shape, (0.0, 0.0))
    assert again is not None
    np.testing.assert_allclose(again.box.mean(axis=0), track.box.mean(axis=0), atol=1500.0)
