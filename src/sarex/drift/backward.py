"""Backward drift: where and when may the drift of what was found have begun?

**What is computed.** Let a find lie at X at the instant T, with a known error. Wanted is the probability
over origins (place x, instant t) under a prior that is uniform over the water and over the span in which
the drift may have begun (`from` to `until`). Particles start at the find, draws of its error, and drift
backward in time from T to the beginning of the span. Every pair (particle, instant of the span) at which the
particle is afloat is one possible origin; all of them weigh alike (each instant by the time it stands for).

**Why that is Bayes' rule.** Fix what a particle carries: its leeway coefficients, and the whole history of
its errors and of its side of the wind. Forward, these carry an origin x at t to a place F(x) at T; the find
has the likelihood K(X - F(x)), K the density of its error. Backward, a draw X' of K(X - .) is carried to
the origin x with F(x) = X', so that origins have the density K(X - F(x)) J(x), J the determinant of F's
derivative: the factor by which the flow stretches a small area on its way from the origin to the find.
- Averaging over histories is right because the errors (Ornstein-Uhlenbeck, begun from their stationary law)
  and jibing (two states, alike in both directions) are reversible: backward they have the same law as
  forward, and that law does not depend on the place. Leeway coefficients are constant.
- J is one where the flow has no divergence: the answer is then exact. In a flow that converges, J < 1, the
  true posterior has more in the convergence than the backward particles say, by the factor 1 / J. It is not
  corrected; `docs/howto/trace-a-find-back.md` says how large it was in a real sea.
- In a plane without coast the instant of the beginning is not learnt from a find: what is printed as "when"
  is the span that was given, shaped by coasts and by the edges of the forcing only. Place and time are
  linked, though, and the maps by slices of the span say how.

**Named bins.** A particle that meets land, or leaves the forcing, on its way back cannot have begun afloat
before that: what is left of its weight goes to `came_from_shore` or `outside_forcing`. With `began_afloat`
they sum to one.

**Finds on the beach** start in the water nearest to them. A particle that is driven ashore again within the
first hour, backward, was moving off the shore when it is said to have landed: that history is impossible, it
weighs nothing, and the others of its scenario stand for it. Not done: weighing the others by their speed
toward the shore.

**Left out.** Capsizing and refloating do not happen backward; an object that starts one side of the wind
more often than the other is taken to do so when it is found.

Source of the idea: Breivik et al. 2012, "BAKTRAK: backtracking drifting objects using an iterative algorithm
with a forward trajectory model", Ocean Dynamics 62; they iterate a forward model because theirs does not run
backward, and for the same reason each result is checked here by a forward run.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, Found
from sarex.clock import to_posix_s
from sarex.drift.axis import STEP_S
from sarex.drift.beach import is_beached
from sarex.drift.ensemble import Status
from sarex.environment.model import Environment
from sarex.errors import CaseError

LONGEST_FINE_S = 48 * 3600.0
"""Of a longer drift only full hours are kept, as possible beginnings too."""
LANDING_S = 3600.0

Floats = NDArray[np.float64]


def check_forward(case: Case) -> None:
    """Ask that a case drifts forward.

    Raises:
        CaseError: it asks where something came from.
    """
    if case.runs_backward:
        raise CaseError(
            f'scenario "{case.scenarios[0].name}": found says where it was found, not where its drift began. '
            "Run sarex backtrack with this case, or give a position, area or cloud to drift from."
        )


def check_backward(case: Case) -> None:
    """Ask that a case says what was found.

    Raises:
        CaseError: it asks where something goes.
    """
    for scenario in case.scenarios:
        if not isinstance(scenario.origin, Found):
            raise CaseError(
                f'scenario "{scenario.name}": found is missing; only what was found can be traced back. '
                "Write found = { lon = 4.5, lat = 59.6, error_nm = 0.1, time = 2015-11-18T09:00:00Z }, or "
                "run sarex drift."
            )


def finds_of(case: Case) -> tuple[Found, ...]:
    """The find of every scenario.

    Raises:
        CaseError: the case asks where something goes.
    """
    check_backward(case)
    return tuple(s.origin for s in case.scenarios if isinstance(s.origin, Found))


def fine_until_s(case: Case) -> float:
    """Until when every step of a backward drift is kept, POSIX seconds; -inf where only full hours are."""
    finds = finds_of(case)
    first_s = min(to_posix_s(found.released_from) for found in finds)
    if max(to_posix_s(found.found_at) for found in finds) - first_s > LONGEST_FINE_S:
        return float("-inf")
    # and one step more, which may be nearer to the end of the span
    return max(to_posix_s(found.released_until) for found in finds) + STEP_S


@dataclass(frozen=True)
class OriginRule:
    """How much of a particle's weight each kept instant gets; see `origin_rule`."""

    share: Floats
    """(scenario, time); rows sum to one: the part of the span for which an instant stands."""
    landed_at: NDArray[np.intp]
    """Kept instant at which a find on the beach must have been afloat, (scenario,); -1 for finds afloat."""

    @property
    def in_span(self) -> slice:
        """The kept instants that have a share."""
        held = np.flatnonzero(self.share.sum(axis=0))
        return slice(int(held[0]), int(held[-1]) + 1)


def origin_rule(case: Case, environment: Environment, times_s: Floats) -> OriginRule:
    """The rule for a backward drift kept at `times_s` (increasing)."""
    finds = finds_of(case)
    share = np.stack([_shares(found, times_s) for found in finds])
    landed_at = [
        max(int(np.searchsorted(times_s, to_posix_s(found.found_at) - LANDING_S, side="right")) - 1, 0)
        if is_beached(found, environment)
        else -1
        for found in finds
    ]
    return OriginRule(share, np.array(landed_at))


def _shares(found: Found, times_s: Floats) -> Floats:
    """Each instant stands for the part of the span that is nearest to it; none after the find."""
    start_s, end_s = to_posix_s(found.released_from), to_posix_s(found.released_until)
    usable = times_s[times_s <= max(to_posix_s(found.found_at), times_s[0])]
    middles_s = (usable[:-1] + usable[1:]) / 2
    if end_s <= start_s:
        share = np.zeros(usable.size)
        share[np.searchsorted(middles_s, start_s)] = 1.0
    else:
        edges_s = np.concatenate([[-np.inf], middles_s, [np.inf]])
        share = np.diff(np.clip(edges_s, start_s, end_s)) / (end_s - start_s)
    return np.concatenate([share, np.zeros(times_s.size - usable.size)])


def landing_is_impossible(
    rule: OriginRule, scenario: NDArray[np.int16], status: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Particles of finds on the beach that moved off the shore when they are said to have landed."""
    landed_at = rule.landed_at[scenario]
    rows = np.flatnonzero(landed_at >= 0)
    impossible = np.zeros(scenario.size, dtype=bool)
    impossible[rows] = status[rows, landed_at[rows]] == Status.STRANDED
    return impossible


def origin_weight(
    rule: OriginRule, scenario: NDArray[np.int16], status: NDArray[np.uint8], weight: Floats
) -> Floats:
    """Probability that the drift began where a particle was at each kept instant, (particle, time)."""
    share = rule.share[scenario] * weight[:, np.newaxis]
    return np.asarray(np.where(_could_begin(status), share, 0.0))


def _could_begin(status: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Afloat; what is not adrift yet is at the find itself, and afloat there."""
    return np.asarray((status == Status.ACTIVE) | (status == Status.NOT_YET_RELEASED))


@dataclass(frozen=True)
class OriginBins:
    """What has become of the probability, going back; of all particles the three sum to one."""

    began_afloat: float
    """In the span, on the water, inside the forcing."""
    came_from_shore: float
    outside_forcing: float


def bins_by_scenario(
    rule: OriginRule, scenario: NDArray[np.int16], status: NDArray[np.uint8], weight: Floats
) -> Floats:
    """The bins of some particles, (scenario, bin) in the order of `OriginBins`."""
    share = rule.share[scenario] * weight[:, np.newaxis]
    masks = (_could_begin(status), status == Status.STRANDED, status == Status.OUTSIDE_FORCING)
    held = [np.where(mask, share, 0.0).sum(axis=1) for mask in masks]
    return np.stack([np.bincount(scenario, one, len(rule.share)) for one in held], axis=1)
