"""The manual's plan against the published factors and a worked chain."""

import csv
from importlib.resources import files
from math import hypot, sqrt

import numpy as np
import pytest

from builders_sea import FRAME, WINDOW, case, environment, last_known, place, scenario, ship, unit
from sarex.detection.model import SweepWidth
from sarex.planning import doctrine
from sarex.planning.crews import crew_of
from sarex.planning.doctrine import DatumArea, optimal_search_factor
from sarex.planning.sea_room import Charts

NM = 1852.0


def factors() -> list[dict[str, str]]:
    text = (
        files("sarex.tables")
        .joinpath("data/derived_optimal_search_factor_point_datum.csv")
        .read_text("utf-8")
    )
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@pytest.mark.parametrize("row", factors(), ids=lambda row: f"Zr={row['Zr']}")
def test_factors_of_a_point_datum(row) -> None:
    """fs to the step of the search (0.01); the value there is what counts: POS to 1e-4 of the table's."""
    error_m, effort_m2 = 4000.0, float(row["Zr"]) * 4000.0**2
    found = optimal_search_factor(effort_m2, error_m, 0.0)
    assert found == pytest.approx(float(row["fs_ideal"]), abs=0.011)
    assert doctrine._success(found, effort_m2, error_m, 0.0) == pytest.approx(
        float(row["POS_ideal"]), abs=1e-4
    )


def crew(searcher, width_nm):
    widths = {"LIFE-RAFT-DB-10": SweepWidth(width_nm * NM, width_nm * NM, (), "worked example")}
    window_s = WINDOW.start.timestamp(), WINDOW.start.timestamp() + 30 * 3600.0
    return crew_of(searcher, environment(), Charts(environment(), ()), window_s, widths, ("LIFE-RAFT-DB-10",))


def test_worked_chain_of_the_manual(monkeypatch) -> None:
    """Helicopter W 2.7 nm 90 kt 3 h, vessel W 5.0 15 kt 8 h tired (0.9), weather 0.5: Zta 634.5 nm2.

    With E 3.93700, fs 1.1 (Ro 4.33070) and the divergence DD 1.60468 as the length of the track:
    Ao 88.9188, Co 7.13573, So 0.18919 and 0.31531 nm. Search endurance is 0.85 of the time on scene.
    """
    here = place(0.0, 0.0)
    helicopter = unit(position=here, search_speed_mps=90 * NM / 3600, endurance_s=3 / 0.85 * 3600.0)
    vessel = ship(position=here, search_speed_mps=15 * NM / 3600, endurance_s=8 / 0.85 * 3600.0)
    crews = [crew(helicopter, 2.7 * 0.5), crew(vessel, 5.0 * 0.5 * 0.9)]
    efforts = [doctrine._effort_m2(member, 0, (0.0, 0.0)) / NM**2 for member in crews]
    assert efforts == pytest.approx([364.5, 270.0])
    assert sum(efforts) / 3.93700**2 == pytest.approx(40.9355, abs=1e-3)
    monkeypatch.setattr(doctrine, "optimal_search_factor", lambda *_: 1.1)
    area = DatumArea((0.0, 0.0), 0.3, 1.60468 * NM, 3.93700 * NM, (0.0, 0.0))
    given = case(scenario())
    shapes = doctrine._strips(given.object_types, given.scenarios[0], crews, area)
    assert [shape.spacing_m / NM for shape in shapes] == pytest.approx([0.18919, 0.31531], abs=2e-5)
    # the strips cover the rectangle: (2 Ro + DD) by 2 Ro, each its share of the effort
    length_nm, width_nm = 2 * 4.33070 + 1.60468, 2 * 4.33070
    assert length_nm * width_nm == pytest.approx(88.9188, abs=1e-3)
    shares = [effort / 634.5 * length_nm for effort in efforts]
    middles = [-length_nm / 2 + shares[0] / 2, length_nm / 2 - shares[1] / 2]
    for shape, middle in zip(shapes, middles, strict=True):
        assert shape.length_m / NM == pytest.approx(width_nm, rel=1e-4)  # shares are narrower than wide
        assert hypot(shape.x_m, shape.y_m) / NM == pytest.approx(abs(middle), rel=1e-4)


def test_total_probable_error_adds_in_squares() -> None:
    """E^2 = X^2 + (0.3 distance drifted)^2 + (0.1 nm)^2."""

    class Drifted:
        weight = np.ones(4)
        x_m = np.tile([9000.0, 11_000.0, 9000.0, 11_000.0], (3, 1))
        y_m = np.zeros((3, 4))
        times_s = np.array([0.0, 600.0, 1200.0])

    found = doctrine._datum_area(scenario(last_known(error_m=3000.0)), FRAME, Drifted, np.ones(4, bool))
    assert found.probable_error_m == pytest.approx(sqrt(3000.0**2 + 3000.0**2 + 185.2**2), rel=1e-4)
    assert found.centre == pytest.approx((10_000.0, 0.0))
    assert found.track_length_m == 0.0
