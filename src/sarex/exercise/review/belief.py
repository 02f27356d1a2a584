"""The players' belief through time, computed again from what they knew: case, tracks and reports.

Only entries that players may read count here; the belief at an instant rests on what had been told by then.
The same law and the same seed as the players' planner give the same particles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from sarex.case import case_from_mapping
from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.drift import DriftEnsemble, drift_ensemble
from sarex.drift.run import REPORTED
from sarex.drift.surroundings import gather_environment
from sarex.environment.model import Environment
from sarex.errors import PlanError
from sarex.exercise.model import Exercise
from sarex.exercise.review.model import Unused
from sarex.exercise.review.scores_log import instant_in, of_kind, orders, position_in, tracks
from sarex.exercise.review.tracks import cut, flown_track, result_between
from sarex.journal import Audience, Entry
from sarex.units import nm_to_m
from sarex.update import Evidence, SearchResult, Sighting, learn

Gather = Callable[[Case], Environment]


@dataclass(frozen=True)
class Epoch:
    """A case as the players knew it, from an instant on."""

    since: datetime
    case: Case


def epochs(entries: Sequence[Entry], exercise: Exercise, base_dir: Path) -> tuple[Epoch, ...]:
    """The case of the alert and every change that the players learnt of, in order."""
    told = [Epoch(exercise.start, exercise.case)]
    for entry in of_kind(entries, "case.learnt"):
        case = case_from_mapping(entry.body["case"], base_dir=base_dir, name="the case in the log")
        told.append(Epoch(entry.at, case))
    return tuple(told)


@dataclass
class Believer:
    """The players' belief, asked at instants that never go back."""

    entries: Sequence[Entry]
    exercise: Exercise
    base_dir: Path
    gather: Gather
    searched_from: datetime
    until: datetime
    unused: list[Unused] = field(default_factory=list)
    _epoch: int = -1
    _drifted: DriftEnsemble | None = None
    _ensemble: DriftEnsemble | None = None
    _environment: Environment | None = None
    _counted: dict[str, float] = field(default_factory=dict)
    """By order: until when its reported track was learnt, POSIX seconds."""
    _reports: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.epochs = epochs(self.entries, self.exercise, self.base_dir)
        # as the players are: nothing that only the director may read
        self._told = [entry for entry in self.entries if entry.audience is Audience.EVERYBODY]
        self._given = orders(self._told)

    def case_at(self, at: datetime) -> Case:
        return self.epochs[self._epoch_at(at)].case

    def ensemble_at(self, at: datetime) -> DriftEnsemble:
        """The weighted trajectories as the players could know them at an instant."""
        epoch = self._epoch_at(at)
        known = [entry for entry in self._told if entry.at <= at]
        reports = _standing(known)
        fresh = epoch != self._epoch or not set(self._reports) <= set(reports)
        if fresh:
            self._start(epoch)
        new = [name for name in reports if name not in self._reports]
        evidence: list[Evidence] = [*self._search_since(known), *(reports[name] for name in new)]
        for item in evidence:
            self._learn(item)
        self._reports = tuple(reports)
        assert self._ensemble is not None  # noqa: S101 - `_start` makes it
        return self._ensemble

    def _epoch_at(self, at: datetime) -> int:
        return max(number for number, epoch in enumerate(self.epochs) if number == 0 or epoch.since <= at)

    def _start(self, epoch: int) -> None:
        if epoch != self._epoch:
            case = self.epochs[epoch].case
            window = replace(case.window, end=max(case.window.end, self.until))
            # forcing and drift must reach as far as the pictures do
            self._environment = self.gather(replace(case, window=window))
            self._drifted = drift_ensemble(
                case,
                self._environment,
                until=window.end,
                purpose=REPORTED,
                fine_from=min(case.window.start, self.searched_from),
            )
        self._epoch, self._ensemble = epoch, self._drifted
        self._counted, self._reports = {}, ()

    def _search_since(self, known: Sequence[Entry]) -> list[SearchResult]:
        """What crews reported since the last time, as one search."""
        units = {unit.name: unit for unit in self.epochs[self._epoch].case.units}
        found = []
        for order in self._given:
            rows = tracks([e for e in known if e.body.get("order") == order.id], "report.flown")
            since_s = self._counted.get(order.id, -np.inf)
            found += [cut(track, since_s, np.inf) for track in flown_track(order, rows, units)]
            if order.id in rows:
                self._counted[order.id] = float(rows[order.id].time_s[-1])
        result = result_between(found)
        return [] if result is None else [result]

    def _learn(self, item: Evidence) -> None:
        assert self._ensemble is not None and self._environment is not None  # noqa: S101, PT018
        case = self.epochs[self._epoch].case
        try:
            self._ensemble, _ = learn(self._ensemble, [item], case, self._environment, {}, REPORTED)
        except PlanError:
            # a report from where no particle ever was teaches nothing; the players' planner said so too
            if isinstance(item, Sighting):
                self.unused += [
                    Unused(item.name, str(entry.body.get("unit") or entry.by), entry.at)
                    for entry in of_kind(self._told, "report.sighting")
                    if entry.body["name"] == item.name
                ]


def _standing(known: Sequence[Entry]) -> dict[str, Sighting]:
    """Sightings that no false alarm withdrew, by name, in the order told."""
    withdrawn = {str(entry.body["name"]) for entry in of_kind(known, "report.false_alarm")}
    sightings = {}
    for entry in of_kind(known, "report.sighting"):
        body = entry.body
        name = str(body["name"])
        if name not in withdrawn:
            sightings[name] = Sighting(
                name=name,
                at_s=to_posix_s(instant_in(body.get("seen_at") or entry.at)),
                position=position_in(body["position"]),
                probable_error_m=nm_to_m(float(body["error_nm"])),
                credibility=float(body["credibility"]),
            )
    return sightings


def gathered(case: Case) -> Environment:
    """Wind, current and coast of a case."""
    return gather_environment(case)
