"""Local frames, grids and areas."""

from sarex.geo.frame import WGS84, LocalFrame

__all__ = ["WGS84", "LocalFrame"]
