"""Planning that costs nothing: every unit at hand flies a ladder around one place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sarex.case.model import Case, Position, SearchUnit
from sarex.clock import iso_z
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.known import Known
from sarex.exercise.play.launch import running_in
from sarex.exercise.play.players import AutoPlayers
from sarex.exercise.play.players_plan import SWITCH_AFTER, Planner, Proposal
from sarex.exercise.play.reckoning import distance_m
from sarex.exercise.play.running import Running
from sarex.journal import Journal
from sarex.units import m_to_ft, mps_to_kt

DATUM = Position(131.33, 35.965)
LEGS, LENGTH_DEG, SPACING_DEG = 8, 0.15, 0.02


@dataclass
class ScriptedPlanning:
    """Stands in for the planner: same window, same units at hand, no search for a good plan."""

    brief: Brief
    datum: Position = DATUM

    def propose(self, known: Known, at: datetime) -> Proposal:
        case = Planner(self.brief).case_at(known, at)
        tasks = [task_of(unit, number, case, self.datum) for number, unit in enumerate(case.units)]
        until = at + SWITCH_AFTER if known.plans else None
        return Proposal(document_of(case, tasks), case.window, 0.9, until)


def running_scripted(log: Path, datum: Position = DATUM) -> Running:
    """The exercise in a log, with players that plan by script."""
    return running_in(
        Journal.open(log), players=lambda brief: AutoPlayers(brief, ScriptedPlanning(brief, datum))
    )


def document_of(case: Case, tasks: list[dict]) -> dict:
    figures = dict.fromkeys(("pos", "pos_low", "pos_high", "pos_upper_bound", "pos_doctrine"), 0.5)
    return {
        "format": "sarex-plan/1",
        "case": case.id,
        "exercise": True,
        "window": {"start": iso_z(case.window.start), "end": iso_z(case.window.end)},
        **figures,
        "pos_optimum": {"low": 0.5, "high": 0.6},
        "tasks": tasks,
    }


def task_of(unit: SearchUnit, number: int, case: Case, datum: Position = DATUM) -> dict:
    """A ladder north of the datum, each unit's a little farther east, at search speed."""
    at = max(unit.available_from, case.window.start)
    corners = [unit.position]
    for leg in range(LEGS):
        lat = datum.lat_deg + SPACING_DEG * (leg - LEGS / 2)
        ends = [Position(datum.lon_deg + 0.01 * number + side * LENGTH_DEG / 2, lat) for side in (-1.0, 1.0)]
        corners += ends if leg % 2 == 0 else ends[::-1]
    legs = []
    for index, (start, end) in enumerate(pairwise(corners)):
        searching = index % 2 == 1
        speed_mps = unit.transit_speed_mps if index == 0 else unit.search_speed_mps
        until = at + timedelta(seconds=max(1.0, distance_m(start, end) / speed_mps))
        legs.append(
            {
                "start": [start.lon_deg, start.lat_deg],
                "end": [end.lon_deg, end.lat_deg],
                "start_time": at.isoformat(),
                "end_time": until.isoformat(),
                "searching": searching,
            }
        )
        at = until
    area = [
        [datum.lon_deg + x, datum.lat_deg + y]
        for x, y in ((-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, -0.1))
    ]
    return {
        "unit": unit.name,
        "sortie": 1,
        "nation": unit.nation,
        "pattern": "PS",
        "area": {"type": "Polygon", "coordinates": [area]},
        "commence_search_point": legs[1]["start"],
        "track_spacing_nm": 1.2,
        "coverage": 1.0,
        "altitude_ft": m_to_ft(unit.altitude_m),
        "search_speed_kt": mps_to_kt(unit.search_speed_mps),
        "sweep_width_nm": dict.fromkeys(case.object_types, 1.0),
        "poc": 0.5,
        "pod": 0.5,
        "pos": 0.25,
        "departs": legs[0]["start_time"],
        "legs": legs,
    }
