"""A few strokes of SVG: the looks stand in the elements, so that pages and PDFs draw them alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from sarex.report.labels import text_width

INK, SOFT, RULE, PALE, WASH = "#111", "#555", "#8a8a8a", "#d5d5d5", "#f1f3f5"
DANGER = "#b00000"
FAMILY = "'Noto Sans JP', 'Noto Sans KR', sans-serif"
"""Of a picture on its own; in a page the style sheet says."""


@dataclass
class Pen:
    """Draws elements one over the other."""

    parts: list[str] = field(default_factory=list)

    def path(
        self, data: str, stroke: str = INK, width: float = 1.5, fill: str = "none", more: str = ""
    ) -> None:
        self.parts.append(
            f'<path d="{data}" stroke="{stroke}" stroke-width="{width:g}" fill="{fill}"{_and(more)}/>'
        )

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        stroke: str = INK,
        width: float = 1.5,
        more: str = "",
    ) -> None:
        self.path(f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}", stroke, width, "none", more)

    def curve(self, points: Sequence[tuple[float, float]], stroke: str, width: float, more: str = "") -> None:
        if len(points) > 1:
            steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            self.path(f"M{steps}", stroke, width, "none", f'stroke-linejoin="round" {more}'.strip())

    def box(self, corner: tuple[float, float], size: tuple[float, float], fill: str, more: str = "") -> None:
        self.parts.append(
            f'<rect x="{corner[0]:.1f}" y="{corner[1]:.1f}" width="{max(size[0], 0.0):.1f}" '
            f'height="{size[1]:.1f}" fill="{fill}"{_and(more)}/>'
        )

    def dot(self, at: tuple[float, float], radius: float, fill: str, more: str = "") -> None:
        self.parts.append(
            f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}" fill="{fill}"{_and(more)}/>'
        )

    def star(self, at: tuple[float, float], reach: float) -> None:
        """Where the object really is."""
        x, y = at
        outline = star_path(x, y, reach)
        self.path(outline, "#fff", 3.0, "#fff", 'stroke-linejoin="round"')
        self.path(outline, "#000", 1.2, "#000", 'stroke-linejoin="round"')

    def text(
        self,
        text: str,
        at: tuple[float, float],
        size: float = 15.0,
        anchor: str = "start",
        fill: str = INK,
        more: str = "",
    ) -> None:
        self.parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" text-anchor="{anchor}" '
            f'style="fill:{fill}"{_and(more)}>{escape(text)}</text>'
        )

    @property
    def drawn(self) -> str:
        return "\n".join(self.parts)

    def whole(self, width: float, height: float, title: str) -> str:
        return f"{svg_head(width, height, title)}\n{self.drawn}\n</svg>"


def svg_head(width: float, height: float, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}" font-family="{FAMILY}">'
    )


def star_path(x: float, y: float, reach: float) -> str:
    """A star of five points, the first straight up."""
    corners = (
        (0.0, -1.0), (0.225, -0.309), (0.951, -0.309), (0.363, 0.118), (0.588, 0.809),
        (0.0, 0.382), (-0.588, 0.809), (-0.363, 0.118), (-0.951, -0.309), (-0.225, -0.309),
    )  # fmt: skip
    return "M" + "L".join(f"{x + reach * dx:.1f} {y + reach * dy:.1f}" for dx, dy in corners) + "Z"


def shortened(text: str, widest: float, size: float) -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    if text_width(text, size) <= widest:
        return text
    while text and text_width(text + "…", size) > widest:
        text = text[:-1]
    return text.rstrip() + "…"


def _and(more: str) -> str:
    return f" {more}" if more else ""
