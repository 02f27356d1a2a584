"""What is drawn for a sortie: each thing from a stream of its own, named by the order's id."""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.exercise.crews.crew import CrewLaw
from sarex.randomness import child_generator

Floats = NDArray[np.float64]
GRID_S = 30.0
"""Wander is drawn at these steps since the order."""


@dataclass(frozen=True)
class Draws:
    """The draws of one order; nothing depends on when or how often it is asked."""

    seed: int
    order_id: str
    law: CrewLaw

    def generator(self, *purpose: str) -> np.random.Generator:
        return child_generator(self.seed, "exercise", "crew", self.order_id, *purpose)

    @property
    def readiness_factor(self) -> float:
        """Times the stated time to get ready."""
        return float(exp(self.law.readiness_sigma * self.generator("readiness").standard_normal()))

    @property
    def late_s(self) -> float:
        random = self.generator("late")
        late, by = random.random(), random.exponential(self.law.late_mean_s)
        return float(by) if late < self.law.late_frac else 0.0

    @property
    def width_factor(self) -> float:
        """Times the stated sweep width."""
        return float(self.generator("width").uniform(self.law.least_factor, self.law.greatest_factor))

    @property
    def level(self) -> float:
        """Exposure at which the object is seen, Exp(1)."""
        return float(self.generator("sight").exponential())

    def wander_m(self, duration_s: float) -> Floats:
        """Deviation to the left of track every GRID_S since the order (Ornstein-Uhlenbeck), (step,)."""
        count = int(duration_s / GRID_S) + 2
        if self.law.wander_m == 0.0:
            return np.zeros(count)
        normal = self.generator("wander").standard_normal(count)
        kept = exp(-GRID_S / self.law.wander_memory_s)
        renewed = sqrt(1.0 - kept * kept)
        deviation, walk = float(normal[0]), np.empty(count)
        for step, noise in enumerate(normal.tolist()):
            deviation = deviation if step == 0 else kept * deviation + renewed * noise
            walk[step] = deviation
        return self.law.wander_m * walk

    def report_s(self, median_s: float, *what: str) -> float:
        """How late the players are told of something."""
        noise = float(self.generator("report", *what).standard_normal())
        return median_s * exp(self.law.report_sigma * noise)

    def occasions_s(self, purpose: str, per_hour: float, duration_s: float) -> Floats:
        """A Poisson process: seconds since the order, (occasion,)."""
        if per_hour <= 0.0:
            return np.empty(0)
        random, at_s, found = self.generator(purpose), 0.0, []
        while (at_s := at_s + float(random.exponential(3600.0 / per_hour))) < duration_s:
            found.append(at_s)
        return np.array(found)
