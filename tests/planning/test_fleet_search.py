"""The search for a plan: the same on any number of cores, legal however it ends, steered by what counts."""

import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from builders_sea import SMALL, WINDOW, environment, place, ship, unit
from sarex.detection.model import SweepWidth
from sarex.kernels.exposure import bounds_of_blocks
from sarex.kernels.pattern import boxes_overlap
from sarex.planning import Effort
from sarex.planning.assignment import Assignment
from sarex.planning.crews import crew_of
from sarex.planning.datum_drift import datum_drift
from sarex.planning.fleet_search import Polisher, SearchTask, along_tracks, search_fleet
from sarex.planning.margins import AREA_PADDING_S
from sarex.planning.model import Pattern
from sarex.planning.plan import _worth_sending
from sarex.planning.sea_room import Charts
from sarex.planning.sortie import Shape, fly
from sarex.planning.waters import Waters, success

SEA = environment()
WINDOW_S = WINDOW.start.timestamp(), WINDOW.end.timestamp()
TINY = Effort(lines=2, tries=20, rounds=3, moves=8, shakes=1, polish=2)
FEET_500 = 152.4


def waters_at(place_m, *, velocity_mps=(0.2, 0.1), weight=None, afloat=None):
    """Particles (particle, 2), where they are in the middle of the window, that drift steadily."""
    place_m = np.asarray(place_m, float)
    times_s = np.arange(*WINDOW_S, 600.0)
    times_s = np.append(times_s, WINDOW_S[1])
    away_s = (times_s - sum(WINDOW_S) / 2)[:, np.newaxis]
    x_m, y_m = ((place_m[:, n] + velocity_mps[n] * away_s).astype(np.float32) for n in (0, 1))
    count = len(place_m)
    afloat = np.ones(x_m.shape, bool) if afloat is None else afloat
    return Waters(
        start_s=WINDOW_S[0], step_s=600.0, x_m=x_m, y_m=y_m, afloat=afloat,
        weight=np.full(count, 1.0 / count) if weight is None else weight,
        object_type=np.zeros(count, np.int16), scenario=np.zeros(count, np.int16),
        bounds=bounds_of_blocks(x_m, y_m, afloat), in_water_from_s=np.full(count, np.nan),
    )  # fmt: skip


def cloud(count=2000, seed=1, sigma_m=5000.0, **changes):
    return waters_at(np.random.default_rng(seed).normal(0.0, sigma_m, (count, 2)), **changes)


def crews_of(*units, width_m=500.0):
    widths = {"PIW-1": SweepWidth(width_m, width_m, (), "hand-made")}
    charts = Charts(SEA, ())
    return tuple(crew_of(one, SEA, charts, WINDOW_S, widths, ("PIW-1",)) for one in units)


FLEET = crews_of(
    unit("First"),
    unit("Second", position=place(-30_000.0, 20_000.0)),
    unit("Third", position=place(0.0, -40_000.0), altitude_m=304.8),
    ship(position=place(-15_000.0, 0.0)),
)


def task_of(crews=FLEET, waters=None, **changes):
    waters = waters or cloud()
    return SearchTask(crews, waters, datum_drift(waters), 7, **changes)


def told(assignment):
    """All that a plan is, to the bit."""
    return [None if track is None else (track.legs.tobytes(), track.shape) for track in assignment.tracks]


def check_legal(assignment):
    """Hours and ways of each, and no two areas on the same ground at one height while both are on scene."""
    flying = [(crew, track) for crew, track in zip(assignment.crews, assignment.tracks, strict=True) if track]
    for crew, track in flying:
        legs, unit_mps = track.legs, crew.unit.transit_speed_mps
        assert legs[0, 4] >= crew.departs_s + np.hypot(*(legs[0, :2] - crew.start)) / unit_mps - 1e-6
        home_s = np.hypot(*(legs[-1, 2:4] - crew.home)) / unit_mps
        leave_s = min(crew.leave_by_s, crew.endurance_until_s - home_s)
        assert legs[-1, 5] <= legs[0, 4] + 0.85 * (leave_s - legs[0, 4]) + 1e-6
    for first, (crew, track) in enumerate(flying):
        for other, theirs in flying[first + 1 :]:
            near = abs(crew.unit.altitude_m - other.unit.altitude_m) < FEET_500 - 0.5
            together = (
                track.legs[0, 4] < theirs.legs[-1, 5] + AREA_PADDING_S
                and theirs.legs[0, 4] < track.legs[-1, 5] + AREA_PADDING_S
            )
            assert not (near and together and boxes_overlap(track.box, theirs.box))


def test_the_same_seed_gives_the_same_plan_on_any_number_of_cores(monkeypatch) -> None:
    plans = []
    for cores in ("1", "2", "2"):
        monkeypatch.setenv("SAREX_CORES", cores)
        plans.append(told(search_fleet(task_of(), TINY)))
    assert plans[0] == plans[1] == plans[2]
    assert told(search_fleet(replace(task_of(), seed=8), TINY)) != plans[0]


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_is_legal(seed) -> None:
    assignment = search_fleet(replace(task_of(waters=cloud(seed=seed, sigma_m=2500.0)), seed=seed), TINY)
    assert sum(track is not None for track in assignment.tracks) >= 2
    check_legal(assignment)


@pytest.mark.parametrize("at", [0.2, 0.4, 0.7, 1.0])
def test_ctrl_c_ends_with_a_legal_plan(at) -> None:
    """Pressed early, among the lines, and while the best of them is polished."""
    pressed = []

    def progress(share):
        if share >= at and not pressed:
            pressed.append(share)
            os.kill(os.getpid(), signal.SIGINT)

    assignment = search_fleet(task_of(), TINY, progress)
    assert pressed
    assert assignment.interrupted
    assert any(track is not None for track in assignment.tracks)
    check_legal(assignment)


def test_ctrl_c_while_plans_are_flown_keeps_what_is_flown(monkeypatch) -> None:
    """Pressed when the first plan begins to be flown."""
    flown, pressed = Polisher.flown, []

    def interrupted(self, shapes, others):
        if not pressed:
            pressed.append(True)
            os.kill(os.getpid(), signal.SIGINT)
        return flown(self, shapes, others)

    monkeypatch.setattr(Polisher, "flown", interrupted)
    assignment = search_fleet(task_of(), TINY)
    assert assignment.interrupted
    assert any(track is not None for track in assignment.tracks)
    check_legal(assignment)


@pytest.mark.parametrize("polish", [0, 1, 2])
def test_progress_grows_to_all_of_it(polish, monkeypatch) -> None:
    """With one of two rounds of polishing in a large fleet, and with none."""
    monkeypatch.setattr("sarex.planning.fleet_search.SMALL_FLEET", 2)
    shares = []
    search_fleet(task_of(), replace(TINY, lines=1, polish=polish), shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_more_effort_finds_no_less_on_the_same_draw() -> None:
    waters = cloud(4000)
    little, much = (
        search_fleet(task_of(waters=waters), effort).pos(waters)
        for effort in (replace(TINY, lines=1, rounds=1, moves=3), replace(TINY, lines=2, rounds=10, moves=30))
    )
    assert much > little - 0.005


def test_what_finds_count_steers_the_search() -> None:
    """Two equal clouds far apart: all go where finds count, though as many could be found elsewhere."""
    rng = np.random.default_rng(1)
    east = np.arange(2000) % 2 == 0
    at = np.where(east, 20_000.0, -20_000.0)[:, np.newaxis] * (1.0, 0.0) + rng.normal(0, 2500.0, (2000, 2))
    at = at[np.argsort(at[:, 0])]
    waters = waters_at(at)
    for side in (1.0, -1.0):
        counts = (side * at[:, 0] > 0).astype(np.float32)
        worth = np.repeat(counts[np.newaxis], waters.x_m.shape[0] - 1, axis=0)
        assignment = search_fleet(task_of(FLEET[::2], waters, worth=worth), TINY)
        found = waters.weight * -np.expm1(-np.sum(assignment.exposures, axis=0, dtype=float))
        assert np.sum(found[counts > 0]) > 0.95 * np.sum(found) > 0.0


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_handful_of_particles(count) -> None:
    waters = cloud(count)
    assignment = search_fleet(task_of(waters=waters), TINY)
    check_legal(assignment)
    assert 0.0 <= assignment.pos(waters) <= 1.0


def test_weights_of_nothing_and_particles_all_ashore() -> None:
    nothing = cloud(500, weight=np.zeros(500))
    ashore = cloud(500, afloat=np.zeros((19, 500), bool))
    for waters in (nothing, ashore):
        task = SearchTask(FLEET, waters, datum_drift(cloud()), 7)
        assignment = search_fleet(task, TINY)
        assert assignment.pos(waters) == 0.0
        check_legal(assignment)


def test_some_weights_of_nothing_are_left_alone() -> None:
    """Half of the particles, in the east, weigh nothing: nobody goes there."""
    at = np.random.default_rng(2).normal(0.0, 2500.0, (1000, 2)) + np.repeat(
        [[-15_000.0, 0], [15_000.0, 0]], 500, 0
    )
    weight = np.where(at[:, 0] < 0.0, 1.0, 0.0)
    assignment = search_fleet(task_of(FLEET[:2], waters_at(at, weight=weight / weight.sum())), TINY)
    assert all(track.box[:, 0].mean() < 0.0 for track in assignment.tracks if track is not None)
    assert any(track is not None for track in assignment.tracks)


def test_one_unit_and_units_that_can_search_nothing() -> None:
    waters = cloud()
    late = crews_of(unit("Late", endurance_s=500.0))
    assignment = search_fleet(task_of((*FLEET[:1], *late), waters), TINY)
    assert assignment.tracks[0] is not None
    assert assignment.tracks[1] is None
    assert search_fleet(task_of(late, waters), TINY).tracks == [None]
    alone = search_fleet(task_of(FLEET[:1], waters), TINY)
    assert alone.pos(waters) > 0.02


def test_along_a_line_of_likely_places_a_track_line_search_is_at_least_as_good() -> None:
    """A thin line of 60 km that bends: the same search with the manual's track-line patterns to try."""
    rng = np.random.default_rng(5)
    line = np.array([(-20_000.0, -15_000.0), (0.0, 5000.0), (25_000.0, 0.0)])
    share = np.sort(rng.uniform(0.0, 2.0, 2000))
    leg = np.minimum(share.astype(int), 1)
    at = (
        line[leg]
        + (share - leg)[:, np.newaxis] * np.diff(line, axis=0)[leg]
        + rng.normal(0.0, 150.0, (2000, 2))
    )
    waters = waters_at(at)
    crews = crews_of(unit("Only", position=place(-40_000.0, -15_000.0), endurance_s=5400.0), width_m=400.0)
    line = [tuple(float(v) for v in corner) for corner in line]
    without, given = (
        search_fleet(task_of(crews, waters, alternatives=others), TINY)
        for others in ((), along_tracks([line]))
    )
    assert given.pos(waters) > without.pos(waters)
    assert given.tracks[0].shape.pattern in (Pattern.TRACK_LINE_RETURNING, Pattern.TRACK_LINE_NON_RETURNING)


def test_the_opening_is_never_lost() -> None:
    """The manual's plan, searched on without a move, finds at least what it did."""
    waters = cloud(sigma_m=3000.0)
    drift = datum_drift(waters)
    shape = Shape(Pattern.PARALLEL_SWEEP, 0.0, 0.0, 0.3, 9000.0, 500.0)
    track = fly(FLEET[0], shape, drift.at(0.0, 0.0))
    exposure = waters.exposures(track.searching, waters.widths(FLEET[0].width_m))
    effort = Effort(lines=1, tries=1, rounds=0, moves=0, shakes=0, polish=0)
    assignment = search_fleet(task_of(FLEET[:1], waters, opening=(shape,)), effort)
    assert assignment.pos(waters) >= success(waters.weight, exposure) - 1e-9
    assert SMALL.lines == 1


@pytest.mark.parametrize(("units", "exposure"), [(2, 6.0), (3, 3.0), (3, 0.0)])
def test_of_units_that_cover_for_one_another_some_are_sent(units, exposure) -> None:
    """Each adds next to nothing to the others; without all of them nothing is found."""
    waters = cloud(500)
    assignment = Assignment.empty(FLEET[:units], waters)
    track = next(track for track in search_fleet(task_of(), TINY).tracks if track is not None)
    for number in range(units):
        assignment.tracks[number] = track
        assignment.exposures[number] = np.full(500, exposure, np.float32)
    sent, idle = _worth_sending(assignment, waters)
    assert len(sent) + len(idle) == units
    assert bool(sent) == (exposure > 0.0)
    # what stays was not worth a tenth of a per cent beside those who go
    assert (
        success(waters.weight, np.full(500, exposure * units))
        - success(waters.weight, np.full(500, exposure * len(sent)))
        < 1e-3 * len(idle) + 1e-9
    )


@pytest.mark.parametrize(("units", "goes"), [(3, False), (50, True)])
def test_what_is_too_little_depends_on_what_others_add(units, goes) -> None:
    """0.05 % is worth a sortie where units add 1 % on average (50 of 50 %), not where they add 17 %."""
    waters = cloud(2000)
    assignment = Assignment.empty((FLEET * units)[:units], waters)
    track = next(track for track in search_fleet(task_of(), TINY).tracks if track is not None)
    # each has its own slice of one half of the weight and sees all of it; the last, one of 2,000 particles
    slices = np.array_split(np.arange(1000), units - 1)
    for number in range(units):
        assignment.tracks[number] = track
        own = np.array([1500]) if number == units - 1 else slices[number]
        assignment.exposures[number] = np.zeros(2000, np.float32)
        assignment.exposures[number][own] = 20.0
    assert waters.weight == pytest.approx(np.full(2000, 1 / 2000))
    sent, idle = _worth_sending(assignment, waters)
    assert (len(sent), len(idle)) == ((units, 0) if goes else (units - 1, 1))
    assert goes or "0.0500%" in idle[0].why
