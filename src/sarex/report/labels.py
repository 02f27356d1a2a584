"""Names on the map that do not cover each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import east_asian_width

import shapely
import shapely.ops
from shapely import Polygon

LINE_HEIGHT = 1.25
"""Of the letters' size."""
WIDE_LETTER, NARROW_LETTER = 1.02, 0.62
"""Widths over size, of a sans-serif face: East Asian letters and all others."""


SIDES = {
    "right": (1.0, 0.0),
    "left": (-1.0, 0.0),
    "above": (0.0, -1.0),
    "below": (0.0, 1.0),
    "above right": (0.8, -0.8),
    "below right": (0.8, 0.8),
    "above left": (-0.8, -0.8),
    "below left": (-0.8, 0.8),
}
"""Unit steps from a point to its label, in the order in which they are tried."""
REACHES = (1.0, 1.8, 3.0, 4.5, 6.5)
CORNER_GAP_PX = 3.0
LEADER_PX = 22.0
"""Labels farther from their points than this are tied to them by a line."""


@dataclass(frozen=True)
class Label:
    lines: tuple[str, ...]
    x_px: float
    y_px: float
    """Baseline of the first line."""
    anchor: str
    """SVG's text-anchor."""
    size_px: float
    kind: str
    """CSS class."""
    leader_px: tuple[float, float, float, float] | None = None
    """From the point that is named to the label, where that is far."""

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass
class LabelBoard:
    """Places labels one after another, each on the free spot nearest to what it names."""

    width_px: float
    height_px: float
    taken: list[Polygon] = field(default_factory=list)

    def keep_free(self, x_px: float, y_px: float, reach_px: float) -> None:
        """Nothing shall be written over this square."""
        self.taken.append(shapely.box(x_px - reach_px, y_px - reach_px, x_px + reach_px, y_px + reach_px))

    def place(
        self, text: str, at_px: tuple[float, float], size_px: float, kind: str, away_px: float
    ) -> Label:
        """The label beside its point; where everything is taken, the spot that covers least."""
        spots = [
            self._beside(text, at_px, size_px, kind, (east * away_px * reach, south * away_px * reach))
            for reach in REACHES
            for east, south in SIDES.values()
        ]
        return self._best(spots)

    def place_on(
        self, lines: tuple[str, ...], spots_px: Sequence[tuple[float, float]], size_px: float, kind: str
    ) -> Label:
        """The lines centred on the one of several points where they cover least."""
        return self._best([self._centred(lines, spot, size_px, kind) for spot in spots_px])

    def _best(self, spots: Sequence[tuple[Label, Polygon, float]]) -> Label:
        label, box, _ = min(enumerate(spots), key=lambda item: (round(item[1][2]), item[0]))[1]
        self.taken.append(box)
        return label

    def _beside(
        self, text: str, at_px: tuple[float, float], size_px: float, kind: str, away_px: tuple[float, float]
    ) -> tuple[Label, Polygon, float]:
        east_px, south_px = away_px
        x_px, middle_px = at_px[0] + east_px, at_px[1] + south_px + 0.45 * size_px * _sign(south_px)
        anchor = {1.0: "start", -1.0: "end"}.get(_sign(east_px), "middle")
        width = text_width(text, size_px)
        left = x_px - {"start": 0.0, "end": width, "middle": width / 2}[anchor]
        box = _box(left, middle_px, (width, 1), size_px)
        label = Label((text,), x_px, middle_px + 0.35 * size_px, anchor, size_px, kind, _leader(at_px, box))
        return label, box, self._cost(box)

    def _centred(
        self, lines: tuple[str, ...], at_px: tuple[float, float], size_px: float, kind: str
    ) -> tuple[Label, Polygon, float]:
        x_px, middle_px = at_px
        width = max(text_width(line, size_px) for line in lines)
        box = _box(x_px - width / 2, middle_px, (width, len(lines)), size_px)
        first_px = middle_px + (0.35 - LINE_HEIGHT * (len(lines) - 1) / 2) * size_px
        return Label(lines, x_px, first_px, "middle", size_px, kind), box, self._cost(box)

    def _cost(self, box: Polygon) -> float:
        sheet = shapely.box(2.0, 2.0, self.width_px - 2.0, self.height_px - 2.0)
        outside = box.area - box.intersection(sheet).area
        return 20.0 * outside + sum(
            box.intersection(other).area for other in self.taken if box.intersects(other)
        )


def text_width(text: str, size_px: float) -> float:
    """A generous guess, in the absence of the reader's fonts."""
    return size_px * sum(
        WIDE_LETTER if east_asian_width(letter) in "WF" else NARROW_LETTER for letter in text
    )


def wrapped(text: str, widest_px: float, size_px: float) -> tuple[str, ...]:
    """The words in as few lines as keep to the width; a word alone may exceed it."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size_px) <= widest_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _box(left_px: float, middle_px: float, size: tuple[float, int], letters_px: float) -> Polygon:
    width_px, lines = size
    half = lines * LINE_HEIGHT * letters_px / 2
    return shapely.box(left_px, middle_px - half, left_px + width_px, middle_px + half)


def _leader(at_px: tuple[float, float], box: Polygon) -> tuple[float, float, float, float] | None:
    point = shapely.Point(at_px)
    if box.distance(point) <= LEADER_PX:
        return None
    end = shapely.ops.nearest_points(box, point)[0]
    return (*at_px, end.x, end.y)


def _sign(value: float) -> float:
    return float(value > 0.0) - float(value < 0.0)


def inside_corners(
    shape: shapely.geometry.base.BaseGeometry, half_size_px: tuple[float, float]
) -> list[tuple[float, float]]:
    """Middles of a name that stands just inside each corner of a shape."""
    middle = shape.centroid
    half_width, half_height = half_size_px
    return [
        (
            x + _sign(middle.x - x) * (half_width + CORNER_GAP_PX),
            y + _sign(middle.y - y) * (half_height + CORNER_GAP_PX),
        )
        for x, y in shapely.get_coordinates(shape.convex_hull)[:-1].tolist()
    ]
