"""Hidden truth: where the object really drifts.

The same law as the forecaster's (docs/explanation/drift.md), drawn independently and integrated by a scheme
and code of its own (Heun's, two minutes a step, on the earth), so that what is promised can be examined. Only
the director, the debrief and the examination may import this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import exp, hypot, sqrt, tanh

import numpy as np

from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.drift.ensemble import Status
from sarex.environment.model import Environment, LandRaster
from sarex.exercise.model import ObjectCapsizes, ObjectMoves, TruthSettings
from sarex.exercise.path import Change, TruePath, TypeSince
from sarex.exercise.truth_motion import Craft, Deviates, Flow, Sea, ashore_at
from sarex.exercise.truth_start import Beginning, begin
from sarex.geo import WGS84
from sarex.randomness import child_generator
from sarex.tables import leeway_classes

STEP_S = 120.0
_TURN_STEPS = 15
"""The plane's derivative is renewed every half an hour of drift."""
_JUMP_S = 1e-3
_CAPSIZED_LEEWAY = 0.4
_CAPSIZING_WIND_MPS, _CAPSIZING_WIDTH_MPS = 30.0, 5.0
"""As the forecaster: an hour's chance is 0.5 + 0.5 tanh((W - 30) / 5)."""


@dataclass(frozen=True)
class OtherPhysics:
    """How nature differs from what the forecaster believes; nothing by default."""

    current_bias_eastward_mps: float = 0.0
    current_bias_northward_mps: float = 0.0
    """Added to the current everywhere and always."""
    leeway_factor: float = 1.0
    """Multiplies the leeway."""
    error_factor: float = 1.0
    """Multiplies the standard deviations of the errors of current and wind."""


AS_BELIEVED = OtherPhysics()


def true_path(
    case: Case,
    truth: TruthSettings,
    environment: Environment,
    seed: int,
    until: datetime,
    changes: Sequence[Change] = (),
    physics: OtherPhysics = AS_BELIEVED,
) -> TruePath:
    """The object's real path from the beginning of its drift until an instant (or a step beyond).

    Changes at T never alter the path before T, nor does a later `until`; the same seed gives the same path.

    Args:
        case: what the players know at the alert: its scenarios, drift settings and forcing weights are the
            law. A case that they learn of later is not the law: keep to the first.
        environment: as `sarex.drift.surroundings.gather_environment(case)` gives it.
    """
    start = begin(case, truth, environment, seed)
    drift = _Drift.of(case, environment, start, seed, physics)
    pending = sorted(changes, key=lambda change: change.at)
    pending = drift.wait(pending, start.released_s)
    until_s = to_posix_s(until)
    while drift.time_s < until_s:
        drift.step(pending)
        pending = [change for change in pending if to_posix_s(change.at) >= drift.time_s]
    return drift.path(truth.persons)


@dataclass
class _Drift:
    """The object under way: its state, and what has been written down of it."""

    environment: Environment
    sea: Sea
    craft: Craft
    may_capsize: bool
    x_m: float
    y_m: float
    time_s: float
    errors: np.ndarray
    random: np.random.Generator
    status: Status = Status.ACTIVE
    capsized_s: float | None = None
    steps: int = 0
    rows: list[tuple[float, float, float, int]] = field(default_factory=list)
    types: list[TypeSince] = field(default_factory=list)

    @classmethod
    def of(
        cls, case: Case, environment: Environment, start: Beginning, seed: int, physics: OtherPhysics
    ) -> "_Drift":
        own = child_generator(seed, "exercise", "truth", "object")
        deviates = Deviates(*own.standard_normal(2).tolist())
        right = bool(own.random() < start.share.right_of_downwind_frac)
        member = environment.members[start.member]
        sea = Sea(
            environment.frame,
            Flow(member.current),
            Flow(member.wind),
            case.drift,
            (physics.current_bias_eastward_mps, physics.current_bias_northward_mps),
            physics.leeway_factor,
            physics.error_factor,
        )
        random = child_generator(seed, "exercise", "truth", "steps")
        drift = cls(
            environment=environment,
            sea=sea,
            craft=Craft(leeway_classes()[start.share.type_key], deviates, right),
            may_capsize=start.share.capsizes,
            x_m=start.x_m,
            y_m=start.y_m,
            time_s=start.released_s,
            errors=random.standard_normal(4),
            random=random,
        )
        drift.types.append(TypeSince(float("-inf"), start.share.type_key))
        return drift

    def wait(self, changes: list[Change], released_s: float) -> list[Change]:
        """What exercise control does before the drift begins; returns what is left to do."""
        early = [change for change in changes if to_posix_s(change.at) < released_s]
        for change in early:
            self.time_s = to_posix_s(change.at)
            self._write(Status.NOT_YET_RELEASED)
            self._apply(change, Status.NOT_YET_RELEASED)
        self.time_s = released_s
        self._write()
        return changes[len(early) :]

    def step(self, changes: Sequence[Change]) -> None:
        """One step of the clock, with the changes that fall into it."""
        if self.steps % _TURN_STEPS == 0:
            self.sea.turn_to(self.x_m, self.y_m)
        self.steps += 1
        normal, chance = self.random.standard_normal(4), self.random.random(3)
        settings, ahead_s = self.sea.settings, self.time_s + STEP_S
        kept = exp(-STEP_S / settings.error_memory_s)
        after = kept * self.errors + sqrt(1.0 - kept * kept) * normal
        self._jibe_or_float(chance)
        for change in changes:
            at_s = to_posix_s(change.at)
            if at_s < ahead_s:
                self._advance_part(at_s, ahead_s, after)
                self._apply(change, self.status)
        self._advance(ahead_s, after)
        self._write()
        if self.status is Status.ACTIVE:
            self._try_capsizing(chance[1])

    def _jibe_or_float(self, chance: np.ndarray) -> None:
        settings, step_h = self.sea.settings, STEP_S / 3600.0
        if chance[0] < 1.0 - (1.0 - settings.jibing_per_hour) ** step_h:
            self.craft.right = not self.craft.right
        off = chance[2] < 1.0 - (1.0 - settings.refloating_per_hour) ** step_h
        if off and self.status is Status.STRANDED:
            self.status = Status.ACTIVE
            self._rewrite_status()

    def _advance_part(self, at_s: float, ahead_s: float, after: np.ndarray) -> None:
        """To an instant inside a step, on the very line that the whole step would have gone."""
        share = (at_s - self.time_s) / (ahead_s - self.time_s)
        x_m, y_m, met = self._target(ahead_s, after)
        if met is not None and share > met:
            self._advance(ahead_s, after)
            self.time_s = at_s
        else:
            self.x_m += share * (x_m - self.x_m)
            self.y_m += share * (y_m - self.y_m)
            self.errors = self.errors + share * (after - self.errors)
            self.time_s = at_s
        self._write()

    def _advance(self, ahead_s: float, after: np.ndarray) -> None:
        x_m, y_m, met = self._target(ahead_s, after)
        if met is not None:
            x_m, y_m = self.x_m + met * (x_m - self.x_m), self.y_m + met * (y_m - self.y_m)
            # it lies ashore from the moment it meets land: a row of its own says so
            began_s, self.x_m, self.y_m = self.time_s, x_m, y_m
            self.time_s = min(began_s + max(met * (ahead_s - began_s), _JUMP_S), ahead_s - _JUMP_S)
            self.status = Status.STRANDED
            if self.time_s > began_s:
                self._write()
        self.x_m, self.y_m, self.time_s, self.errors = x_m, y_m, ahead_s, after

    def _target(self, ahead_s: float, after: np.ndarray) -> tuple[float, float, float | None]:
        """Where the rest of the step leads (Heun), and after what share of the way it meets land."""
        x_m, y_m = self.x_m, self.y_m
        if self.status is not Status.ACTIVE:
            return x_m, y_m, None
        rest_s = ahead_s - self.time_s
        first = self.sea.velocity_mps(self.craft, x_m, y_m, self.time_s, self.errors)
        second = None
        if first is not None:
            there = x_m + rest_s * first[0], y_m + rest_s * first[1]
            second = self.sea.velocity_mps(self.craft, *there, ahead_s, after)
        if first is None or second is None:
            self.status = Status.OUTSIDE_FORCING
            self._rewrite_status()
            return x_m, y_m, None
        x_to_m = x_m + 0.5 * rest_s * (first[0] + second[0])
        y_to_m = y_m + 0.5 * rest_s * (first[1] + second[1])
        met = ashore_at(self._raster, (x_m, y_m), (x_to_m, y_to_m))
        return x_to_m, y_to_m, met

    @property
    def _raster(self) -> LandRaster:
        return self.environment.coast.raster

    def _try_capsizing(self, chance: float) -> None:
        if not self.may_capsize or self.capsized_s is not None:
            return
        found = self.sea.water_and_air(self.x_m, self.y_m, self.time_s, self.errors)
        if found is None:
            return
        an_hour = 0.5 + 0.5 * tanh((hypot(*found[1]) - _CAPSIZING_WIND_MPS) / _CAPSIZING_WIDTH_MPS)
        if chance < 1.0 - (1.0 - an_hour) ** (STEP_S / 3600.0):
            self.capsized_s = self.time_s
            self.craft.leeway_kept = _CAPSIZED_LEEWAY

    def _apply(self, change: Change, status: Status) -> None:
        """What exercise control does, now."""
        match change.effect:
            case ObjectCapsizes(type_key):
                self.craft.becomes(type_key)
                self.types.append(TypeSince(self.time_s, type_key))
            case ObjectMoves(toward_deg, distance_m):
                frame = self.environment.frame
                lon, lat = (float(value) for value in frame.to_lonlat_deg(self.x_m, self.y_m))
                lon, lat, _ = WGS84.fwd(lon, lat, toward_deg, distance_m)
                x_m, y_m = frame.to_xy_m(lon, lat)
                self.x_m, self.y_m = float(x_m), float(y_m)
                self.sea.turn_to(self.x_m, self.y_m)
                ashore = ashore_at(self._raster, (self.x_m, self.y_m), (self.x_m, self.y_m)) is not None
                if status is not Status.NOT_YET_RELEASED:
                    self.status = status = Status.STRANDED if ashore else Status.ACTIVE
                self.time_s += _JUMP_S
                self._write(status)

    def _write(self, status: Status | None = None) -> None:
        told = self.status if status is None else status
        time_s = max(self.time_s, self.rows[-1][0] + 0.1 * _JUMP_S) if self.rows else self.time_s
        self.rows.append((time_s, self.x_m, self.y_m, int(told)))

    def _rewrite_status(self) -> None:
        """The last row holds until the next: what begins now begins there."""
        if self.rows:
            time_s, x_m, y_m, _ = self.rows[-1]
            self.rows[-1] = time_s, x_m, y_m, int(self.status)

    def path(self, persons: int) -> TruePath:
        columns = np.array(self.rows)
        lon_deg, lat_deg = self.environment.frame.to_lonlat_deg(columns[:, 1], columns[:, 2])
        return TruePath(
            times_s=columns[:, 0].copy(),
            lonlat_deg=np.stack([np.unwrap(lon_deg, period=360.0), lat_deg], axis=1),
            status=columns[:, 3].astype(np.uint8),
            types=tuple(self.types),
            persons=persons,
            capsized_s=self.capsized_s,
        )
