"""A case made ready for the planner: its belief in the search window, how that drifts, and who can search."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.planning.crews import Crew, muster, scene_of
from sarex.planning.datum_drift import DatumDrift, datum_drift
from sarex.planning.looks import Looks, looks_on, with_looks
from sarex.planning.model import UnusedUnit
from sarex.planning.outcome import Glance
from sarex.planning.waters import Waters, waters_of


@dataclass(frozen=True)
class Readiness:
    """What every question about a plan begins with."""

    reported: Waters
    """The draw that figures are told of, as it is before anyone looks, ..."""
    before: NDArray[np.float64]
    """... its exposure to satellites' looks, which no unit does, (particle,), ..."""
    left: Waters
    """... the same draw as the looks leave it, ..."""
    rehearsal: Waters
    """... and the draw that plans are fitted to, as the looks leave it."""
    drift: DatumDrift
    """Of the rehearsal."""
    crews: tuple[Crew, ...]
    unused: tuple[UnusedUnit, ...]
    wind_mps: float
    """On scene."""
    looks: Looks
    """On the reported draw."""
    looks_pos: float
    """Of the looks together."""

    @property
    def glances(self) -> tuple[Glance, ...]:
        """The looks by themselves, each at its instant."""
        return self.looks.glances()


def made_ready(
    case: Case, environment: Environment, reported: DriftEnsemble, rehearsal: DriftEnsemble
) -> Readiness:
    """Lay out both draws in the window and muster the crews."""
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    seen, unseen = waters_of(rehearsal, *window_s), waters_of(reported, *window_s)
    drift = datum_drift(seen)
    frame = environment.frame
    looks = looks_on(case, frame, unseen)
    before = np.zeros(unseen.weight.size) + np.sum(looks.exposures, axis=0, dtype=np.float64)
    left, looks_pos = with_looks(unseen, looks)
    rehearsed, _ = with_looks(seen, looks_on(case, frame, seen))
    scene = scene_of(case, environment, rehearsed, drift)
    crews, unused = muster(case, environment, scene)
    return Readiness(
        reported=unseen, before=before, left=left, rehearsal=rehearsed, drift=drift, crews=crews,
        unused=tuple(unused), wind_mps=scene.wind_mps, looks=looks, looks_pos=looks_pos,
    )  # fmt: skip
