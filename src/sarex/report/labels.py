"""Names on the map that do not cover each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import east_asian_width

import shapely
from shapely import Polygon

LINE_HEIGHT = 1.25
"""Of the letters' size."""
WIDE_LETTER, NARROW_LETTER = 1.02, 0.58
"""Widths over size, of a sans-serif face: East Asian letters and all others."""


@dataclass(frozen=True)
class Label:
    text: str
    x_px: float
    y_px: float
    """Baseline."""
    anchor: str
    """SVG's text-anchor."""
    size_px: float
    kind: str
    """CSS class."""


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
        letters = (size_px, text_width(text, size_px))
        spots = [
            self._spot(text, at_px, letters, away_px * reach, side=side, kind=kind)
            for reach in (1.0, 2.2, 4.0, 6.5)
            for side in ("right", "left", "above", "below")
        ]
        return self._best(spots)

    def place_on(
        self, text: str, spots_px: Sequence[tuple[float, float]], size_px: float, kind: str
    ) -> Label:
        """The label centred on the one of several points where it covers least."""
        letters = (size_px, text_width(text, size_px))
        return self._best([self._spot(text, spot, letters, 0.0, side="on", kind=kind) for spot in spots_px])

    def _best(self, spots: Sequence[tuple[Label, Polygon, float]]) -> Label:
        label, box, _ = min(enumerate(spots), key=lambda item: (round(item[1][2]), item[0]))[1]
        self.taken.append(box)
        return label

    def _spot(
        self,
        text: str,
        at_px: tuple[float, float],
        letters: tuple[float, float],
        away_px: float,
        *,
        side: str,
        kind: str,
    ) -> tuple[Label, Polygon, float]:
        size, width = letters
        x_px, y_px = at_px
        shift_x = {"right": away_px, "left": -away_px}.get(side, 0.0)
        shift_y = {"above": -away_px - 0.2 * size, "below": away_px + 0.9 * size}.get(side, 0.35 * size)
        anchor = {"right": "start", "left": "end"}.get(side, "middle")
        base_x, base_y = x_px + shift_x, y_px + shift_y
        left = base_x - {"start": 0.0, "end": width, "middle": width / 2}[anchor]
        box = shapely.box(left, base_y - 0.85 * size, left + width, base_y + (LINE_HEIGHT - 0.85) * size)
        return Label(text, base_x, base_y, anchor, size, kind), box, self._cost(box)

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
