"""What a sighting does to the belief: two particles by hand, Bayes' rule with numbers, and sums."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from test_resampling import BEGIN_S, FIRST, PARTICLES, cloud

from builders_sea import START, case, environment, place
from sarex.errors import PlanError
from sarex.update import DebrisFind, FalseAlarm, Sighting, learn, standing
from sarex.update.sightings import WeighedSighting, factor_of, weigh_sighting

MILE_M = 1852.0
SEA = environment()


def sighting(
    x_m=0.0, y_m=0.0, *, at_s=BEGIN_S + 3600.0, error_m=MILE_M, credibility=0.6, kind=None, name="ferry"
):
    return Sighting(name, at_s, place(x_m, y_m), error_m, credibility, kind)


def two_particles():
    """One at the place of the sighting, the other 100 km away: it cannot have been seen there."""
    whole = cloud(0, 2)
    x_m = np.zeros_like(whole.x_m)
    x_m[1] = 100_000.0
    return replace(whole, x_m=x_m, y_m=np.zeros_like(whole.y_m))


def test_two_particles_by_hand() -> None:
    """w = 1/2 each, L = (l, 0), so Lmean = l/2. Credibility 0.6: factors 0.4 + 0.6 * 2 = 1.6 and 0.4."""
    ensemble = two_particles()
    sigma_m = MILE_M / np.sqrt(2.0 * np.log(2.0))
    mean_m2 = 0.5 / (2.0 * np.pi * sigma_m**2)
    factor = factor_of(ensemble, WeighedSighting(sighting(), mean_m2))
    np.testing.assert_allclose(factor, [1.6, 0.4], rtol=1e-9)


def test_the_density_is_that_of_the_error_of_fifty_per_cent() -> None:
    """Half of a circular normal lies within the probable error: by scipy's normal along an axis."""
    ensemble = two_particles()
    ensemble = replace(ensemble, x_m=ensemble.x_m * np.float32(0.02))
    sigma_m = MILE_M / 1.17741
    expected = norm.pdf(2000.0, 0.0, sigma_m) / norm.pdf(0.0, 0.0, sigma_m)
    near, far = factor_of(ensemble, WeighedSighting(sighting(credibility=1.0), 1e-9))
    assert far / near == pytest.approx(expected, rel=1e-3)


def test_it_was_the_object_with_the_credibility_given() -> None:
    """Bayes by brute force: two hypotheses, particles within each; that of "it was" comes out as c."""
    ensemble = cloud(3, 20_000)
    told = sighting(2000.0, 1500.0, error_m=2500.0, credibility=0.35)
    factor, weighed = weigh_sighting(ensemble, told)
    assert float(ensemble.weight @ factor) == pytest.approx(1.0, abs=1e-12)
    was_it = factor - 0.65
    assert float(ensemble.weight @ was_it) == pytest.approx(0.35, abs=1e-12)
    x_m, y_m = ensemble.x_m[:, 6], ensemble.y_m[:, 6]
    sigma_m = 2500.0 / 1.17741
    by_scipy = norm.pdf(x_m, 2000.0, sigma_m) * norm.pdf(y_m, 1500.0, sigma_m)
    np.testing.assert_allclose(was_it, 0.35 * by_scipy / by_scipy.mean(), rtol=5e-3, atol=1e-6)
    assert weighed.mean_density_m2 == pytest.approx(by_scipy.mean(), rel=1e-3)


def test_a_class_that_was_recognised() -> None:
    """Raft for certain: no person in the water is left; the sum stays."""
    belief, (lesson,) = learn(
        cloud(1),
        (sighting(1000.0, credibility=1.0, kind="LIFE-RAFT-DB-10", error_m=4000.0),),
        case(),
        SEA,
        {},
        "r",
    )
    assert belief.weight[belief.object_type == 1].sum() == 0.0
    assert belief.undetected == pytest.approx(1.0, abs=1e-12)
    assert lesson.pos == 0.0
    assert sum(lesson.bins.values()) == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 0.9), st.floats(-4000.0, 4000.0), st.floats(1000.0, 6000.0))
def test_no_sighting_changes_the_sum(credibility, x_m, error_m) -> None:
    ensemble = replace(cloud(2), weight=cloud(2).weight * 0.7)
    belief, (lesson,) = learn(
        ensemble, (sighting(x_m, credibility=credibility, error_m=error_m),), case(), SEA, {}, "r"
    )
    assert belief.undetected == pytest.approx(0.7, rel=1e-9)
    assert lesson.undetected == pytest.approx(0.7, rel=1e-9)
    if credibility == 0.0:
        np.testing.assert_allclose(belief.weight, ensemble.weight, rtol=1e-12)


def test_search_and_sighting_in_either_order_believe_the_same_places() -> None:
    """But for the mean that a sighting is weighed against: certain ones commute exactly."""
    seen = sighting(12_000.0, 12_000.0, error_m=5000.0, credibility=1.0, at_s=BEGIN_S + 7200.0)
    ensemble = cloud(4, 10 * PARTICLES)
    one, _ = learn(ensemble, (FIRST, seen), case(), SEA, {}, "r")
    other, _ = learn(ensemble, (seen, FIRST), case(), SEA, {}, "r")
    for values in ("x_m", "y_m"):
        means = [np.average(getattr(belief, values)[:, -1], weights=belief.weight) for belief in (one, other)]
        assert abs(means[0] - means[1]) < 400.0
    assert one.undetected != pytest.approx(other.undetected, rel=0.05)


def test_a_precise_sighting_draws_particles_anew_around_it() -> None:
    """A tenth of a mile within a cloud of 4 km: few particles fit, afterwards most lie there."""
    told = sighting(1500.0, -500.0, error_m=0.1 * MILE_M, credibility=0.95)
    belief, (lesson,) = learn(cloud(5, 20_000), (told,), case(), SEA, {}, "r")
    assert lesson.resampled
    away_m = np.hypot(belief.x_m[:, 6] - 1500.0, belief.y_m[:, 6] + 500.0)
    within = float(belief.weight[away_m < 0.1 * MILE_M].sum())
    assert within == pytest.approx(0.95 * 0.5, abs=0.05)
    assert np.unique(belief.x_m[:, 6]).size > 5000


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (sighting(300_000.0), "hardly any trajectory"),
        (sighting(at_s=BEGIN_S - 9e4), "no drift was computed"),
        (sighting(kind="PIW-6"), "none of the case"),
    ],
)
def test_a_sighting_that_cannot_be(told, words) -> None:
    with pytest.raises(PlanError, match=words):
        learn(cloud(0), (told,), case(), SEA, {}, "r")


def test_false_alarms_withdraw() -> None:
    first, second = sighting(name="Ferry"), sighting(name="patrol")
    find = DebrisFind("life ring", START.timestamp(), place(0.0, 0.0), 100.0, "PIW-1", 1.0)
    assert standing([first, second, find, FalseAlarm("a", "ferry")]) == (second, find)
    assert standing([first, FalseAlarm("a", None)]) == (first,)
    with pytest.raises(PlanError, match="not reported"):
        standing([first, FalseAlarm("a", "trawler")])
    with pytest.raises(PlanError, match="name of its own"):
        standing([first, replace(second, name="FERRY")])
