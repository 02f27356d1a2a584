"""Everything learnt since the drift began, in the order in which it was told: searches without a find,
sightings, finds.

Weights follow each in turn; where few particles still count they are drawn anew (`update.resample`). What a
search teaches
and what a report teaches multiply, so their order does not matter to where the object is believed to be. It
matters to the sums: a search takes from the sum what it would have found in the belief at its time; a report
leaves the sum alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.errors import PlanError
from sarex.probability import bins_at
from sarex.randomness import child_generator
from sarex.update.belief import effective_particles, exposure_to
from sarex.update.finds import drift_debris, weigh_find
from sarex.update.model import DebrisFind, Evidence, FalseAlarm, Lesson, Report, SearchResult, Sighting
from sarex.update.resample import LEAST_SHARE, LogLikelihood, resampled
from sarex.update.sightings import WeighedSighting, factor_of, weigh_sighting

Floats = NDArray[np.float64]
Debris = Mapping[str, DriftEnsemble]
_Weighed = SearchResult | WeighedSighting


def standing(reports: Sequence[Report]) -> tuple[Sighting | DebrisFind, ...]:
    """Sightings and finds that no false alarm withdraws, in the order told.

    Raises:
        PlanError: two have one name, or a false alarm withdraws what was never told.
    """
    told = [report for report in reports if not isinstance(report, FalseAlarm)]
    names = [_folded(report.name) for report in told]
    for each in told:
        if names.count(_folded(each.name)) > 1:
            raise PlanError(
                f'two reports have the name "{each.name}"; a false alarm could not say which it means. '
                "Give each a name of its own."
            )
    withdrawn = set()
    for report in reports:
        if isinstance(report, FalseAlarm) and report.withdraws is not None:
            if _folded(report.withdraws) not in names:
                raise PlanError(
                    f'the false alarm "{report.name}" withdraws "{report.withdraws}", which was not '
                    "reported. "
                    f"Known here: {', '.join(report.name for report in told) or 'no sighting and no find'}."
                )
            withdrawn.add(_folded(report.withdraws))
    return tuple(report for report in told if _folded(report.name) not in withdrawn)


def debris_of(case: Case, environment: Environment, evidence: Sequence[Evidence]) -> dict[str, DriftEnsemble]:
    """What was found, drifted from the scenarios of the case: by the name of the find."""
    finds = [item for item in evidence if isinstance(item, DebrisFind)]
    return {find.name: drift_debris(case, environment, find) for find in finds}


def learn(
    ensemble: DriftEnsemble,
    evidence: Sequence[Evidence],
    case: Case,
    environment: Environment,
    debris: Debris,
    purpose: str,
) -> tuple[DriftEnsemble, tuple[Lesson, ...]]:
    """The belief after all of the evidence, and what each of it taught.

    Args:
        ensemble: as drifted, before any of it.
        debris: from `debris_of`.
        purpose: names the stream of random numbers for drawing particles anew.

    Raises:
        PlanError: some of it lies outside the times of the ensemble, or where no trajectory was.
    """
    drifted = ensemble
    lessons = []
    weighed: list[_Weighed] = []
    for number, item in enumerate(evidence):
        before = ensemble.undetected
        match item:
            case SearchResult():
                factor = np.exp(-exposure_to(ensemble, item))
                weighed.append(item)
            case Sighting():
                factor, against = weigh_sighting(ensemble, item)
                weighed.append(against)
            case DebrisFind():
                factor = weigh_find(ensemble, item, debris[item.name])
                # a find goes by the origin, which a shift hardly moves: it stays with the parent
                drifted = _weighted(drifted, weigh_find(drifted, item, debris[item.name]), item)
        ensemble = _weighted(ensemble, factor, item)
        lesson = _lesson(ensemble, item, before)
        if 0.0 < lesson.effective_particles < LEAST_SHARE * ensemble.weight.size:
            generator = child_generator(case.seed, "resampling", purpose, str(number))
            raster = environment.coast.raster
            ensemble = resampled(
                ensemble, drifted, _likelihood_of(weighed), _until_s(item), raster, generator
            )
            lesson = replace(lesson, resampled=True)
        lessons.append(lesson)
    return ensemble, tuple(lessons)


def _weighted(ensemble: DriftEnsemble, factor: Floats, item: Evidence) -> DriftEnsemble:
    weight = ensemble.weight * factor
    if not isinstance(item, SearchResult):
        # the mean density makes the sum right up to rounding
        weight *= ensemble.undetected / weight.sum()
    return replace(ensemble, weight=weight)


def _likelihood_of(weighed: Sequence[_Weighed]) -> LogLikelihood:
    """Logarithm of what all evidence that goes by position makes of any particles."""
    known = tuple(weighed)

    def likelihood(ensemble: DriftEnsemble) -> Floats:
        total = np.zeros(ensemble.weight.size)
        for item in known:
            if isinstance(item, SearchResult):
                total -= exposure_to(ensemble, item)
            else:
                with np.errstate(divide="ignore"):
                    total += np.log(factor_of(ensemble, item))
        return total

    return likelihood


def _lesson(ensemble: DriftEnsemble, item: Evidence, before: float) -> Lesson:
    total = ensemble.undetected
    column = int(np.argmin(np.abs(ensemble.times_s - _until_s(item))))
    return Lesson(
        pos=before - total if isinstance(item, SearchResult) else 0.0,
        undetected=total,
        effective_particles=effective_particles(ensemble.weight),
        bins=bins_at(ensemble, column, found=max(0.0, 1.0 - total)),
    )


def _until_s(item: Evidence) -> float:
    return item.ended_s if isinstance(item, SearchResult) else item.at_s


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
