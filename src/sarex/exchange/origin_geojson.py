"""Where a drift began, for GIS programs and web maps: a GeoJSON FeatureCollection (RFC 7946)."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from shapely import Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from sarex import __version__
from sarex.case.model import Case, Found
from sarex.clock import iso_z
from sarex.exchange.dateline import counter_clockwise, split_at_dateline
from sarex.probability import Contour, contours
from sarex.probability.origin import OriginMap, likeliest_place
from sarex.units import NAUTICAL_MILE_M

Feature = dict[str, Any]


def origin_to_geojson(case: Case, maps: Sequence[OriginMap], *, synthetic: bool) -> str:
    """Contours of the whole span and of its slices, the likeliest places, and what was found."""
    content = {
        "type": "FeatureCollection",
        "name": f"{case.mark} {case.title}",
        "mark": case.mark,
        "synthetic_forcing": synthetic,
        "case": case.id,
        "computed_at": iso_z(maps[0].probability.computed_at),
        "software": f"sarex {__version__}",
        # the contours are of what began afloat alone
        **{f"probability_{name}": round(share, 6) for name, share in maps[0].probability.bins.items()},
        "features": list(_features(case, maps, synthetic=synthetic)),
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=None) + "\n"


def _features(case: Case, maps: Sequence[OriginMap], *, synthetic: bool) -> Iterator[Feature]:
    """Large things first, so that a viewer draws the small ones on top."""
    for properties, geometry in _layers(case, maps):
        shape = counter_clockwise(split_at_dateline(geometry))
        if shape.is_empty:
            continue
        marked = {**properties, "mark": case.mark, "synthetic_forcing": synthetic}
        yield {"type": "Feature", "geometry": dict(mapping(shape)), "properties": marked}


def _layers(case: Case, maps: Sequence[OriginMap]) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    for number, origin in enumerate(maps):
        when = f"{_hours(origin)} (whole span)" if number == 0 else _hours(origin)
        began = {
            "part": "whole span" if number == 0 else f"slice {number}",
            "began_from": iso_z(origin.began_from),
            "began_until": iso_z(origin.began_until),
        }
        for contour in sorted(contours(origin.probability), key=lambda contour: -contour.level_frac):
            yield {**_contour(contour, when), **began}, contour.polygons_lonlat
        if origin.probability.poc.sum() > 0.0:
            place = likeliest_place(origin.probability)
            said = {"kind": "likeliest_origin", "name": f"Likeliest place of origin, {when}", **began}
            yield said, Point(place.lon_deg, place.lat_deg)
    for scenario in case.scenarios:
        if isinstance(scenario.origin, Found):
            found = scenario.origin
            said = {"kind": "found", "name": scenario.name, "found_at": iso_z(found.found_at)}
            yield said, Point(found.position.lon_deg, found.position.lat_deg)


def _hours(origin: OriginMap) -> str:
    """From when to when, to tell the slices apart by name."""
    first, last = origin.began_from.astimezone(UTC), origin.began_until.astimezone(UTC)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last.day} {last:%b %H:%M}"
    return f"{first.day} {first:%b %H:%M} to {until} UTC"


def _contour(contour: Contour, when: str) -> dict[str, Any]:
    return {
        "kind": "origin_contour",
        "name": f"{contour.level_frac:.0%} of where it began, {when}",
        "level": contour.level_frac,
        "area_nm2": round(contour.area_m2 / NAUTICAL_MILE_M**2, 3),
    }
