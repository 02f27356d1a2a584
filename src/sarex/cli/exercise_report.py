"""`sarex exercise report`: what crews reported, as a table and as files that the other commands read."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import gpxpy.gpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sarex.case.model import Case, SearchWindow
from sarex.cli.mission_file import write_mission
from sarex.clock import from_posix_s, iso_z
from sarex.errors import InputError
from sarex.exchange.folder import DEBRIEF_MARKER, whole_folder
from sarex.exchange.xml_text import xml_text
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.evidence import recorded_track
from sarex.exercise.play.known import Known, OrderSeen
from sarex.exercise.play.state import State
from sarex.units import m_to_nm
from sarex.update.track import lengths_m


def print_report(state: State, console: Console) -> None:
    """Orders, what was reported of each, how much was searched, and sightings."""
    known = state.known
    table = Table("order", "unit", "under way", "on scene", "off scene", "home", "searched", title="Reported")
    for order in known.orders.values():
        times = [_time(order, word) for word in ("under_way", "on_scene", "off_scene", "home")]
        table.add_row(order.id, order.unit, *times, _searched_words(order))
    console.print(table)
    for seen in known.sightings.values():
        word = "withdrawn" if seen.withdrawn_at is not None else "stands"
        line = (
            f"{iso_z(seen.at)} {seen.unit}: {seen.name}, {seen.position.lat_deg:.3f} "
            f"{seen.position.lon_deg:.3f}, credibility {seen.credibility:.0%}, {word}"
        )
        console.print(Text(line), soft_wrap=True)
    if not known.sightings:
        console.print("No sighting was reported.")


def check_no_debrief(out: Path) -> None:
    """Ask that a folder holds no debrief: a report, which anybody makes at any time, is not worth one.

    Raises:
        InputError: it does.
    """
    if (out / DEBRIEF_MARKER).is_file():
        raise InputError(f"--out is {out}, which holds a debrief; it is not written over. Give another name.")


def how_to_go_on(known: Known, out: Path) -> str:
    """The command that plans with what was written."""
    if known.plan is None:
        return f"Plan with it: sarex plan {out / 'case.json'} --out plan"
    if not any(order.tracks for order in known.orders.values()):
        return f"Nothing was searched yet. Plan anew: sarex plan {out / 'case.json'} --out plan"
    reports = f" --reports {out / 'reports.toml'}" if known.sightings else ""
    return f"The next window: sarex update {out} --searched {out / 'tracks.csv'}{reports} --out next"


def write_report(state: State, out: Path) -> None:
    """The same as files, a folder from which `sarex update` goes on (--searched, --reports)."""
    known = state.known
    with whole_folder(out) as folder:
        write_mission(folder, _case_to_go_on(known), ())
        texts = {"tracks.csv": _tracks_csv(known), "tracks.gpx": _tracks_gpx(state)}
        if known.sightings:
            texts["reports.toml"] = _reports_toml(known)
        if known.plan is not None:
            texts["plan.json"] = json.dumps(known.plan.document, ensure_ascii=False, indent=1) + "\n"
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        _write_case(folder, state)


def _case_to_go_on(known: Known) -> Case:
    """The players' case with the window of their latest plan."""
    if known.plan is None:
        return known.case
    window = known.plan.document["window"]
    span = SearchWindow(datetime.fromisoformat(window["start"]), datetime.fromisoformat(window["end"]))
    return replace(known.case, window=span)


def _case_to_plan(state: State) -> Case:
    """The players' case as it is to be planned now: what is left of the window, units where they will be."""
    from sarex.exercise.play.players_plan import Planner  # noqa: PLC0415 - planning is slow to import

    case = state.known.case
    planner = Planner(Brief.of(state.exercise), particles=case.drift.particles)
    found = planner.case_at(state.known, state.now)
    units = tuple(unit for unit in found.units if unit.available_from < found.window.end)
    if not units or found.window.end <= found.window.start:
        return _case_to_go_on(state.known)
    return replace(found, units=units)


def _write_case(folder: Path, state: State) -> None:
    from sarex.case import case_to_mapping  # noqa: PLC0415

    text = json.dumps(case_to_mapping(_case_to_plan(state)), ensure_ascii=False, indent=1)
    (folder / "case.json").write_text(text + "\n", encoding="utf-8")


def _time(order: OrderSeen, word: str) -> str:
    return f"{order.told[word]:%H:%MZ}" if word in order.told else ""


def _searched_words(order: OrderSeen) -> str:
    track = recorded_track(order)
    if track is None or track.searching is None:
        return ""
    length_m = lengths_m(track.lonlat_deg)[track.searching[:-1]].sum()
    return f"{m_to_nm(float(length_m)):.0f} nm"


def _tracks_csv(known: Known) -> str:
    """One line a position; a unit's orders follow each other."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["unit", "time", "lon", "lat", "searching", "order"])
    for order in known.orders.values():
        for track in order.tracks:
            for time_s, lon, lat, searching in track.rows:
                at = from_posix_s(time_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                writer.writerow([order.unit, at, f"{lon:.6f}", f"{lat:.6f}", int(searching), order.id])
    return text.getvalue()


def _tracks_gpx(state: State) -> str:
    gpx = gpxpy.gpx.GPX()
    gpx.creator = "sarex"
    mark = state.exercise.case.mark
    gpx.name = xml_text(f"{mark} {state.exercise.id}: tracks as crews reported them")
    gpx.time = state.now
    for order in state.known.orders.values():
        if not order.tracks:
            continue
        track = gpxpy.gpx.GPXTrack(
            name=xml_text(order.unit), description=xml_text(f"{mark}. Order {order.id}.")
        )
        for told in order.tracks:
            segment = gpxpy.gpx.GPXTrackSegment()
            segment.points = [
                gpxpy.gpx.GPXTrackPoint(latitude=lat, longitude=lon, time=from_posix_s(time_s))
                for time_s, lon, lat, _ in told.rows
            ]
            track.segments.append(segment)
        gpx.tracks.append(track)
    text: str = gpx.to_xml(version="1.1", prettyprint=True)
    return text


def _reports_toml(known: Known) -> str:
    lines = ['format = "sarex-reports/1"']
    for seen in known.sightings.values():
        lines += [
            "",
            "[[sighting]]",
            f"name = {json.dumps(seen.name, ensure_ascii=False)}",
            f"time = {iso_z(seen.seen_at)}",
            f"lon = {seen.position.lon_deg:.5f}",
            f"lat = {seen.position.lat_deg:.5f}",
            f"error_nm = {m_to_nm(seen.probable_error_m):.3f}",
            f"credibility = {seen.credibility}",
        ]
    for seen in known.sightings.values():
        if seen.withdrawn_at is not None:
            name = json.dumps(seen.name, ensure_ascii=False)
            lines += [
                "",
                "[[false_alarm]]",
                f"name = {json.dumps('withdrawn: ' + seen.name, ensure_ascii=False)}",
            ]
            lines += [f"withdraws = {name}"]
    return "\n".join(lines) + "\n"
