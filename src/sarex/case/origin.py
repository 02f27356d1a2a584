"""Positions, and where and when a drift may have begun: the origins of a scenario."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Position:
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True)
class LastKnownPosition:
    """A position with its probable error (radius of 50 % containment) and when the drift began."""

    position: Position
    probable_error_m: float
    released_from: datetime
    released_until: datetime


@dataclass(frozen=True)
class TrackPoint:
    position: Position
    at: datetime
    probable_error_m: float


@dataclass(frozen=True)
class Trackline:
    """Where an overdue craft would have been; the drift began anywhere along it."""

    points: tuple[TrackPoint, ...]


@dataclass(frozen=True)
class Area:
    """Anywhere on the water of a polygon, each square metre alike."""

    polygon: tuple[Position, ...]
    """At least three corners, not closed."""
    probable_error_m: float
    """Blur of its edge (radius of 50 % containment); 0 for a sharp one."""
    released_from: datetime
    released_until: datetime


@dataclass(frozen=True)
class Bearing:
    """A direction in which something was seen, heard or received, and from where."""

    observer: Position
    observer_error_m: float
    """Probable error of the observer's own position; 0 where it is known."""
    toward_deg: float
    """True bearing from the observer toward the object."""
    bearing_error_deg: float
    """Standard deviation of the bearing."""
    nearest_m: float = 0.0
    farthest_m: float | None = None
    """Limits of the distance; None where nothing limits it."""


@dataclass(frozen=True)
class BearingLine:
    """A flare sighting or a single bearing: normal across the bearing, uniform over the distance.

    Uniform over distance, not over area: an area's prior grows with the distance, but the chance that
    a flare is seen or a signal heard falls with it; the two are taken to cancel.
    """

    bearing: Bearing
    """With `farthest_m`."""
    released_from: datetime
    released_until: datetime


@dataclass(frozen=True)
class CrossingBearings:
    """Two or more bearings of one object.

    Its density per square metre is the product of the bearings' normal densities of angle, within the
    limits of distance.
    """

    bearings: tuple[Bearing, ...]
    released_from: datetime
    released_until: datetime


@dataclass(frozen=True)
class ErrorEllipse:
    """A position and the semi-axes of the ellipse around it that holds the truth with 50 %."""

    position: Position
    semi_major_m: float
    semi_minor_m: float
    major_toward_deg: float
    """True direction of the major axis."""


@dataclass(frozen=True)
class BeaconFix:
    """Where a distress beacon was located; Doppler fixes have an image on the other side of the pass."""

    ellipse: ErrorEllipse
    ambiguous: ErrorEllipse | None
    ambiguous_probability: float
    """That the second position is the true one; 0 where there is none."""
    released_from: datetime
    released_until: datetime


@dataclass(frozen=True)
class Cloud:
    """Places and times where a drift may have begun, in a drift file that Sarex wrote."""

    location: str
    """Absolute path of the file."""
    corners: tuple[Position, Position]
    """South-west and north-east of all of them, as the file has them."""
    released_from: datetime
    released_until: datetime


@dataclass(frozen=True)
class Found:
    """Debris or an empty craft that was found, for a backward run: where and when did its drift begin?"""

    position: Position
    probable_error_m: float
    found_at: datetime
    released_from: datetime
    """The drift began between here ..."""
    released_until: datetime
    """... and here, not after `found_at`."""


Origin = LastKnownPosition | Trackline | Area | BearingLine | CrossingBearings | BeaconFix | Cloud | Found
