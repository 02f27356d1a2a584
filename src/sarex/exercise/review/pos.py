"""What was promised, what was reached, and what a planner could have reached who knew how it began.

Every round of searching counts on the belief that the players had when it was ordered: planned, the
searching legs as ordered; achieved, the tracks as really flown, with the sweep widths that the players were
told. Rounds are put together as chances given that the rounds before found nothing: two beliefs that rest on
different cases cannot be added. What was ordered counts until it was cancelled or replaced, and nothing
counts once the object was found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise, permutations
from typing import Any

import numpy as np

from sarex import mission
from sarex.case.model import Case, LastKnownPosition, ObjectShare, Scenario
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift import DriftEnsemble
from sarex.exercise.path import TruePath
from sarex.exercise.review.belief import Believer, Gather
from sarex.exercise.review.model import RoundPos
from sarex.exercise.review.scores_log import SEARCH, Floats, Ordered, TrackRows, instant_in, of_kind, orders
from sarex.exercise.review.tracks import cut, flown_track, ordered_track, result_between, result_of
from sarex.journal import Entry
from sarex.planning import Effort
from sarex.update import SearchedTrack, SearchResult
from sarex.update.belief import exposure_to

CLAIRVOYANT_PARTICLES = 4000
CLAIRVOYANT_ERROR_M = 185.0
"""A tenth of a mile: as exact as a position is told."""
CLAIRVOYANT_EFFORT = Effort(lines=2, tries=50, rounds=6, moves=30, shakes=2, polish=4, particles=3000)


@dataclass(frozen=True)
class Round:
    """Searching that was ordered at one time."""

    plan: int | None
    """None where a unit was ordered without a plan."""
    at: datetime
    start: datetime
    end: datetime
    orders: tuple[Ordered, ...]
    promised: float | None = None
    """POS of the whole plan as it was proposed."""


def rounds(entries: Sequence[Entry]) -> tuple[Round, ...]:
    """Accepted plans with the orders made from them, and orders without a plan, in order of time."""
    proposed = {e.body["plan"]: e.body for e in of_kind(entries, "plan.proposed")}
    searches = [order for order in orders(entries) if order.what == SEARCH and order.legs]
    found = []
    for plan, at in _accepted(entries).items():
        own = tuple(order for order in searches if order.plan == plan)
        body = proposed.get(plan, {})
        window = body.get("document", {}).get("window")
        if own and window is not None:
            ends = instant_in(window["start"]), instant_in(window["end"])
            found.append(Round(plan, at, *ends, own, body.get("pos")))
    planned = {order.id for each in found for order in each.orders}
    for order in searches:
        if order.id not in planned:
            ends = instant_in(order.legs[0]["start_time"]), instant_in(order.legs[-1]["end_time"])
            found.append(Round(None, order.at, *ends, (order,)))
    return tuple(sorted(found, key=lambda each: (each.at, each.start)))


def _accepted(entries: Sequence[Entry]) -> dict[Any, datetime]:
    """When each plan was first accepted."""
    accepted: dict[Any, datetime] = {}
    for entry in of_kind(entries, "plan.accepted"):
        accepted.setdefault(entry.body["plan"], entry.at)
    return accepted


@dataclass(frozen=True)
class Searching:
    """One round with the belief that it was ordered on, and what was planned and flown."""

    round: Round
    belief: DriftEnsemble
    planned_by_order: Mapping[str, tuple[SearchedTrack, ...]]
    flown_by_order: Mapping[str, tuple[SearchedTrack, ...]]

    @property
    def planned(self) -> tuple[SearchedTrack, ...]:
        return tuple(track for tracks in self.planned_by_order.values() for track in tracks)

    @property
    def flown(self) -> tuple[SearchedTrack, ...]:
        return tuple(track for tracks in self.flown_by_order.values() for track in tracks)


def searching(
    each: Round,
    belief: DriftEnsemble,
    stood_until_s: Mapping[str, float],
    flown: Mapping[str, TrackRows],
    case: Case,
    found_s: float,
) -> Searching:
    """One round laid out, until the find.

    Args:
        stood_until_s: by order, from `stood_until`.
    """
    units = {unit.name: unit for unit in case.units}
    return Searching(
        each,
        belief,
        {order.id: ordered_track(order, stood_until_s[order.id]) for order in each.orders},
        {
            order.id: tuple(cut(t, -np.inf, found_s) for t in flown_track(order, flown, units))
            for order in each.orders
        },
    )


def stood_until(entries: Sequence[Entry], flown: Mapping[str, TrackRows], found_s: float) -> dict[str, float]:
    """Until when each order to search counted as ordered, POSIX seconds: the find at the latest.

    Until it was cancelled; where nobody said so, until its unit really left it for one ordered later. One
    that was refused, or never begun, ends nothing.
    """
    searches = [order for order in orders(entries) if order.what == SEARCH and order.legs]
    cancelled = {str(e.body["order"]): to_posix_s(e.at) for e in of_kind(entries, "order.cancelled")}
    ends = {order.id: min(found_s, cancelled.get(order.id, found_s)) for order in searches}
    for order, other in permutations(searches, 2):
        begun = other.id in flown and bool(flown[other.id].searching.any())
        if begun and order.unit == other.unit and other.at > order.at and order.id not in cancelled:
            ends[order.id] = min(ends[order.id], float(flown[other.id].time_s[0]))
    return ends


def cumulative(ensemble: DriftEnsemble, tracks: Sequence[SearchedTrack], times: Sequence[datetime]) -> Floats:
    """POS of tracks until each of some instants, in the weights of the ensemble, (instant,)."""
    exposure = np.zeros(ensemble.weight.size)
    reached = []
    for since_s, until_s in pairwise([-np.inf, *(to_posix_s(at) for at in times)]):
        result = result_between(tracks, since_s, until_s)
        if result is not None:
            exposure += exposure_to(ensemble, result)
        reached.append(float(ensemble.weight @ -np.expm1(-exposure)))
    return np.array(reached)


def together(each: Sequence[tuple[DriftEnsemble, Floats]]) -> Floats:
    """Cumulative POS of rounds, (instant,): each round's given that nothing was found before it was ordered.

    Where all rounds rest on one case and all was reported this is the sum of their POS, whose weights are not
    renormalised (`update.belief`); else a sum could pass 1.
    """
    missed = [1.0 - pos / ensemble.undetected for ensemble, pos in each if ensemble.undetected > 0.0]
    reached: Floats = 1.0 - np.prod(np.clip(missed, 0.0, 1.0), axis=0)
    return reached


def round_pos(
    each: Searching, stood_until_s: Mapping[str, float], found_s: float, accepted_at: datetime | None
) -> RoundPos:
    """What one round promised and what came of it."""
    searched_s = {o.id: to_posix_s(instant_in(o.legs[-1]["end_time"])) for o in each.round.orders}
    return RoundPos(
        plan=each.round.plan,
        at=each.round.at,
        promised=each.round.promised,
        planned=pos_alone(each.belief, each.planned),
        achieved=pos_alone(each.belief, each.flown),
        accepted_at=accepted_at,
        tasks=len(each.round.orders),
        broken_off=sum(stood_until_s[name] < min(end_s, found_s) for name, end_s in searched_s.items()),
    )


def pos_alone(ensemble: DriftEnsemble, tracks: Sequence[SearchedTrack]) -> float:
    """POS of some tracks and no others."""
    result = result_between(tracks)
    if result is None:
        return 0.0
    return float(ensemble.weight @ -np.expm1(-exposure_to(ensemble, result)))


def clairvoyant_curve(
    believer: Believer, gather: Gather, found: Sequence[Round], truth: TruePath, times: Sequence[datetime]
) -> Floats | None:
    """Cumulative POS of a planner who knew where and when it began and what it was, not the winds to come.

    The same units in the same windows, planned anew on the drift from that origin, each window after what
    the one before would have taught. None where no plan was made in the exercise.
    """
    plans = _apart([each for each in found if each.plan is not None])
    if not plans:
        return None
    known = [exact_case(believer.case_at(each.at), truth) for each in plans]
    whole = with_window(known[0], plans[0].start, plans[-1].end)
    environment = gather(whole)
    belief = mission.drift_objects(whole, environment)
    reached = np.zeros(len(times))
    for each, case in zip(plans, known, strict=True):
        mine = with_window(case, each.start, each.end)
        plan = mission.plan_search(mine, environment, belief, CLAIRVOYANT_EFFORT)
        result = result_of(plan, environment.frame)
        if result is not None:
            reached += cumulative(belief.reported, result.tracks, times)
            belief, _ = mission.update_belief(belief, SearchResult(result.tracks))
    return reached


def with_window(case: Case, start: datetime, end: datetime) -> Case:
    return replace(case, window=replace(case.window, start=start, end=end))


def _apart(plans: Sequence[Round]) -> list[Round]:
    """Windows that do not overlap: one ends where a later plan's begins."""
    ordered = sorted(plans, key=lambda each: each.start)
    following = [*(each.start for each in ordered[1:]), *(each.end for each in ordered[-1:])]
    cut = [replace(each, end=min(each.end, end)) for each, end in zip(ordered, following, strict=True)]
    return [each for each in cut if each.end > each.start]


def exact_case(case: Case, truth: TruePath) -> Case:
    """The case with where, when and as what it really began."""
    begun = from_posix_s(float(truth.times_s[0]))
    type_key = truth.types[0].type_key
    shares = {share.type_key: share for share in case.object_shares}
    share = replace(shares.get(type_key, ObjectShare(type_key, 1.0)), weight=1.0)
    origin = LastKnownPosition(truth.position_at(begun), CLAIRVOYANT_ERROR_M, begun, begun)
    return replace(
        case,
        scenarios=(Scenario("as it began", 1.0, origin, (share,)),),
        drift=replace(case.drift, particles=CLAIRVOYANT_PARTICLES),
    )
