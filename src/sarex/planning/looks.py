"""Satellites' looks in a plan: nobody here can send them, but what they may find need not be searched again.

The looks of the window lower the weights that the planner and every figure beside it see; their own POS is
added to each of those figures once. The order in which a particle is looked at does not matter to POS.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, SatelliteLook
from sarex.clock import to_posix_s
from sarex.detection import Drifters, look_exposure
from sarex.geo import LocalFrame
from sarex.planning.model import PlannedLook, PlanQuality
from sarex.planning.outcome import Glance
from sarex.planning.waters import Waters, success


@dataclass(frozen=True)
class Looks:
    """The looks of a case's window on one draw of the belief."""

    looks: tuple[SatelliteLook, ...]
    exposures: tuple[NDArray[np.float64], ...]
    """(particle,) for each look."""

    def planned(self, waters: Waters) -> tuple[PlannedLook, ...]:
        """Each look with its POS alone, on the waters that it was made for."""
        return tuple(
            PlannedLook(look, success(waters.weight, exposure))
            for look, exposure in zip(self.looks, self.exposures, strict=True)
        )

    def glances(self) -> tuple[Glance, ...]:
        """The looks as `expected_outcome` takes them."""
        return tuple(
            Glance(to_posix_s(look.at), exposure)
            for look, exposure in zip(self.looks, self.exposures, strict=True)
        )


def looks_on(case: Case, frame: LocalFrame, waters: Waters) -> Looks:
    """The looks that fall in the case's window."""
    looks = tuple(look for look in case.looks if case.window.start <= look.at <= case.window.end)
    return Looks(looks, tuple(_exposure(look, frame, case.object_types, waters) for look in looks))


def with_looks(waters: Waters, looks: Looks) -> tuple[Waters, float]:
    """The waters as they are left to the units, and the POS of the looks together."""
    if not looks.looks:
        return waters, 0.0
    total = np.asarray(np.sum(looks.exposures, axis=0), dtype=np.float64)
    return replace(waters, weight=waters.weight * np.exp(-total)), success(waters.weight, total)


def counting_looks(quality: PlanQuality, looks_pos: float) -> PlanQuality:
    """Figures of the units alone, after the looks, with the POS of the looks in each."""
    return PlanQuality(**{name: value + looks_pos for name, value in asdict(quality).items()})


def _exposure(
    look: SatelliteLook, frame: LocalFrame, object_types: Sequence[str], waters: Waters
) -> NDArray[np.float64]:
    drifters = Drifters(waters.times_s, waters.x_m, waters.y_m, waters.afloat, waters.object_type)
    return look_exposure(look, frame, object_types, drifters)
