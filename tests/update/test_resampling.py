"""Particles drawn anew carry the same belief: against fifty times as many that were only weighted."""

import numpy as np
import pytest
from shapely import box

from builders_sea import FRAME, START, case, coast, environment
from sarex.case.model import DriftSettings
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.environment.field import on_land
from sarex.environment.model import LAND
from sarex.update import SearchedTrack, SearchResult, learn, update_belief
from sarex.update.belief import effective_particles, exposure_to
from sarex.update.resample import LEAST_SHARE, allotment, resampled, systematic

PARTICLES = 2000
SIGMA_M = 4000.0
BEGIN_S = START.timestamp()
TIMES_S = BEGIN_S + 600.0 * np.arange(0, 31)
STUDENT_999 = 3.97
"""Two-sided 0.1 % of Student's t with 17 degrees of freedom."""
SEEDS = 18
SEA = environment()
SHORELESS = SEA.coast.raster


def cloud(seed: int, particles: int = PARTICLES, *, lobes_m: float = 0.0) -> DriftEnsemble:
    """A normal cloud that moves east and opens a little, in two objects of unlike weight."""
    generator = np.random.default_rng(seed)
    x0, y0, u, v = generator.standard_normal((4, particles)) * np.array([[SIGMA_M], [SIGMA_M], [0.1], [0.1]])
    kind = (np.arange(particles) % 4 == 0).astype(np.int16)
    hours_s = (TIMES_S - BEGIN_S)[None, :]
    x_m = (x0 + np.where(kind == 1, lobes_m, 0.0))[:, None] + (0.3 + u)[:, None] * hours_s
    return DriftEnsemble(
        frame=FRAME,
        times_s=TIMES_S,
        x_m=x_m.astype(np.float32),
        y_m=(y0[:, None] + v[:, None] * hours_s).astype(np.float32),
        status=np.zeros(x_m.shape, np.uint8),
        weight=np.full(particles, 1.0 / particles),
        scenario=np.zeros(particles, np.int16),
        object_type=kind,
        released_s=np.full(particles, BEGIN_S),
        scenario_names=("adrift",),
        object_types=("LIFE-RAFT-DB-10", "PIW-1"),
        member=np.zeros(particles, np.int16),
        member_names=("",),
        in_water_from_s=np.full(particles, np.nan),
    )


def ladder(start_h: float, width_m: float, spacing_m: float, half_m: float = 12_000.0) -> SearchResult:
    """Parallel sweeps over the middle of the cloud within an hour."""
    rows = np.arange(-half_m, half_m + 1.0, spacing_m)
    turned = np.where(np.arange(rows.size) % 2 == 0, 1.0, -1.0)
    middle_m = 0.3 * start_h * 3600.0
    ends = [FRAME.to_lonlat_deg(middle_m + side * half_m * turned, rows) for side in (-1.0, 1.0)]
    edges_s = BEGIN_S + 3600.0 * start_h + np.linspace(0.0, 3600.0, rows.size + 1)
    track = SearchedTrack(
        "Helicopter", *(np.column_stack(end) for end in ends), edges_s[:-1], edges_s[1:],
        {"LIFE-RAFT-DB-10": width_m, "PIW-1": 0.5 * width_m},
    )  # fmt: skip
    return SearchResult((track,))


FIRST, SECOND = ladder(1.0, 3600.0, spacing_m=1200.0, half_m=10_800.0), ladder(3.0, 1200.0, spacing_m=1700.0)


def moments(ensemble: DriftEnsemble) -> np.ndarray:
    """Mean and covariance at the end, as five numbers in units of the first spread."""
    x, y = ensemble.x_m[:, -1] / SIGMA_M, ensemble.y_m[:, -1] / SIGMA_M
    cov = np.cov(x, y, aweights=ensemble.weight, ddof=0)
    means = [np.average(values, weights=ensemble.weight) for values in (x, y)]
    return np.array([*means, cov[0, 0], cov[1, 1], cov[0, 1]])


def drawn_anew(seed: int, after: SearchResult = FIRST) -> DriftEnsemble:
    weighted, _ = update_belief(cloud(seed), after)
    return resampled(
        weighted, cloud(seed), lambda moved: -exposure_to(moved, after), after.ended_s, SHORELESS,
        np.random.default_rng(1000 + seed),
    )  # fmt: skip


@pytest.fixture(scope="module")
def truth() -> DriftEnsemble:
    """Fifty times as many particles, weighted only."""
    return update_belief(cloud(999, 50 * PARTICLES), FIRST)[0]


@pytest.fixture(scope="module")
def anew() -> list[DriftEnsemble]:
    return [drawn_anew(seed) for seed in range(SEEDS)]


def student(samples: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.abs(samples.mean(axis=0) - expected) / (samples.std(axis=0, ddof=1) / np.sqrt(len(samples)))


def test_the_search_leaves_few_particles() -> None:
    weighted, lesson = update_belief(cloud(0), FIRST)
    assert lesson.effective_particles < LEAST_SHARE * PARTICLES
    assert weighted.undetected > 0.001


def test_mean_and_covariance_are_those_of_fifty_times_as_many(anew, truth) -> None:
    """Five numbers at 0.1 % each: one false alarm in two hundred."""
    samples = np.array([moments(ensemble) for ensemble in anew])
    assert (student(samples, moments(truth)) < STUDENT_999).all()


def test_the_pos_of_a_second_search_is_the_same(anew, truth) -> None:
    """Out of what the first left, so that its own sampling error stays out of it."""
    samples = np.array([update_belief(found, SECOND)[1].pos / found.undetected for found in anew])
    expected = update_belief(truth, SECOND)[1].pos / truth.undetected
    assert student(samples, np.array(expected)) < STUDENT_999
    assert samples.mean() == pytest.approx(expected, abs=0.012)


def test_copies_strewn_about_would_fail(truth) -> None:
    """The same without the weighing of step 3, which is what most programs do: the strips fill up again."""
    samples = []
    for seed in range(6):
        weighted, _ = update_belief(cloud(seed), FIRST)
        found = resampled(
            weighted, weighted, lambda moved: np.zeros(moved.weight.size), FIRST.ended_s, SHORELESS,
            np.random.default_rng(seed),
        )  # fmt: skip
        samples.append(float(-np.expm1(-exposure_to(found, FIRST)) @ found.weight / found.undetected))
    expected = float(-np.expm1(-exposure_to(truth, FIRST)) @ truth.weight / truth.undetected)
    assert (student(np.array(samples), np.array(expected)) > STUDENT_999).all()


def test_scenarios_objects_and_fates_keep_their_probability() -> None:
    weighted, _ = update_belief(cloud(3), FIRST)
    found = drawn_anew(3)
    for kind in (0, 1):
        of_kind = found.weight[found.object_type == kind]
        assert of_kind.sum() == pytest.approx(weighted.weight[weighted.object_type == kind].sum(), rel=1e-12)
        assert np.ptp(of_kind) == 0.0
    assert found.undetected == pytest.approx(weighted.undetected, rel=1e-12)
    assert found.weight.size == PARTICLES
    assert effective_particles(found.weight) > 0.95 * PARTICLES
    assert np.unique(found.x_m[:, 0]).size > 0.9 * PARTICLES


def test_one_seed_gives_one_answer() -> None:
    np.testing.assert_array_equal(drawn_anew(5).x_m, drawn_anew(5).x_m)


def test_nothing_is_moved_onto_land() -> None:
    """An island in the middle of a cloud that begins around it; what stranded lies where it came ashore."""
    shore = coast([box(-3000.0, -9000.0, 1500.0, 9000.0)])
    drifted = cloud(7)
    status = drifted.status.copy()
    ashore = np.arange(PARTICLES) % 10 == 0
    status[ashore, 15:] = Status.STRANDED
    afloat_on_land = (on_land(shore.raster, drifted.x_m, drifted.y_m) == LAND).any(axis=1)
    drifted = DriftEnsemble(**{**vars(drifted), "status": status, "weight": drifted.weight * ~afloat_on_land})
    weighted, _ = update_belief(drifted, FIRST)
    found = resampled(
        weighted, drifted, lambda moved: -exposure_to(moved, FIRST), FIRST.ended_s, shore.raster,
        np.random.default_rng(1),
    )  # fmt: skip
    assert (on_land(shore.raster, found.x_m, found.y_m) != LAND).all()
    stranded = found.status[:, -1] == Status.STRANDED
    assert stranded.any()
    assert set(found.x_m[stranded, 20]) <= set(drifted.x_m[ashore, 20])
    before = weighted.weight[weighted.status[:, -1] == Status.STRANDED].sum()
    assert found.weight[stranded].sum() == pytest.approx(before, rel=1e-12)


def test_learning_draws_anew_and_says_so() -> None:
    a_case = case(drift=DriftSettings(particles=PARTICLES))
    belief, (first, second) = learn(cloud(1), (FIRST, SECOND), a_case, SEA, {}, "reported")
    assert first.resampled
    assert not second.resampled
    assert first.effective_particles < LEAST_SHARE * PARTICLES < second.effective_particles
    assert second.undetected == pytest.approx(first.undetected - second.pos)
    assert belief.undetected == pytest.approx(second.undetected)
    for lesson in (first, second):
        assert sum(lesson.bins.values()) == pytest.approx(1.0, abs=1e-12)
        assert lesson.bins["found"] == pytest.approx(1.0 - lesson.undetected)


def test_allotment_and_systematic_draws_by_hand() -> None:
    assert allotment(np.array([0.5, 0.0, 0.3, 0.2]), 10).tolist() == [5, 0, 3, 2]
    assert allotment(np.array([0.999, 0.001]), 10).tolist() == [9, 1]
    drawn = systematic(np.array([0.1, 0.0, 0.6, 0.3]), 10, np.random.default_rng(0))
    assert np.bincount(drawn, minlength=4).tolist() == [1, 0, 6, 3]
