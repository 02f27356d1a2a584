"""What the scores of a debrief are called, their units, and which way is better.

More or less is judged only where it is better whatever the case: that a map's 50 % contour held the object
more often is no virtue, and what a clairvoyant planner could have had depends on the case alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScoreWords:
    """How a score is told."""

    name: str
    """As in the debrief."""
    title: str
    unit: str = ""
    digits: int = 2
    less_is_better: bool | None = None
    """None: neither way is better, or the score is not known here."""
    factor: float = 1.0
    """From the debrief's number to the one that is told: 100 for a probability."""

    def told(self, value: float | None) -> str:
        """A value with its unit."""
        if value is None:
            return "–"
        return f"{self.factor * value:,.{self.digits}f}\N{NO-BREAK SPACE}{self.unit}".rstrip()

    def told_change(self, before: float | None, after: float | None) -> str:
        """The difference of what is told, with its sign; empty where there is none."""
        if before is None or after is None or before == after:
            return ""
        difference = round(self.factor * after, self.digits) - round(self.factor * before, self.digits)
        return f"{difference:+,.{self.digits}f}".replace("-", "\N{MINUS SIGN}")


def _minutes(name: str, title: str) -> ScoreWords:
    return ScoreWords(name, title, "min", 1, less_is_better=True)


def _percent(name: str, title: str, *, less_is_better: bool | None, factor: float = 1.0) -> ScoreWords:
    return ScoreWords(name, title, "%", 1, less_is_better, factor)


def _number(name: str, title: str, *, less_is_better: bool | None) -> ScoreWords:
    return ScoreWords(name, title, "", 0, less_is_better)


KNOWN = {
    words.name: words
    for words in (
        _minutes("alert_to_coordinator_min", "Alert to co-ordinator named"),
        _minutes("alert_to_sitrep_min", "Alert to first SITREP"),
        _minutes("alert_to_plan_min", "Alert to first search action plan"),
        _minutes("alert_to_under_way_min", "Alert to first unit under way"),
        _minutes("alert_to_on_scene_min", "Alert to first unit on scene"),
        _minutes("alert_to_detection_min", "Alert to first detection"),
        _minutes("alert_to_recovery_min", "Alert to recovery"),
        _minutes("alert_to_triage_min", "Alert to triage"),
        _percent("pos_planned", "POS planned", less_is_better=False, factor=100.0),
        _percent("pos_achieved", "POS achieved", less_is_better=False, factor=100.0),
        _percent("pos_clairvoyant", "POS of a clairvoyant planner", less_is_better=None, factor=100.0),
        _percent("pos_achieved_percent_of_planned", "POS achieved of planned", less_is_better=False),
        _percent("coverage_flown_percent", "Coverage flown of planned", less_is_better=False),
        ScoreWords("map_bits_mean", "Map: −log2 POC at the truth", "bits", 1, less_is_better=True),
        _percent("map_rank_percent_median", "Map: rank of the truth, median", less_is_better=None),
        _percent("map_inside_50_percent", "Map: truth inside 50 %", less_is_better=None),
        _percent("map_inside_90_percent", "Map: truth inside 90 %", less_is_better=None),
        _minutes("message_latency_min", "Message between nations to acknowledgement"),
        _percent("injects_acknowledged_percent", "Injects acknowledged", less_is_better=False),
        _minutes("double_tasked_min", "Units double-tasked"),
        _number("hand_overs", "Hand-overs between the nations", less_is_better=None),
        ScoreWords("separation_least_m", "Least separation of units", "m", 0),
        _number("encounters_too_near", "Encounters too near", less_is_better=True),
        _number("danger_area_incursions", "Danger-area incursions", less_is_better=True),
    )
}
"""By name, as `sarex exercise debrief` writes them."""


def words_of(name: str) -> ScoreWords:
    """What a score is called; one that is not known here keeps its name and is not judged."""
    return KNOWN.get(name) or ScoreWords(name, name)
