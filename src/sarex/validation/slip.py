"""How much of the wind a drifter takes with it: published values only, never fitted to the tracks at hand.

A drifter is no search object of the leeway tables. Its slip is a straight share of the 10 m wind, downwind,
without spread. Fitting it on one model's current would call that model's error leeway (in the tracks of TREX
2020 two kinds come out upwind).
"""

from dataclasses import dataclass

_UNKNOWN = "no published slip is known here: taken as 0"


@dataclass(frozen=True)
class Slip:
    """Downwind slip of a kind of drifter as a share of the 10 m wind speed."""

    wind_frac: float
    source: str
    published: bool


_PUBLISHED = (
    (
        ("code", "davis"),
        Slip(
            0.001,
            "0.1 % of the wind: Poulain and Gerin (2019), J. Atmos. Oceanic Technol. 36",
            published=True,
        ),
    ),
    (
        ("carthe",),
        Slip(
            0.005,
            "below 0.5 % of the wind with its drogue, the limit is taken: Novelli et al. (2017), "
            "J. Atmos. Oceanic Technol. 34",
            published=True,
        ),
    ),
    (
        ("undrogued svp",),
        Slip(
            0.01,
            "about 1 % of the wind: Poulain et al. (2009), J. Atmos. Oceanic Technol. 26",
            published=True,
        ),
    ),
    (
        ("svp",),
        Slip(
            0.0007,
            "0.7 cm/s in 10 m/s of wind with its drogue: Niiler and Paduan (1995), J. Phys. Oceanogr. 25",
            published=True,
        ),
    ),
)


def slip_of(kind: str) -> Slip:
    """The published slip of a kind of drifter; nought, marked as not published, where none is known."""
    words = kind.lower()
    for names, slip in _PUBLISHED:
        if any(name in words for name in names):
            return slip
    return Slip(0.0, _UNKNOWN, published=False)
