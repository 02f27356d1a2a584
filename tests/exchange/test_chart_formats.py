"""GeoJSON, KML and GPX open in other programs, carry the mark, and hold the plan's numbers."""

import json
from dataclasses import replace

import fastkml.validator
import gpxpy
import numpy as np
import pytest
from lxml import etree
from shapely import Polygon
from shapely.geometry import shape

import builders
from sarex.exchange.dateline import split_at_dateline
from sarex.exchange.geojson import plan_to_geojson
from sarex.exchange.gpx import plan_to_gpx
from sarex.exchange.kml import plan_to_kml

KML_NAMESPACE = {"k": "http://www.opengis.net/kml/2.2"}
HOSTILE = ("<script>alert(1)</script>", 'A & "B"', "ヘリ 구조\x07", "]]>")


@pytest.fixture(scope="module", params=["bergen", "korea_strait", "dateline", "hostile"])
def story(request) -> builders.Story:
    return builders.bergen(HOSTILE) if request.param == "hostile" else getattr(builders, request.param)()


def _features(story, kind=None):
    content = json.loads(plan_to_geojson(story.chart))
    return [item for item in content["features"] if kind in (None, item["properties"]["kind"])]


def _rings(geometry):
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [(index, ring) for polygon in polygons for index, ring in enumerate(polygon)]


def test_geojson_has_every_kind_and_every_feature_the_mark(story):
    kinds = {item["properties"]["kind"] for item in _features(story)}
    assert kinds == {
        "probability_contour",
        "danger_area",
        "search_area",
        "leg",
        "commence_search_point",
        "unit_start",
        "datum",
    }
    assert all(item["properties"]["mark"] == "EXERCISE" for item in _features(story))


def test_geojson_keeps_rfc_7946(story):
    """Positions in range (section 4), rings closed and by the right-hand rule (3.1.6), no named CRS (4)."""
    content = json.loads(plan_to_geojson(story.chart))
    assert content["type"] == "FeatureCollection"
    assert "crs" not in content
    for item in content["features"]:
        geometry = shape(item["geometry"])
        assert geometry.is_valid
        west, south, east, north = geometry.bounds
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        if geometry.geom_type in ("Polygon", "MultiPolygon"):
            for index, ring in _rings(item["geometry"]):
                assert ring[0] == ring[-1]
                assert Polygon(ring).exterior.is_ccw == (index == 0)


def test_geojson_opens_with_an_independent_reader(story):
    geojson_pydantic = pytest.importorskip("geojson_pydantic")
    geojson_pydantic.FeatureCollection.model_validate_json(plan_to_geojson(story.chart))


def test_no_shape_runs_round_the_world(story):
    """RFC 7946, section 3.1.9: cut at the 180th meridian, so each part is as narrow as it is."""
    for item in _features(story):
        geometry = shape(item["geometry"])
        for part in getattr(geometry, "geoms", [geometry]):
            west, _, east, _ = part.bounds
            assert east - west < 10.0


def test_cut_in_two_an_area_keeps_its_size():
    ring = Polygon([(179.0, 0.0), (-179.0, 0.0), (-179.0, 1.0), (179.0, 1.0)])
    halves = split_at_dateline(ring)
    assert halves.geom_type == "MultiPolygon"
    assert sorted(part.bounds for part in halves.geoms) == [
        (-180.0, 0.0, -179.0, 1.0),
        (179.0, 0.0, 180.0, 1.0),
    ]
    assert halves.area == pytest.approx(2.0)


def test_a_hole_stays_a_hole_across_the_dateline():
    hole = [(179.5, 0.2), (-179.5, 0.2), (-179.5, 0.8), (179.5, 0.8)]
    ring = Polygon([(179.0, 0.0), (-179.0, 0.0), (-179.0, 1.0), (179.0, 1.0)], [hole])
    assert split_at_dateline(ring).area == pytest.approx(2.0 - 0.6)


def test_geojson_legs_are_the_searching_legs(story):
    for task in story.action_plan.tasks:
        features = [item for item in _features(story, "leg") if item["properties"]["unit"] == task.unit.name]
        searching = [item for item in features if item["properties"]["searching"]]
        assert len(searching) == sum(leg.searching for leg in task.legs)


def test_kml_keeps_the_ogc_schema(story):
    root = etree.fromstring(plan_to_kml(story.chart).encode())
    assert fastkml.validator.validate(element=root) is True


def test_kml_names_carry_the_mark(story):
    root = etree.fromstring(plan_to_kml(story.chart).encode())
    names = root.xpath("//k:Document/k:name | //k:Folder/k:name", namespaces=KML_NAMESPACE)
    assert len(names) == 1 + 2 + len(story.action_plan.tasks)
    assert all(name.text.startswith("EXERCISE") for name in names)


def test_kml_styles_are_all_defined(story):
    root = etree.fromstring(plan_to_kml(story.chart).encode())
    used = {url.text.removeprefix("#") for url in root.iterfind(".//k:styleUrl", KML_NAMESPACE)}
    defined = {style.get("id") for style in root.iterfind(".//k:Style", KML_NAMESPACE)}
    assert used <= defined


def test_kml_spans_of_time_are_those_of_the_legs(story):
    task = story.action_plan.tasks[0]
    text = plan_to_kml(story.chart)
    searching = [leg for leg in task.legs if leg.searching]
    assert f"<begin>{searching[0].start_time.isoformat(timespec='seconds')[:19]}" in text


def test_gpx_parses_back_with_the_plan(story):
    parsed = gpxpy.parse(plan_to_gpx(story.chart))
    assert len(parsed.routes) == len(parsed.tracks) == len(story.action_plan.tasks)
    for task, route, track in zip(story.action_plan.tasks, parsed.routes, parsed.tracks, strict=True):
        csp = route.points[0]
        assert csp.name == "CSP"
        assert csp.latitude == pytest.approx(task.commence_search_point.lat_deg, abs=1e-7)
        assert route.name.startswith("EXERCISE")
        assert route.description.startswith("EXERCISE")
        assert track.description.startswith("EXERCISE")
        points = track.segments[0].points
        assert len(points) == len(task.legs) + 1
        seconds = [point.time.timestamp() for point in points]
        np.testing.assert_allclose(seconds[:-1], [leg.start_time.timestamp() for leg in task.legs], atol=1e-3)
        assert all(-180.0 <= point.longitude < 180.0 for point in points)


def test_gpx_has_the_elements_in_the_order_of_its_schema(story):
    """GPX 1.1 is a sequence: metadata, wpt, rte, trk."""
    root = etree.fromstring(plan_to_gpx(story.chart).encode())
    order = [etree.QName(child).localname for child in root]
    assert order == sorted(order, key=("metadata", "wpt", "rte", "trk").index)


def test_a_real_case_says_real_and_never_exercise():
    chart = builders.bergen(exercise=False).chart
    for text in (plan_to_geojson(chart), plan_to_kml(chart), plan_to_gpx(chart)):
        assert "EXERCISE" not in text
        assert "REAL" in text


def test_a_synthetic_sea_is_said_in_every_format():
    chart = builders.korea_strait().chart
    assert "EXERCISE SYNTHETIC" in plan_to_kml(chart)
    assert "EXERCISE SYNTHETIC" in plan_to_gpx(chart)
    assert json.loads(plan_to_geojson(chart))["synthetic_forcing"] is True


def test_a_plan_without_tasks_still_writes(story):
    chart = replace(story.chart, action_plan=replace(story.action_plan, tasks=()))
    assert fastkml.validator.validate(element=etree.fromstring(plan_to_kml(chart).encode())) is True
    assert gpxpy.parse(plan_to_gpx(chart)).routes == []
    assert json.loads(plan_to_geojson(chart))["features"]
