"""A replan: who stays stays, who moves goes where it adds most beside them, on any number of cores."""

from dataclasses import replace

import numpy as np
import pytest
from test_fleet_search import FLEET, TINY, check_legal, cloud, task_of, waters_at

from sarex.planning.assignment import Assignment
from sarex.planning.fleet_search import search_fleet
from sarex.planning.stability import bettered, fewest_moves, for_a_replan, free_plan, replan_few


def flying(waters):
    return tuple(search_fleet(task_of(waters=waters), TINY).tracks)


def elsewhere():
    """The cloud has gone 8 km to the east of where it was when the plan was made."""
    return cloud(sigma_m=4000.0), waters_at(np.random.default_rng(5).normal((8000.0, 0.0), 4000.0, (2000, 2)))


@pytest.fixture(scope="module")
def replanned():
    before, now = elsewhere()
    kept = flying(before)
    task = task_of(waters=now)
    free = free_plan(task, kept, TINY)
    return task, kept, free, replan_few(task, kept, free=free.tracks)


def test_who_is_not_moved_flies_on_to_the_bit(replanned) -> None:
    _, kept, _, plans = replanned
    assert [len(plan.numbers) for plan in plans] == list(range(len(plans)))
    assert len(plans) > 1
    for plan in plans:
        for number, track in enumerate(plan.tracks):
            assert number in plan.numbers or track is kept[number]


def test_each_move_gains_and_is_legal(replanned) -> None:
    task, _, _, plans = replanned
    values = [plan.value for plan in plans]
    assert values == sorted(values)
    for plan in plans:
        total = sum(
            task.waters.exposures(track.searching, task.waters.widths(crew.width_m)).astype(float)
            for crew, track in zip(FLEET, plan.tracks, strict=True)
            if track is not None
        )
        expected = float(np.sum(task.waters.weight * -np.expm1(-total)))
        assert plan.value == pytest.approx(expected, abs=1e-6)
        check_legal(Assignment(FLEET, list(plan.tracks), []))


def test_bettering_moves_nobody_else_and_loses_nothing(replanned) -> None:
    task, kept, _, plans = replanned
    better = bettered(task, plans[1], TINY)
    assert better.value >= plans[1].value
    assert better.numbers == plans[1].numbers
    assert all(
        track is kept[number] for number, track in enumerate(better.tracks) if number not in better.numbers
    )
    check_legal(Assignment(FLEET, list(better.tracks), []))
    assert bettered(task, plans[0], TINY) is plans[0]


def test_the_free_plan_is_no_worse_than_flying_on(replanned) -> None:
    _, _, free, plans = replanned
    assert free.value > plans[0].value
    assert fewest_moves((*plans, free), 0.0) is plans[0]
    assert fewest_moves(plans, 2.0) is max(plans, key=lambda plan: plan.value)


def test_a_replan_is_the_same_on_any_number_of_cores(replanned, monkeypatch) -> None:
    task, kept, _, plans = replanned
    monkeypatch.setenv("SAREX_CORES", "1")
    free = free_plan(task, kept, TINY)
    again = replan_few(task, kept, free=free.tracks)
    assert [plan.numbers for plan in again] == [plan.numbers for plan in plans]
    assert [plan.value for plan in again] == [plan.value for plan in plans]


def test_who_must_move_is_moved_first(replanned) -> None:
    task, kept, free, _ = replanned
    plans = replan_few(task, kept, free=free.tracks, must_move=(2,), most=1)
    assert all(plan.numbers[0] == 2 for plan in plans)
    assert plans[0].tracks[2] is not kept[2]


def test_moves_go_where_finds_count() -> None:
    """Only finds in the east count, everybody flies in the west: they move east though it finds no more."""
    rng = np.random.default_rng(1)
    east = np.arange(2000) % 2 == 0
    at = np.where(east, 15_000.0, -15_000.0)[:, np.newaxis] * (1.0, 0.0) + rng.normal(0, 2500.0, (2000, 2))
    waters = waters_at(at[np.argsort(at[:, 0])])
    counts = (waters.x_m.mean(axis=0) > 0).astype(np.float32)
    worth = np.repeat(counts[np.newaxis], waters.x_m.shape[0] - 1, axis=0)
    west = task_of(FLEET[:2], waters, worth=1.0 - worth)
    kept = search_fleet(west, TINY).tracks
    task = replace(west, worth=worth)
    plans = replan_few(task, kept, free=free_plan(task, kept, TINY).tracks)
    assert plans[0].value < 0.05
    assert plans[-1].value > 0.15


def test_a_replan_looks_at_fewer_particles() -> None:
    waters = cloud(90_000)
    worth = np.ones((waters.x_m.shape[0] - 1, 90_000), np.float32)
    task = for_a_replan(task_of(waters=waters, worth=worth))
    assert 15_000 <= task.waters.weight.size <= 25_000
    assert task.waters.weight.sum() == pytest.approx(waters.weight.sum())
    assert task.worth.shape[1] == task.waters.weight.size
