"""Who is found alive, and when, in words."""

from datetime import timedelta

from sarex.detection.survival import Verification
from sarex.planning.model import AliveFigure, Outcome
from sarex.planning.outcome import NO_TEMPERATURE
from sarex.report.situation import out_of
from sarex.report.words import duration, joined, percent

_TRUST = {
    Verification.MEASURED: "measured on volunteers",
    Verification.SURVEY: "from a survey of incidents",
    Verification.SECOND_HAND: "second-hand, not verified",
}
_AFLOAT = "People in rafts and boats are taken to live through the search window."
_ASSUMED = (
    "How the times of single persons scatter, and the share that dies in the first minutes, are assumptions."
)


def outcome_words(outcome: Outcome, undetected: float) -> tuple[str, ...]:
    """Sentences for the report: time to the find, survivors found alive, what that rests on.

    Args:
        undetected: probability that the object has not been found by earlier searches; all figures are told
            out of it, as the POS is.
    """
    return (*_when(outcome), *_alive(outcome, undetected))


def _when(outcome: Outcome) -> tuple[str, ...]:
    if outcome.median_time_s is None or outcome.mean_time_s is None:
        return ("The plan finds nothing.",)
    median, mean = (timedelta(seconds=time_s) for time_s in (outcome.median_time_s, outcome.mean_time_s))
    sentence = (
        f"If the object is found, then as likely as not within {duration(median)} of the start of the search "
        f"window, on average after {duration(mean)}."
    )
    return (sentence,)


def _alive(outcome: Outcome, undetected: float) -> tuple[str, ...]:
    pos = percent(out_of(outcome.pos, undetected))
    if not outcome.anybody_in_water:
        return (f"Nobody is thought to be in the water. {_AFLOAT} Found alive: {pos}.",)
    if not outcome.alive:
        return (NO_TEMPERATURE,)
    chosen, *others = (_figure(figure, undetected) for figure in outcome.alive)
    return (
        f"Probability of finding survivors alive: {chosen}, beside a POS of {pos}.",
        f"Other models: {joined(others)}.",
        *(f"{outcome.alive[0].model}: {remark}" for remark in outcome.alive[0].remarks),
        _AFLOAT,
        _ASSUMED,
    )


def _figure(figure: AliveFigure, undetected: float) -> str:
    share = percent(out_of(figure.pos_alive, undetected))
    return f"{share} by {figure.model} ({_TRUST[figure.verification]})"
