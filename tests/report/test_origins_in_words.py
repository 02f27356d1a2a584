"""Every kind of origin and every setting of the drift is told in words, and drawn on the map."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import MultiPolygon, box

import builders
from sarex.case.model import (
    Area,
    BeaconFix,
    Bearing,
    BearingLine,
    Case,
    Cloud,
    CrossingBearings,
    ErrorEllipse,
    MemberForcing,
    Origin,
    Position,
)
from sarex.environment.model import Environment
from sarex.report.render import render_report

STORY = builders.bergen()
BEGUN = (builders.RELEASE, builders.RELEASE + timedelta(hours=1))
HERE, THERE = Position(4.5, 59.6), Position(4.7, 59.6)


def seen_from(place: Position, toward_deg: float, farthest_m: float | None) -> Bearing:
    return Bearing(place, 185.2, toward_deg, 4.0, 1852.0, farthest_m)


SAID: dict[str, tuple[Origin, str, str]] = {
    "area": (
        Area((HERE, THERE, Position(4.6, 59.8)), 0.0, *BEGUN),
        "in the area whose first corner is 59°36.0′N 004°30.0′E",
        "Every square mile of water in the area is alike",
    ),
    "bearing": (
        BearingLine(seen_from(HERE, 359.8, 18_520.0), *BEGUN),
        "on the bearing 000° from 59°36.0′N 004°30.0′E",
        "standard deviation of 4°; every distance from 1.00 nm to 10 nm is alike",
    ),
    "bearings": (
        CrossingBearings((seen_from(HERE, 45.0, None), seen_from(THERE, 315.0, None)), *BEGUN),
        "where the bearings 045° from 59°36.0′N 004°30.0′E and 315° from 59°36.0′N 004°42.0′E cross",
        "standard deviations of 4° and 4°",
    ),
    "fix": (
        BeaconFix(ErrorEllipse(HERE, 5e3, 2e3, 30.0), ErrorEllipse(THERE, 5e3, 2e3, 30.0), 0.25, *BEGUN),
        "near the beacon fix 59°36.0′N 004°30.0′E or 59°36.0′N 004°42.0′E",
        "the ambiguous position has 25 %",
    ),
    "cloud": (
        Cloud("/origin.nc", (HERE, Position(4.7, 59.7)), *BEGUN),
        "between 59°36.0′N 004°30.0′E and 59°42.0′N 004°42.0′E",
        "where and when a file of an earlier drift says",
    ),
}


def page_of(case: Case, environment: Environment = STORY.environment) -> str:
    page = render_report(
        case=case,
        environment=environment,
        ensemble=STORY.ensemble,
        action_plan=STORY.action_plan,
        rules=STORY.rules,
        maps=STORY.maps,
        contours=STORY.contours,
    )
    return page.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", SAID)
def test_an_origin_is_said_and_drawn(kind: str) -> None:
    origin, place, assumed = SAID[kind]
    first, second = STORY.case.scenarios
    page = page_of(replace(STORY.case, scenarios=(replace(first, origin=origin), second)))
    assert place in page
    assert assumed in page
    drawn = re.findall(r'<(?:path|circle) class="origin"[^>]*>', page)
    assert any(re.search(r'd="M[\d.-]| r="[1-9]', shape) for shape in drawn)
    assert "nan" not in "".join(drawn)


def test_settings_are_said() -> None:
    case = STORY.case
    first, second = case.scenarios
    raft, person = first.objects
    objects = (replace(raft, capsizes=True, right_of_downwind_frac=0.475), person)
    member = case.forcing.members[0]
    waves = MemberForcing("B", 0.5, member.current, member.wind, member.current)
    said = page_of(
        replace(
            case,
            scenarios=(replace(first, objects=objects), second),
            forcing=replace(case.forcing, members=(replace(member, name="A", weight=0.5), waves)),
            drift=replace(case.drift, wind_over_water=False, refloating_per_hour=0.05),
        )
    )
    for words in (
        "the wind over the ground",
        "47.5 % of LIFE-RAFT-DB-10 and 50 % of PIW-1 start right of downwind",
        "LIFE-RAFT-DB-10 may capsize or swamp",
        "What is ashore floats again with 5.0 % an hour",
        "An object that reaches the shore may float again",
        "Every particle follows one of 2 forcing members",
        "Stokes drift is added",
        "in quadrature, 45 % of it",
    ):
        assert words in said
    usual = page_of(case)
    for words in ("relative to the water", "half start right of downwind, half left", "stays there"):
        assert words in usual


def test_a_beacon_image_inland_counts_for_nothing() -> None:
    """Land around the image and no particle there: it is said to be out, and its share is not told."""
    first, second = STORY.case.scenarios
    image = Position(20.0, 62.0)
    fix = BeaconFix(ErrorEllipse(HERE, 5e3, 2e3, 30.0), ErrorEllipse(image, 5e3, 2e3, 30.0), 0.3, *BEGUN)
    case = replace(STORY.case, scenarios=(replace(first, origin=fix), second))
    coast = replace(STORY.environment.coast, polygons=MultiPolygon([box(19.0, 61.0, 21.0, 63.0)]))
    said = page_of(case, replace(STORY.environment, coast=coast))
    assert "(its ambiguous position 62°00.0′N 020°00.0′E lies on land and counts for nothing)" in said
    assert "the ambiguous position has 30" not in said
    at_sea = page_of(case, replace(STORY.environment, coast=replace(coast, polygons=MultiPolygon())))
    assert "counts for nothing" not in at_sea
    assert "the ambiguous position has 30" in at_sea


@pytest.mark.parametrize("kind", SAID)
def test_the_legend_names_what_this_case_draws(kind: str) -> None:
    origin = SAID[kind][0]
    first, _ = STORY.case.scenarios
    page = page_of(replace(STORY.case, scenarios=(replace(first, origin=origin, weight=1.0),)))
    legend = page[page.index('<ul class="legend">') :].split("</ul>")[0]
    assert "LKP" not in legend
    assert ("observer" in legend) == (kind in ("bearing", "bearings"))
    marks = re.findall(r'<path class="observer" d="M-?\d+\.\d -?\d+\.\dl', page)
    drawn_on = 2 if 'id="overview-edge"' in page else 1
    assert len(marks) == {"bearing": 1, "bearings": 2}.get(kind, 0) * drawn_on
