"""Tracks as receivers and shore stations record them: GPX, tables, AIS logs."""

import builtins
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import gpxpy.gpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyais import encode_dict

from builders_sea import ship, unit
from sarex.errors import InputError, PlanError
from sarex.exchange.track_file import Kind, Told, kind_of, read_mmsi, read_tracks, told_by

BEGIN = datetime(2026, 5, 1, 6, tzinfo=UTC)
BEGIN_S = BEGIN.timestamp()
UNITS = (unit(), unit("Helicopter 12"), ship("Destroyer 1"))


def read(path, unit_name=None, mmsi=None):
    return read_tracks(Told(path, unit_name), kind_of(path), UNITS, mmsi or {})


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def gpx(names, *, times=True, creator="a receiver"):
    made = gpxpy.gpx.GPX()
    made.creator = creator
    for name in names:
        track = gpxpy.gpx.GPXTrack(name=name)
        segment = gpxpy.gpx.GPXTrackSegment()
        for k in range(3):
            at = BEGIN + timedelta(minutes=k) if times else None
            segment.points.append(gpxpy.gpx.GPXTrackPoint(37.0 + 0.01 * k, 132.0, time=at))
        track.segments.append(segment)
        made.tracks.append(track)
    return made.to_xml()


def test_gpx_by_the_name_of_the_track(tmp_path) -> None:
    helicopter, destroyer = read(written(tmp_path, "day.gpx", gpx(["Log of HELICOPTER 12", "destroyer_1"])))
    assert (helicopter.unit_name, destroyer.unit_name) == ("Helicopter 12", "Destroyer 1")
    np.testing.assert_array_equal(helicopter.time_s, BEGIN_S + np.array([0.0, 60.0, 120.0]))
    np.testing.assert_allclose(helicopter.lonlat_deg, [(132.0, 37.0), (132.0, 37.01), (132.0, 37.02)])


def test_gpx_by_the_name_of_the_file_or_as_told(tmp_path) -> None:
    (by_file,) = read(written(tmp_path, "Destroyer 1.gpx", gpx(["ACTIVE LOG"])))
    assert by_file.unit_name == "Destroyer 1"
    path = written(tmp_path, "log.gpx", gpx(["ACTIVE LOG"]))
    assert read(path, "helicopter")[0].unit_name == "Helicopter"
    assert told_by(f"Helicopter={path}") == Told(path, "Helicopter")
    assert told_by(str(path)) == Told(path, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (gpx(["Helicoptr 12"]), "Did you mean Helicopter 12"),
        (gpx(["Helicopter"], times=False), "without times"),
        (gpx([]), "no track"),
        (gpx(["EXERCISE Helicopter planned track"], creator="sarex"), "not a record of what was flown"),
        ("<gpx", "cannot be read as GPX"),
        ("", "cannot be read as GPX"),
    ],
)
def test_gpx_that_cannot_be_used(text, words, tmp_path) -> None:
    with pytest.raises(PlanError, match=words):
        read(written(tmp_path, "log.gpx", text))


TABLE = """# from the bridge
Unit,Time,Lon,Lat,Searching,Altitude_ft,Remark
helicopter,2026-05-01T06:00:00Z,132.0,37.0,no,500,off
helicopter,2026-05-01T15:01:00+09:00,132.01,37.0,yes,500,
DESTROYER 1,2026-05-01T06:00:30Z,132.5,37.5,1,,
destroyer 1,2026-05-01T06:05:30Z,132.5,37.6,1,,
"""


def test_a_table_of_two_units(tmp_path) -> None:
    helicopter, destroyer = read(written(tmp_path, "day.csv", TABLE))
    assert (helicopter.unit_name, destroyer.unit_name) == ("Helicopter", "Destroyer 1")
    np.testing.assert_array_equal(helicopter.time_s - BEGIN_S, [0.0, 60.0])
    assert helicopter.searching.tolist() == [False, True]
    np.testing.assert_allclose(helicopter.altitude_m, 152.4)
    assert destroyer.altitude_m is None


def test_a_table_with_positions_as_sailors_write_them(tmp_path) -> None:
    text = "time,position\n2026-05-01T06:00:00Z,37-30.0N 132-30.0E\n2026-05-01T06:01:00Z,37-31.0N 132-30.0E\n"
    (track,) = read(written(tmp_path, "log.csv", text), "Helicopter")
    np.testing.assert_allclose(track.lonlat_deg, [(132.5, 37.5), (132.5, 37.0 + 31.0 / 60.0)])
    assert track.searching is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "helicopter,2026-05-01T06:00:00Z",
            "helicoptr,2026-05-01T06:00:00Z",
            "line 3 .*Did you mean Helicopter?",
        ),
        ("06:00:00Z", "06:00:00", "line 3: time"),
        (",37.5,", ",97.5,", "line 5: the position"),
        (",37.5,", ",north,", "line 5: lat is"),
        (",no,", ",perhaps,", "searching is"),
        (",no,", ",,", "on every line"),
        ("Lon", "X", "no column lon"),
        (",no,500", ",no,high", "altitude_ft"),
    ],
)
def test_a_line_that_is_wrong(old, new, words, tmp_path) -> None:
    assert old in TABLE
    with pytest.raises(PlanError, match=words):
        read(written(tmp_path, "day.csv", TABLE.replace(old, new, 1)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from([".csv", ".gpx", ".nmea", ".txt"]))
def test_whatever_a_file_holds_a_sentence_is_the_worst(tmp_path_factory, text, ending) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_text(text, encoding="utf-8", errors="replace")
    kind = kind_of(path)
    if kind is Kind.PLAN:
        return
    with suppress(PlanError):
        read_tracks(Told(path, None), kind, UNITS, {})


def sentence(k=0, mmsi=431000001, kind=1, **more):
    report = {"type": kind, "mmsi": mmsi, "lon": 132.0, "lat": round(37.0 + 0.001 * k, 6), **more}
    return encode_dict(report)[0]


def tagged(text, at_s):
    body = f"s:shore,c:{at_s:.0f}"
    total = 0
    for character in body:
        total ^= ord(character)
    return f"\\{body}*{total:02X}\\{text}"


STAMPS = {
    "tag block": tagged,
    "tag block in milliseconds": lambda text, at_s: tagged(text, 1000.0 * at_s),
    "ISO before": lambda text, at_s: f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%dT%H:%M:%SZ} {text}",
    "Unix before": lambda text, at_s: f"{at_s:.3f},{text}",
    "Unix behind": lambda text, at_s: f"{text},rSHORE,{at_s:.0f}",
}


@pytest.mark.parametrize("stamp", STAMPS)
def test_ais_logs_with_each_kind_of_time(stamp, tmp_path) -> None:
    lines = [STAMPS[stamp](sentence(k), BEGIN_S + 10.0 * k) for k in range(4)]
    path = written(tmp_path, "log.nmea", "\n".join(lines))
    (track,) = read(path, mmsi={431000001: "destroyer 1"})
    assert track.unit_name == "Destroyer 1"
    np.testing.assert_allclose(track.time_s, BEGIN_S + 10.0 * np.arange(4))
    np.testing.assert_allclose(track.lonlat_deg[:, 1], 37.0 + 0.001 * np.arange(4), atol=2e-6)


def test_ais_keeps_to_our_stations_and_whole_lines(tmp_path) -> None:
    lines = [
        tagged(sentence(0), BEGIN_S),
        tagged(sentence(1, mmsi=440000009), BEGIN_S + 5.0),
        tagged(sentence(2, kind=18), BEGIN_S + 10.0),
        tagged(sentence(3)[:-1] + "X", BEGIN_S + 20.0),
        tagged(sentence(3).replace(",A,", ",B,"), BEGIN_S + 20.0),
        tagged(encode_dict({"type": 1, "mmsi": 431000001, "lon": 181.0, "lat": 91.0})[0], BEGIN_S + 30.0),
        tagged(sentence(4, kind=9, mmsi=111431501, alt=152), BEGIN_S + 30.0),
        "$GPGGA,1,2,3",
    ]
    path = written(tmp_path, "log.txt", "\n".join(lines))
    assert kind_of(path) is Kind.AIS
    ships, aircraft = read(path, mmsi={431000001: "Destroyer 1", 111431501: "Helicopter"})
    assert ships.time_s.tolist() == [BEGIN_S, BEGIN_S + 10.0]
    assert ships.remarks == ("1 damaged lines of the log left out",)
    assert aircraft.altitude_m.tolist() == [152.0]
    (alone,) = read(written(tmp_path, "one.nmea", lines[0]), "Destroyer 1")
    assert alone.time_s.tolist() == [BEGIN_S]


@pytest.mark.parametrize(
    ("lines", "mmsi", "words"),
    [
        ([sentence()], {431000001: "Destroyer 1"}, "without the time"),
        ([tagged(sentence(), BEGIN_S)], {}, "--mmsi 431000001="),
        ([tagged(sentence(), BEGIN_S)], {431000001: "Destroyr 1"}, "Did you mean Destroyer 1"),
        (["nothing"], {}, "no AIS position report"),
    ],
)
def test_ais_that_cannot_be_used(lines, mmsi, words, tmp_path) -> None:
    with pytest.raises(PlanError, match=words):
        read(written(tmp_path, "log.nmea", "\n".join(lines)), mmsi=mmsi)


def test_stations_by_option_and_by_table(tmp_path) -> None:
    table = written(tmp_path, "ships.csv", "mmsi,unit\n431000001,Destroyer 1\n440000009,Helicopter\n")
    assert read_mmsi([str(table)]) == {431000001: "Destroyer 1", 440000009: "Helicopter"}
    assert read_mmsi(['431000001="Destroyer 1"']) == {431000001: "Destroyer 1"}
    for wrong in ("4310=Destroyer 1", "431000001=", "gone.csv"):
        with pytest.raises(InputError, match="--mmsi"):
            read_mmsi([wrong])


def test_without_pyais_the_way_out_is_told(tmp_path, monkeypatch) -> None:
    usual = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("pyais"):
            raise ImportError(name)
        return usual(name, *rest, **more)

    path = written(tmp_path, "log.nmea", tagged(sentence(), BEGIN_S))
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"sarex\[ais\]"):
        read(path, mmsi={431000001: "Destroyer 1"})
