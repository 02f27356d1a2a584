"""Rules about land, shoals and danger areas: polygons laid out in the plane once, legs laid against them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from sarex.case.model import DangerArea, Position, SearchUnit, Shoal
from sarex.clock import from_posix_s, to_posix_s
from sarex.environment import WATER, Environment, on_land
from sarex.geo import LocalFrame
from sarex.planning.margins import DANGER_PADDING_S, is_near_in_height
from sarex.planning.passage import HARBOUR_M, SAFETY_MARGIN_M, STRAIGHT_DEG, charted_polygon
from sarex.safety.flight import DISTANCE_TOLERANCE_M, Flight, Floats, distance_m, shares_inside
from sarex.safety.model import Breach, Measure


class Land:
    """The coastline's polygons in the plane, found through an index."""

    def __init__(self, environment: Environment) -> None:
        self._frame = environment.frame
        self._raster = environment.coast.raster
        self._polygons = np.array(
            [
                piece
                for polygon in environment.coast.polygons.geoms
                for piece in _in_plane(polygon, self._frame)
            ],
            dtype=object,
        )
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)

    def crossings(self, flight: Flight) -> Iterator[Breach]:
        """Nobody searches over land, nothing that floats goes there; an aircraft in transit may."""
        concerned = np.flatnonzero(~(flight.transit & flight.task.unit.kind.flies))
        yield from self._off_the_map(flight, concerned)
        if not concerned.size or not self._polygons.size:
            return
        leg, polygon = self._tree.query(flight.lines[concerned])
        met = shapely.intersects(self._polygons[polygon], flight.lines[concerned[leg]])
        for number in np.unique(concerned[leg[met]]).tolist():
            land = shapely.union_all(self._polygons[polygon[met & (concerned[leg] == number)]])
            spans = shares_inside(flight.lines[number], land)
            if not spans or self._in_harbour(flight, number, land):
                continue
            length_m = sum(end - start for start, end in spans) * flight.length_m[number]
            yield flight.leg_breach(
                number, f"{flight.told(number)} crosses land", length_m, Measure.METRES, spans[0][0]
            )

    def _off_the_map(self, flight: Flight, concerned: NDArray[np.intp]) -> Iterator[Breach]:
        """Beyond the map nobody knows where land is."""
        rows, columns = self._raster.cells.shape
        low = np.array([self._raster.x0_m, self._raster.y0_m])
        high = low + self._raster.spacing_m * np.array([columns, rows])
        ends = flight.legs[concerned, :4].reshape(-1, 2, 2)
        away_m = np.maximum(np.maximum(low - ends, ends - high), 0.0).max(axis=(1, 2))
        for number in np.flatnonzero(away_m > 0):
            leg = int(concerned[number])
            sentence = f"{flight.told(leg)} leaves the map of the coast"
            yield flight.leg_breach(leg, sentence, float(away_m[number]), Measure.METRES)

    def _in_harbour(self, flight: Flight, number: int, land: BaseGeometry) -> bool:
        """A berth may touch the coast: not counted within a harbour's reach of a ship's start or home."""
        if flight.searching[number]:
            return False
        corners = shapely.get_coordinates(shapely.intersection(flight.lines[number], land))
        unit = flight.task.unit
        berths = [place for place in (unit.position, unit.home) if self._at_the_shore(place)]
        return all(
            any(distance_m(flight.place(x_m, y_m), berth) <= HARBOUR_M for berth in berths)
            for x_m, y_m in corners.tolist()
        )

    def _at_the_shore(self, place: Position) -> bool:
        x_m, y_m = self._frame.to_xy_m(place.lon_deg, place.lat_deg)
        return bool(on_land(self._raster, x_m, y_m) != WATER)


def _in_plane(polygon: Polygon, frame: LocalFrame) -> list[Polygon]:
    """A polygon of longitudes and latitudes, its edges straight in degrees, in the plane.

    One that reaches the far side of the world, where the plane ends, is left out: no unit is there.
    """

    def laid_out(lonlat_deg: Floats) -> Floats:
        return np.column_stack(frame.to_xy_m(lonlat_deg[:, 0], lonlat_deg[:, 1]))

    moved = shapely.transform(polygon.segmentize(STRAIGHT_DEG), laid_out)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        return []
    whole = moved if moved.is_valid else shapely.make_valid(moved)
    return [part for part in shapely.get_parts(whole) if isinstance(part, Polygon)]


@dataclass(frozen=True)
class Danger:
    """A danger area in the plane with its margin in place and time."""

    area: DangerArea
    region: BaseGeometry
    """Widened by the margin, less the tolerance of positions."""
    active_s: tuple[float, float]

    def concerns(self, unit: SearchUnit) -> bool:
        """Whether it reaches to the height where a unit works."""
        return is_near_in_height(self.area, unit.altitude_m)

    def entered(self, flight: Flight) -> Iterator[Breach]:
        """Legs inside while it is active."""
        if not self.concerns(flight.task.unit):
            return
        start_s, end_s = flight.legs[:, 4], flight.legs[:, 5]
        meanwhile = (start_s < self.active_s[1]) & (end_s > self.active_s[0])
        for number in np.flatnonzero(meanwhile & shapely.intersects(self.region, flight.lines)).tolist():
            duration_s = float(end_s[number] - start_s[number])
            for first, last in shares_inside(flight.lines[number], self.region):
                since_s = max(float(start_s[number]) + first * duration_s, self.active_s[0])
                until_s = min(float(start_s[number]) + last * duration_s, self.active_s[1])
                if until_s < since_s:
                    continue
                share = (since_s - float(start_s[number])) / duration_s if duration_s > 0 else 0.0
                sentence = f"{flight.told(number)} enters {self._told()}"
                yield flight.leg_breach(number, sentence, until_s - since_s, Measure.SECONDS, share)

    def reached(self, flight: Flight) -> Iterator[Breach]:
        """A search area that reaches inside while it is active: sightings lead crews all over their area."""
        busy = flight.on_scene_s < self.active_s[1] and flight.off_scene_s > self.active_s[0]
        if not busy or not self.concerns(flight.task.unit) or not self.region.intersects(flight.area):
            return
        shared = shapely.intersection(self.region, flight.area)
        inside = shared.representative_point()
        yield Breach(
            from_posix_s(max(flight.on_scene_s, self.active_s[0])),
            flight.place(inside.x, inside.y),
            f"search area reaches into {self._told()}",
            float(shared.area),
            Measure.SQUARE_METRES,
        )

    def _told(self) -> str:
        return (
            f"{self.area.name} or its margin of {SAFETY_MARGIN_M:.0f} m and {DANGER_PADDING_S / 60:.0f} min"
        )


def danger_of(area: DangerArea, frame: LocalFrame) -> Danger:
    """A danger area made ready."""
    region = charted_polygon(area, frame).buffer(SAFETY_MARGIN_M - DISTANCE_TOLERANCE_M)
    shapely.prepare(region)
    active_s = (
        to_posix_s(area.active_from) - DANGER_PADDING_S,
        to_posix_s(area.active_until) + DANGER_PADDING_S,
    )
    return Danger(area, region, active_s)


@dataclass(frozen=True)
class Shallows:
    """A shoal in the plane."""

    shoal: Shoal
    region: BaseGeometry

    def crossed(self, flight: Flight) -> Iterator[Breach]:
        """Legs of what draws as much as there is water, or more."""
        unit = flight.task.unit
        if unit.kind.flies or unit.draught_m is None or unit.draught_m < self.shoal.depth_m:
            return
        for number in np.flatnonzero(shapely.intersects(self.region, flight.lines)).tolist():
            spans = shares_inside(flight.lines[number], self.region)
            sentence = (
                f"{flight.told(number)} crosses {self.shoal.name}, {self.shoal.depth_m:g} m deep; "
                f"the unit draws {unit.draught_m:g} m"
            )
            amount_m = unit.draught_m - self.shoal.depth_m
            yield flight.leg_breach(number, sentence, amount_m, Measure.METRES, spans[0][0] if spans else 0.0)


def shallows_of(shoal: Shoal, frame: LocalFrame) -> Shallows:
    """A shoal made ready."""
    lonlat_deg = np.array([(corner.lon_deg, corner.lat_deg) for corner in shoal.polygon])
    lonlat_deg[:, 0] = lonlat_deg[0, 0] + (lonlat_deg[:, 0] - lonlat_deg[0, 0] + 180.0) % 360.0 - 180.0
    region = shapely.union_all(_in_plane(Polygon(lonlat_deg), frame))
    shapely.prepare(region)
    return Shallows(shoal, region)
