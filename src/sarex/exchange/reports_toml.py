"""Reports other than "nothing seen": sightings, finds and false alarms (`format = "sarex-reports/1"`)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sarex.case.model import Case
from sarex.case.wording import suggestion
from sarex.clock import from_posix_s
from sarex.detection import table_object_for
from sarex.errors import CaseError, PlanError
from sarex.exchange.stamps import iso_ms_z
from sarex.exchange.toml_tables import Table, list_of_tables, load_toml
from sarex.units import m_to_nm, nm_to_m
from sarex.update.model import DebrisFind, FalseAlarm, Report, Sighting

REPORTS_FORMAT = "sarex-reports/1"
_PLACE = ("time", "position", "lon", "lat", "at", "error_nm")
_KNOWN = {
    "sighting": ("name", *_PLACE, "unit", "type", "credibility", "note"),
    "find": ("name", *_PLACE, "unit", "type", "credibility", "rules_out", "note"),
    "false_alarm": ("name", *_PLACE, "unit", "withdraws", "note"),
}
_LEAST_ERROR_NM, _MOST_ERROR_NM = 0.01, 200.0


def read_reports(path: Path, case: Case) -> tuple[Report, ...]:
    """The reports of a file, in the order sightings, finds, false alarms.

    Raises:
        PlanError: the file cannot be read, or says something unknown or impossible.
    """
    content = load_toml(path, "a file of reports", REPORTS_FORMAT)
    reports = reports_of(content, str(path), case.object_types)
    if not reports:
        raise PlanError(
            f"{path} holds no [[sighting]], [[find]] or [[false_alarm]]. Write one, or leave --reports out."
        )
    return reports


def reports_of(content: Mapping[str, Any], where: str, object_types: Sequence[str]) -> tuple[Report, ...]:
    """The reports in the tables of a file or of an earlier search."""
    for key in content:
        if key != "format" and key not in _KNOWN:
            raise PlanError(f"{where} has the unknown table {key}. {suggestion(key, _KNOWN)}")
    readers: dict[str, Callable[[Table, str, Sequence[str]], Report]] = {
        "sighting": _sighting, "find": _find, "false_alarm": _false_alarm
    }  # fmt: skip
    reports = []
    for kind, read in readers.items():
        for number, entry in enumerate(list_of_tables(f"{where}: {kind}", content.get(kind)), 1):
            table = Table(f"{where}: [[{kind}]] {number}", entry, _KNOWN[kind])
            reports.append(read(table, f"{kind.replace('_', ' ')} {number}", object_types))
    return tuple(reports)


def reports_as_tables(reports: Sequence[Report]) -> dict[str, list[dict[str, Any]]]:
    """The same in the words of the file, for the folder to keep."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        match report:
            case FalseAlarm():
                entry: dict[str, Any] = {"name": report.name}
                if report.withdraws is not None:
                    entry["withdraws"] = report.withdraws
                tables.setdefault("false_alarm", []).append(entry)
            case Sighting():
                entry = _placed(report)
                if report.object_type is not None:
                    entry["type"] = report.object_type
                tables.setdefault("sighting", []).append(entry)
            case DebrisFind():
                entry = _placed(report) | {"type": report.type_key, "rules_out": list(report.rules_out)}
                tables.setdefault("find", []).append(entry)
    return tables


def _placed(report: Sighting | DebrisFind) -> dict[str, Any]:
    return {
        "name": report.name,
        "time": iso_ms_z(from_posix_s(report.at_s)),
        "lon": report.position.lon_deg,
        "lat": report.position.lat_deg,
        "error_nm": m_to_nm(report.probable_error_m),
        "credibility": report.credibility,
    }


def _sighting(table: Table, unnamed: str, object_types: Sequence[str]) -> Sighting:
    kind = table.text("type", "PIW-1") if table.has("type") else None
    if kind is not None:
        kind = _class_of_the_case(table, kind, object_types)
    return Sighting(
        name=_name(table, unnamed),
        at_s=table.time_s("time"),
        position=table.place(),
        probable_error_m=nm_to_m(table.number("error_nm", _LEAST_ERROR_NM, _MOST_ERROR_NM)),
        credibility=table.number("credibility", 0.0, 1.0),
        object_type=kind,
    )


def _find(table: Table, unnamed: str, object_types: Sequence[str]) -> DebrisFind:
    kind = table.text("type", "PIW-1")
    try:
        table_object_for(kind)
    except CaseError as error:
        table.refuse(f"type: {error}")
    return DebrisFind(
        name=_name(table, unnamed),
        at_s=table.time_s("time"),
        position=table.place(),
        probable_error_m=nm_to_m(table.number("error_nm", _LEAST_ERROR_NM, _MOST_ERROR_NM)),
        type_key=kind,
        credibility=table.number("credibility", 0.0, 1.0) if table.has("credibility") else 1.0,
        rules_out=tuple(_class_of_the_case(table, key, object_types) for key in table.texts("rules_out")),
    )


def _false_alarm(table: Table, unnamed: str, _: Sequence[str]) -> FalseAlarm:
    withdraws = table.text("withdraws", "raft seen by the ferry") if table.has("withdraws") else None
    return FalseAlarm(_name(table, unnamed), withdraws)


def _name(table: Table, unnamed: str) -> str:
    return table.text("name", "raft seen by the ferry") if table.has("name") else unnamed


def _class_of_the_case(table: Table, given: str, object_types: Sequence[str]) -> str:
    folded = {key.casefold(): key for key in object_types}
    if given.casefold() not in folded:
        table.refuse(f'type is "{given}", which is none of the case. {suggestion(given, object_types)}')
    return folded[given.casefold()]
