"""Satellites' looks, shoals and sorties in every file that tells of a plan."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import COMPUTED_AT, WINDOW_START, bergen, dateline
from sarex.case.model import SatelliteLook, Shoal
from sarex.errors import PlanError
from sarex.exchange.geojson import plan_to_geojson
from sarex.exchange.gpx import plan_to_gpx
from sarex.exchange.kml import plan_to_kml
from sarex.exchange.plan_document import read_plan_document
from sarex.exchange.plan_json import plan_to_json
from sarex.exchange.plan_reader import read_plan
from sarex.exchange.search_json import KeptSearch, parse_search, write_search
from sarex.planning.model import PlannedLook
from sarex.report.render import render_report
from sarex.update import SearchResult


def story_of(make):
    """A story with a look and a shoal around its first area, and a second sortie of its first unit."""
    story = make()
    plan = story.action_plan
    first, *others = plan.tasks
    look = SatelliteLook(
        "Radar pass", "NO", WINDOW_START + timedelta(minutes=20), first.area, {"LIFE-RAFT-DB-10": 0.6}
    )
    again = replace(first, sortie=2, pattern=others[0].pattern)
    return replace(
        story,
        case=replace(story.case, shoals=(Shoal("North bank", others[0].area, 6.0),), looks=(look,)),
        action_plan=replace(plan, tasks=(first, again, *others), looks=(PlannedLook(look, 0.123456),)),
    )


def written(story, folder, **changes):
    text = plan_to_json(story.action_plan, story.rules, COMPUTED_AT, synthetic=False)
    path = folder / "plan.json"
    path.write_text(json.dumps({**json.loads(text), **changes}), encoding="utf-8")
    return path


def _away_deg(one, other):
    east_deg = (one.lon_deg - other.lon_deg + 180.0) % 360.0 - 180.0
    return max(abs(east_deg), abs(one.lat_deg - other.lat_deg))


def page_of(story):
    parts = story.action_plan, story.rules, story.maps, story.contours
    return render_report(story.case, story.environment, story.ensemble, *parts).replace("\u00a0", " ")


@pytest.mark.parametrize("make", [bergen, dateline])
def test_the_plan_file_keeps_looks_and_sorties(make, tmp_path) -> None:
    story = story_of(make)
    path = written(story, tmp_path)
    (given,) = story.action_plan.looks
    document, flown = read_plan_document(path, story.case), read_plan(path)
    assert [task.sortie for task in document.tasks] == [task.sortie for task in story.action_plan.tasks]
    (kept,) = document.looks
    assert kept.pos == given.pos
    assert flown.looks == (kept.look,)
    assert (kept.look.name, kept.look.nation, kept.look.at) == ("Radar pass", "NO", given.look.at)
    assert kept.look.detection_frac == given.look.detection_frac
    for corner in kept.look.footprint:
        away = [_away_deg(corner, asked) for asked in given.look.footprint]
        assert min(away) < 1e-6
    assert SearchResult((), flown.looks).counts(given.look)


def test_a_plan_of_before_there_were_looks_is_read(tmp_path) -> None:
    story = story_of(bergen)
    path = written(story, tmp_path)
    content = json.loads(path.read_text("utf-8"))
    del content["looks"]
    for task in content["tasks"]:
        del task["sortie"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_plan(path).looks == ()
    assert {task.sortie for task in read_plan_document(path, story.case).tasks} == {1}


def test_a_look_that_is_certain_is_refused(tmp_path) -> None:
    story = story_of(bergen)
    (look,) = json.loads(written(story, tmp_path).read_text("utf-8"))["looks"]
    path = written(story, tmp_path, looks=[{**look, "detection": {"LIFE-RAFT-DB-10": 1.0}}])
    with pytest.raises(PlanError, match=r"looks\[0\].detection.LIFE-RAFT-DB-10 is 1"):
        read_plan(path)


def test_a_kept_search_keeps_its_looks(tmp_path) -> None:
    story = story_of(bergen)
    flown = read_plan(written(story, tmp_path))
    kept = KeptSearch(
        story.case.id, True, SearchResult(flown.tasks, flown.looks), (), {"Radar pass": ("Counted.",)}, ()
    )  # fmt: skip
    again = parse_search(tmp_path / "search", write_search(kept), story.case.object_types)
    assert again.result.looks == flown.looks
    assert again.notes["Radar pass"] == ("Counted.",)


@pytest.mark.parametrize("make", [bergen, dateline])
def test_charts_draw_footprints_and_shoals_and_name_sorties(make) -> None:
    story = story_of(make)
    features = json.loads(plan_to_geojson(story.chart))["features"]
    by_kind = {
        kind: [f for f in features if f["properties"]["kind"] == kind] for kind in ("shoal", "satellite_look")
    }
    ((shoal,), (look,)) = by_kind.values()
    assert shoal["properties"]["depth_m"] == 6.0
    assert look["properties"]["pos"] == 0.123456
    first = story.action_plan.tasks[0].unit.name
    areas = [f["properties"] for f in features if f["properties"]["kind"] == "search_area"]
    assert [area["sortie"] for area in areas][:2] == [1, 2]
    assert areas[0]["name"].startswith(f"{first}, sortie 1 (")
    assert areas[2]["name"].startswith(f"{story.action_plan.tasks[2].unit.name} (")
    kml, gpx = plan_to_kml(story.chart), plan_to_gpx(story.chart)
    for text in ("SHOAL North bank", "Radar pass (NO)", f"{first}, sortie 2"):
        assert text in kml
    assert f"{first}, sortie 2" in gpx


def test_the_report_tells_of_looks_shoals_and_sorties() -> None:
    story = story_of(bergen)
    page = page_of(story)
    assert "North bank: 6 m." in page
    assert "Radar pass (NO)" in page
    assert "POS 12 % alone" in page or "POS 12.3 % alone" in page
    assert f"{story.action_plan.tasks[0].unit.name}, sortie 2" in page
    assert 'class="footprint"' in page
    assert 'class="shoal"' in page
    assert 'class="footprint"' not in page_of(bergen())
