"""The sheet is true to scale and its degrees are where they belong."""

import numpy as np
import pytest

from sarex.geo import LocalFrame
from sarex.geo.frame import WGS84
from sarex.report.labels import LabelBoard, wrapped
from sarex.report.sheet import FLATTEST, TALLEST, sheet_around


@pytest.mark.parametrize(
    ("lon", "lat"), [(4.3, 59.8), (131.9, 36.3), (179.98, -16.4), (-30.0, 78.0), (0.0, 0.0)]
)
def test_the_scale_bar_is_as_long_as_it_says(lon, lat):
    sheet = sheet_around(LocalFrame(lon, lat), [(lon - 0.5, lat - 0.3), (lon + 0.5, lat + 0.3)], 1000.0, 0.05)
    bar = sheet.scale_bar
    end_lon, end_lat, _ = WGS84.fwd(lon, lat, 90.0, bar.length_nm * 1852.0)
    start, end = sheet.lonlat_to_px([(lon, lat), (end_lon, end_lat)])
    assert np.hypot(*(end - start)) == pytest.approx(bar.length_px, rel=1e-3)


@pytest.mark.parametrize(("width_deg", "height_deg"), [(4.0, 0.1), (0.1, 4.0), (0.0, 0.0), (1.0, 0.5)])
def test_the_sheet_holds_all_points_and_fits_a_page(width_deg, height_deg):
    points = [(4.0, 59.0), (4.0 + width_deg, 59.0 + height_deg)]
    sheet = sheet_around(LocalFrame(4.0, 59.0), points, 5000.0, 0.05)
    assert all(sheet.shows(point) for point in sheet.lonlat_to_px(points))
    assert FLATTEST - 1e-9 <= sheet.height_px / sheet.width_px <= TALLEST + 1e-9


def test_north_is_up_on_the_frame_s_meridian_and_leans_beside_it():
    """Meridians converge by about the difference in longitude times the sine of the latitude."""
    frame = LocalFrame(4.0, 60.0)
    assert sheet_around(frame, [(3.9, 59.9), (4.1, 60.1)], 1000.0, 0.0).north_deg == pytest.approx(
        0.0, abs=0.05
    )
    east = sheet_around(frame, [(6.0, 59.9), (6.2, 60.1)], 1000.0, 0.0)
    assert east.north_deg == pytest.approx(-2.1 * np.sin(np.radians(60.0)), abs=0.1)


def test_graticule_lines_run_through_the_degrees_they_name():
    sheet = sheet_around(LocalFrame(4.5, 59.5), [(4.0, 59.0), (5.0, 60.0)], 1000.0, 0.1)
    meridian = next(line for line in sheet.graticule if line.label == "4°30′E")
    expected = sheet.lonlat_to_px([(4.5, 59.2), (4.5, 59.8)])
    for point in expected:
        assert np.min(np.hypot(*(meridian.points_px - point).T)) < 20.0
    assert np.ptp(meridian.points_px[:, 0]) < 1.0


def test_labels_do_not_cover_each_other():
    board = LabelBoard(1000.0, 800.0)
    for _ in range(6):
        board.place("Rescue helicopter 1", (500.0, 400.0), 16.0, "start-label", 10.0)
    boxes = board.taken
    overlaps = [a.intersection(b).area for i, a in enumerate(boxes) for b in boxes[i + 1 :]]
    assert max(overlaps) == 0.0


def test_labels_stay_on_the_sheet():
    board = LabelBoard(1000.0, 800.0)
    label = board.place("a long name at the right edge", (990.0, 400.0), 16.0, "start-label", 10.0)
    assert label.anchor == "end"


def test_neighbours_at_the_edge_give_way_to_each_other_and_are_tied_to_their_points():
    board = LabelBoard(1000.0, 800.0)
    labels = [
        board.place(name, (x_px, 400.0), 16.0, "start-label", 12.0)
        for name, x_px in (("1 Patrol ship Oki", 700.0), ("3 Drone of Oki", 700.0), ("2 Rescue Miho", 960.0))
        for _ in range(3)
    ]
    boxes = board.taken
    assert max(a.intersection(b).area for i, a in enumerate(boxes) for b in boxes[i + 1 :]) == 0.0
    assert all(box.bounds[0] >= 2.0 and box.bounds[2] <= 998.0 for box in boxes)
    assert any(label.leader_px for label in labels)


def test_long_names_are_folded_between_words():
    assert wrapped("DANGER Missile splash area", 12 * 19.0, 19.0) == ("DANGER Missile", "splash area")
    assert wrapped("Firing", 1.0, 19.0) == ("Firing",)
