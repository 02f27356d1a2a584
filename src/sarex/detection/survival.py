"""Whether a person in the water still lives when found: three published models, one distribution.

What it answers: the probability that a person is alive after a time in water of a given temperature.

Each model gives one time at each temperature, and `ModelFacts.alive_then` says how many live then. Between
and beyond, two assumptions of ours (`SurvivalAssumptions`) make a distribution of it: a share of the persons
dies of cold shock in the first minutes, and the times of the others are log-normal. Formulas, reasons and
the ranges in which anything was measured: `docs/explanation/survival.md`.

Range: -2 to 40 C. Beyond a model's own range the nearest cautious value is taken and a remark says so: the
model's curve is followed towards colder water, and held at its warmest value in warmer water.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from statistics import NormalDist
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sarex.kernels.outcome import alive_fracs
from sarex.tables import survival_times
from sarex.units import HOUR_S

SEA_FREEZES_DEGC = -2.0
HAYWARD_WARMEST_DEGC = 20.0
"""The cap of Hayward's formula, which is infinite at 23.1 C: the warmest value that is quoted (11.7 h)."""
_SURVEY_TABLE = "UKNIIS 2006 (N=1593)"


class Verification(StrEnum):
    """How a model came about, and so how far it can be trusted."""

    MEASURED = "measured"
    """On volunteers in cold water, in a laboratory or the sea; the end is reckoned, nobody died."""
    SURVEY = "survey"
    """Counted among people who really were in the water."""
    SECOND_HAND = "second-hand"
    """Quoted by others; the paper itself has not been compared."""


class SurvivalModel(StrEnum):
    UK_SURVEY = "UK immersion survey 2006"
    HAYWARD = "Hayward 1975"
    XU_GIESBRECHT = "Xu and Giesbrecht 2018, as quoted"


class Wear(StrEnum):
    """What a person in the water is known to wear, as far as it matters for living."""

    NOTHING_KNOWN = "nothing that is known to float"
    FLOTATION = "a flotation device"
    SUIT = "a survival suit or diving suit"
    NOBODY_LIVES = "deceased"


@dataclass(frozen=True)
class ModelFacts:
    """What a model's time is, where it comes from and where it holds."""

    verification: Verification
    meaning: str
    source: str
    coldest_degc: float
    warmest_degc: float
    alive_then: float
    """Share that lives at the model's time."""
    of_everybody: bool
    """Whether that is a share of all persons, or of those who outlive the cold shock."""


MODELS: Mapping[SurvivalModel, ModelFacts] = MappingProxyType(
    {
        SurvivalModel.UK_SURVEY: ModelFacts(
            Verification.SURVEY,
            "time after which half of the people in reported incidents had died",
            "UK National Immersion Incident Survey, 1,593 cases: Environmental Ergonomics XII (2007), p. 342",
            5.0,
            15.0,
            0.5,
            of_everybody=True,
        ),
        SurvivalModel.HAYWARD: ModelFacts(
            Verification.MEASURED,
            "time to a body temperature of 30 C of an adult, lightly clothed, with lifejacket, holding still",
            "Hayward, Eckerson and Collis 1975, Can. J. Physiol. Pharmacol. 53, formula as widely quoted",
            0.0,
            HAYWARD_WARMEST_DEGC,
            0.5,
            of_everybody=False,
        ),
        SurvivalModel.XU_GIESBRECHT: ModelFacts(
            Verification.SECOND_HAND,
            "limit that few exceed, from 122 cases",
            "ascribed to Xu and Giesbrecht 2018, J. Thermal Biology; formula quoted by others, unverified",
            0.0,
            20.0,
            0.05,
            of_everybody=False,
        ),
    }
)


@dataclass(frozen=True)
class SurvivalAssumptions:
    """What no source gives; reasons in `docs/explanation/survival.md`."""

    spread_log: float = 0.7
    """Standard deviation of the logarithm of the time: two thirds die between half and twice the median."""
    early_share_of_deaths: float = 0.6
    """Share of deaths in cold water that come in the first minutes."""
    early_mean_s: float = 180.0
    cold_below_degc: float = 15.0
    """Cold shock has its full share up to here ..."""
    no_shock_above_degc: float = 25.0
    """... and none from here on; linear between."""

    def early_frac(self, water_temperature_degc: float) -> float:
        """Share of persons who die early.

        At most half have died by a 50 % time, and the early ones are a share of those.
        """
        warmth = (water_temperature_degc - self.cold_below_degc) / (
            self.no_shock_above_degc - self.cold_below_degc
        )
        return 0.5 * self.early_share_of_deaths * (1.0 - min(max(warmth, 0.0), 1.0))


USUAL_ASSUMPTIONS = SurvivalAssumptions()


@dataclass(frozen=True)
class SurvivalCurve:
    """The chance of living against the time in the water, for one model, temperature and wear."""

    model: SurvivalModel
    median_s: float
    """Median time of those who outlive the cold shock; 0 where nobody lives."""
    spread_log: float
    early_frac: float
    early_mean_s: float
    remarks: tuple[str, ...]

    @property
    def verification(self) -> Verification:
        return MODELS[self.model].verification

    @property
    def row(self) -> NDArray[np.float64]:
        """As the kernels take it, (4,)."""
        return np.array([self.median_s, self.spread_log, self.early_frac, self.early_mean_s])

    def alive_frac(self, in_water_s: ArrayLike) -> NDArray[np.float64]:
        """Probability of being alive after each time in the water; 1 for NaN: not in the water."""
        times_s = np.asarray(in_water_s, dtype=np.float64)
        result: NDArray[np.float64] = alive_fracs(times_s.ravel(), self.row)
        return result.reshape(times_s.shape)


def survival_curve(
    model: SurvivalModel,
    water_temperature_degc: float,
    wear: Wear = Wear.NOTHING_KNOWN,
    assumptions: SurvivalAssumptions = USUAL_ASSUMPTIONS,
) -> SurvivalCurve:
    """The curve of a model at a temperature of the water."""
    facts = MODELS[SurvivalModel.UK_SURVEY if wear is Wear.SUIT else model]
    within_degc = min(max(water_temperature_degc, SEA_FREEZES_DEGC), facts.warmest_degc)
    early_frac = assumptions.early_frac(within_degc)
    if wear is Wear.NOBODY_LIVES:
        median_s = 0.0
    else:
        time_s = model_time_s(model, within_degc, wear)
        early = early_frac * exp(-time_s / assumptions.early_mean_s)
        late = (facts.alive_then - early) / (1.0 - early_frac) if facts.of_everybody else facts.alive_then
        median_s = time_s * exp(assumptions.spread_log * NormalDist().inv_cdf(late))
    return SurvivalCurve(
        model=model,
        median_s=median_s,
        spread_log=assumptions.spread_log,
        early_frac=early_frac,
        early_mean_s=assumptions.early_mean_s,
        remarks=_remarks(model, facts, water_temperature_degc, wear),
    )


def model_time_s(
    model: SurvivalModel, water_temperature_degc: float, wear: Wear = Wear.NOTHING_KNOWN
) -> float:
    """The time that a model gives, as published: what it means is in `ModelFacts.meaning`.

    A survival suit is outside all three models; it gets the survey's "more than 24 h" with a buoyancy aid.
    """
    if wear is Wear.SUIT or model is SurvivalModel.UK_SURVEY:
        return _survey_time_s(water_temperature_degc, wear)
    warmest_degc = MODELS[model].warmest_degc
    temperature_degc = min(max(water_temperature_degc, SEA_FREEZES_DEGC), warmest_degc)
    if model is SurvivalModel.HAYWARD:
        return 60.0 * (15.0 + 7.2 / (0.0785 - 0.0034 * temperature_degc))
    return HOUR_S * (0.0547 * temperature_degc**2 + 0.5048 * temperature_degc + 1.3604)


def _survey_time_s(water_temperature_degc: float, wear: Wear) -> float:
    """Between the survey's temperatures straight in the logarithm of the time, which it nearly is."""
    rows = [
        row for row in survival_times()[_SURVEY_TABLE] if row.at_least == (wear is not Wear.NOTHING_KNOWN)
    ]
    temperatures = np.array([row.water_temperature_c for row in rows])
    logarithms = np.log([row.time_h for row in rows])
    below_degc = min(water_temperature_degc - temperatures[0], 0.0)
    slope = (logarithms[1] - logarithms[0]) / (temperatures[1] - temperatures[0])
    time_log = float(np.interp(water_temperature_degc, temperatures, logarithms) + slope * below_degc)
    return HOUR_S * exp(time_log)


def wear_of(type_key: str, *, flotation_device_worn: bool) -> Wear:
    """What a leeway class and the case's conditions say of what a person wears."""
    by_class = {
        "PIW-2": Wear.FLOTATION,
        "PIW-3": Wear.FLOTATION,
        "PIW-4": Wear.SUIT,
        "PIW-5": Wear.SUIT,
        "PIW-6": Wear.NOBODY_LIVES,
    }
    return by_class.get(type_key, Wear.FLOTATION if flotation_device_worn else Wear.NOTHING_KNOWN)


def _remarks(
    model: SurvivalModel, facts: ModelFacts, water_temperature_degc: float, wear: Wear
) -> tuple[str, ...]:
    if wear is Wear.NOBODY_LIVES:
        return ("The class says that the person is dead.",)
    remarks = []
    if wear is Wear.SUIT:
        remarks.append(
            "No model covers survival suits: the survey's 50 % time with a buoyancy aid, more than 24 h, is "
            "taken as 24 h."
        )
    elif model is SurvivalModel.UK_SURVEY and wear is Wear.FLOTATION:
        remarks.append("The survey's 50 % time with a buoyancy aid is more than 24 h: taken as 24 h.")
    elif model is SurvivalModel.HAYWARD and wear is Wear.NOTHING_KNOWN:
        remarks.append("The formula is for persons with a lifejacket; without one the time is shorter.")
    if water_temperature_degc > facts.warmest_degc:
        remarks.append(
            f"The model ends at {facts.warmest_degc:.0f} C; warmer water is reckoned as that: too cautious."
        )
    elif water_temperature_degc < facts.coldest_degc:
        remarks.append(f"The model begins at {facts.coldest_degc:.0f} C; colder water continues its curve.")
    return tuple(remarks)
