"""How good the plan is, as a few bars with the words that belong to them."""

from dataclasses import asdict, dataclass

from sarex.planning.model import PlanQuality
from sarex.report.situation import out_of
from sarex.report.words import percent, percent_band


@dataclass(frozen=True)
class QualityBar:
    name: str
    value: str
    low_percent: float
    """Where the solid bar ends, or where a bracket begins."""
    high_percent: float
    """Where the pale part ends; equal to `low_percent` for a single number."""
    bracket: bool
    """Draw only from low to high: the truth lies in between."""
    meaning: str
    css_class: str


def quality_bars(quality: PlanQuality, undetected: float) -> tuple[QualityBar, ...]:
    """From this plan to what no plan can exceed, on one scale, out of what is still undetected."""
    quality = PlanQuality(**{name: out_of(value, undetected) for name, value in asdict(quality).items()})
    return (
        QualityBar(
            "This plan",
            percent(quality.pos),
            100.0 * quality.pos,
            100.0 * quality.pos,
            bracket=False,
            meaning="Probability of success (POS): that the object is found, if all units keep to the plan.",
            css_class="plan",
        ),
        QualityBar(
            "… sweep widths ±30\u00a0%",
            percent_band(quality.pos_low, quality.pos_high),
            100.0 * quality.pos_low,
            100.0 * quality.pos_high,
            bracket=True,
            meaning="Where the POS lies if crews see 30 % less far, or 30 % farther, than the tables say.",
            css_class="band",
        ),
        QualityBar(
            "The manual's plan",
            percent(quality.pos_doctrine),
            100.0 * quality.pos_doctrine,
            100.0 * quality.pos_doctrine,
            bracket=False,
            meaning="The same units in the manual's datum area, carried along with the drift. "
            f"{_gain(quality)}",
            css_class="manual",
        ),
        QualityBar(
            "Optimum, estimated",
            percent_band(quality.pos_optimum_low, quality.pos_optimum_high),
            100.0 * quality.pos_optimum_low,
            100.0 * quality.pos_optimum_high,
            bracket=True,
            meaning="What the same effort could reach if it could be divided freely. Real tracks stay below.",
            css_class="optimum",
        ),
        QualityBar(
            "Upper bound",
            percent(quality.pos_upper_bound),
            100.0 * quality.pos_upper_bound,
            100.0 * quality.pos_upper_bound,
            bracket=False,
            meaning="An estimate of what no plan with these units and sweep widths can exceed. "
            "It is reckoned on a sample: finer cells would put it higher.",
            css_class="bound",
        ),
    )


def _gain(quality: PlanQuality) -> str:
    """In points between the rounded figures, so that the page's own numbers add up."""
    digits = 1 if max(quality.pos, quality.pos_doctrine) < 0.0995 else 0
    points = round(100.0 * quality.pos, digits) - round(100.0 * quality.pos_doctrine, digits)
    number = f"{abs(points):.{digits}f}"
    if not float(number):
        return "This plan is as good."
    noun = "point" if float(number) == 1.0 else "points"
    return f"This plan is {number} {noun} {'better' if points > 0 else 'worse'}."
