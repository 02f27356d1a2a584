"""Every broken case file gives one sentence that names the field, the rule and the remedy."""

import re
from pathlib import Path

import pytest

from sarex.case import open_case
from sarex.errors import CaseError

WHOLE = (Path(__file__).parent / "whole_case.toml").read_text(encoding="utf-8")

JARGON = re.compile(
    r"pydantic|Input should|validation error|type=|Traceback|None|True|False|dict|_type\b|float\b|datetime"
)

# what is replaced, by what, the field that the sentence must begin with, words that it must hold
BROKEN = {
    "misspelt key": (
        "search_speed_kt = 90.0",
        "serach_speed_kt = 90.0",
        'unit "Helicopter 1": serach_speed_kt',
        "Did you mean search_speed_kt?",
    ),
    "unknown key in position": (
        "{ lon = 5.2, lat = 60.3 }",
        "{ lon = 5.2, lat = 60.3, hight = 3 }",
        'unit "Helicopter 1": position',
        "hight",
    ),
    "unknown table": ("[drift]", "[weather]\nkind = 1\n[drift]", "weather", "not a known key"),
    "misspelt table": ("[conditions]", "[condition]", "condition", "Did you mean conditions?"),
    "single brackets": ("[[danger_area]]", "[danger_area]", "danger_area", "double brackets"),
    "wrong version": ("sarex-case/1", "sarex-case/9", "format", "sarex-case/1"),
    "no version": ('format = "sarex-case/1"\n', "", "format", "missing"),
    "no case table": (
        WHOLE[WHOLE.index("[case]") : WHOLE.index("[[scenario]]")],
        "",
        "case",
        "[case]",
    ),
    "no exercise mark": ("exercise = true", "", "case.exercise", "REAL"),
    "exercise as text": ("exercise = true", 'exercise = "yes"', "case.exercise", "true or false"),
    "negative seed": ("seed = 7", "seed = -7", "case.seed", "-7"),
    "seed with decimals": ("seed = 7", "seed = 7.5", "case.seed", "whole number"),
    "huge seed": ("seed = 7", f"seed = {10**40}", "case.seed", "between"),
    "empty id": ('id = "TEST-1"', 'id = "  "', "case.id", "empty"),
    "line break in the title": ('title = "A', 'title = "\\nA', "case.title", "control characters"),
    "unknown leeway class": (
        '{ type = "PIW-1" }',
        '{ type = "PIW-77" }',
        'scenario "overdue": object 1: type',
        "Did you mean PIW-",
    ),
    "leeway class in lower case": (
        '{ type = "PIW-1" }',
        '{ type = "piw-1" }',
        'scenario "overdue": object 1: type',
        "Did you mean PIW-1?",
    ),
    "object twice": (
        '{ type = "LIFE-RAFT-DB-10", weight = 0.75 }',
        '{ type = "PIW-1", weight = 0.75 }',
        'scenario "last known position": objects',
        "2 times",
    ),
    "no objects": ('objects = [{ type = "PIW-1" }]', "objects = []", 'scenario "overdue": objects', "empty"),
    "objects missing": ('objects = [{ type = "PIW-1" }]', "", 'scenario "overdue": objects', "missing"),
    "negative scenario weight": (
        "weight = 0.6",
        "weight = -0.6",
        'scenario "last known position": weight',
        "more than 0",
    ),
    "zero object weight": (
        "weight = 0.25",
        "weight = 0",
        'scenario "last known position": object 2: weight',
        "more than 0",
    ),
    "some weights missing": ("weight = 0.6\n", "", "scenario: weight", "all or for none"),
    "infinite weight": ("weight = 0.6", "weight = inf", 'scenario "last known position": weight', "finite"),
    "scenario names alike": (
        'name = "overdue"',
        'name = "last known position"',
        'scenario "last known position": name',
        "Rename",
    ),
    "until before from": (
        "until = 2015-11-16T06:00:00Z",
        "until = 2015-11-16T04:00:00Z",
        'scenario "last known position": until',
        "before from",
    ),
    "from missing": (
        "from = 2015-11-16T05:00:00Z\nuntil = 2015-11-16T06:00:00Z",
        "",
        'scenario "last known position": from',
        "missing",
    ),
    "position missing": (
        "position = { lon = 4.5, lat = 59.6, error_nm = 3.0 }",
        "",
        'scenario "last known position": position',
        "track",
    ),
    "position and track": (
        'name = "overdue"',
        'name = "overdue"\nposition = { lon = 4.5, lat = 59.6, error_nm = 3.0 }',
        'scenario "overdue": position',
        "track",
    ),
    "from beside track": (
        'name = "overdue"',
        'name = "overdue"\nfrom = 2015-11-16T05:00:00Z',
        'scenario "overdue": from',
        "track",
    ),
    "position without error": (
        "lat = 59.6, error_nm = 3.0 }",
        "lat = 59.6 }",
        'scenario "last known position": position.error_nm',
        "50 %",
    ),
    "position as text without error": (
        "{ lon = 4.5, lat = 59.6, error_nm = 3.0 }",
        '"59.6N 4.5E"',
        'scenario "last known position": position',
        "error_nm",
    ),
    "zero error": (
        "error_nm = 3.0",
        "error_nm = 0",
        'scenario "last known position": position.error_nm',
        "more than 0",
    ),
    "error of 500 miles": (
        "error_nm = 3.0",
        "error_nm = 500",
        'scenario "last known position": position.error_nm',
        "200",
    ),
    "swapped lon and lat": (
        "{ lon = 5.2, lat = 60.3 }",
        "{ lon = 37.5, lat = 131.9 }",
        'unit "Helicopter 1": position',
        "swapped",
    ),
    "position without letters": (
        '"59-12.0N 004-00.0E"',
        '"59.2 4.0"',
        'unit "Ship 1": position',
        "which number is the latitude",
    ),
    "position as number": ('"59-12.0N 004-00.0E"', "59.2", 'unit "Ship 1": position', "is 59.2"),
    "61 minutes": ('"59-12.0N 004-00.0E"', '"59-61.0N 004-00.0E"', 'unit "Ship 1": position', "minutes"),
    "track of one point": (
        '  { at = "60-06.0N 004-12.0E", time = 2015-11-16T08:00:00Z, error_nm = 5.0 },\n',
        "",
        'scenario "overdue": track',
        "at least two",
    ),
    "track times in disorder": (
        "time = 2015-11-16T08:00:00Z",
        "time = 2015-11-16T05:00:00Z",
        'scenario "overdue": track point 2: time',
        "in order",
    ),
    "track point without time": (
        ", time = 2015-11-16T08:00:00Z",
        "",
        'scenario "overdue": track point 2: time',
        "missing",
    ),
    "track point not a table": (
        '  { at = "60-06.0N 004-12.0E", time = 2015-11-16T08:00:00Z, error_nm = 5.0 },\n',
        "  3,\n",
        'scenario "overdue": track point 2',
        "is 3",
    ),
    "time without zone": (
        "start = 2015-11-16T12:00:00Z",
        "start = 2015-11-16T12:00:00",
        "search.start",
        "2015-11-16T12:00:00Z",
    ),
    "date without time": (
        "start = 2015-11-16T12:00:00Z",
        "start = 2015-11-16",
        "search.start",
        "2015-11-16T12:00:00Z",
    ),
    "time without date": (
        "start = 2015-11-16T12:00:00Z",
        "start = 12:00:00",
        "search.start",
        "2015-11-16T12:00:00Z",
    ),
    "time as words": ("start = 2015-11-16T12:00:00Z", 'start = "noon"', "search.start", '"noon"'),
    "year 15": ("start = 2015-11-16T12:00:00Z", "start = 0015-11-16T12:00:00Z", "search.start", "year"),
    "search ends before it starts": (
        "end = 2015-11-16T18:00:00Z",
        "end = 2015-11-16T10:00:00Z",
        "search.end",
        "not after",
    ),
    "search of a month": (
        "end = 2015-11-16T18:00:00Z",
        "end = 2015-12-16T18:00:00Z",
        "search.end",
        "14 days",
    ),
    "drift begins after the search": (
        "from = 2015-11-16T05:00:00Z\nuntil = 2015-11-16T06:00:00Z",
        "from = 2015-11-16T19:00:00Z",
        'scenario "last known position": from',
        "search ends",
    ),
    "drift began a year ago": (
        "from = 2015-11-16T05:00:00Z\nuntil = 2015-11-16T06:00:00Z",
        "from = 2014-11-16T05:00:00Z",
        'scenario "last known position": from',
        "30 days",
    ),
    "no search": (
        "[search]\nstart = 2015-11-16T12:00:00Z\nend = 2015-11-16T18:00:00Z",
        "",
        "search",
        "[search]",
    ),
    "no environment": (
        WHOLE[WHOLE.index("[environment]") : WHOLE.index("[search]")],
        "",
        "environment",
        "[environment]",
    ),
    "no wind": ('wind = ["wind.nc", { speed_kt = 20, from_deg = 270 }]', "", "environment.wind", "missing"),
    "empty wind": (
        'wind = ["wind.nc", { speed_kt = 20, from_deg = 270 }]',
        "wind = []",
        "environment.wind",
        "blows from",
    ),
    "wind file not there": ('"wind.nc"', '"winds.nc"', "environment.wind", 'Did you mean "wind.nc"?'),
    "wind file a folder": ('"wind.nc"', '"."', "environment.wind", "folder"),
    "wind pattern without a match": ('"wind.nc"', '"gfs_*.nc"', "environment.wind", "gfs_*.nc"),
    "wind from the internet": ('"wind.nc"', '"https://example.org/wind.nc"', "environment.wind", "Download"),
    "wind as number": ('"wind.nc"', "17", "environment.wind", "17"),
    "wind toward": ("from_deg = 270", "toward_deg = 270", "environment.wind", "blows from"),
    "current from": ("toward_deg = 90", "from_deg = 90", "environment.current", "flows toward"),
    "constant without speed": ("speed_kt = 20, ", "", "environment.wind: speed_kt", "missing"),
    "constant with a misspelt key": (
        "speed_kt = 20",
        "sped_kt = 20",
        "environment.wind: sped_kt",
        "Did you mean speed_kt?",
    ),
    "wind of 300 knots": ("speed_kt = 20", "speed_kt = 300", "environment.wind: speed_kt", "150"),
    "current in wrong units": ("speed_kt = 0.5", "speed_kt = 50", "environment.current: speed_kt", "15"),
    "wind from 400 degrees": ("from_deg = 270", "from_deg = 400", "environment.wind: from_deg", "360"),
    "two units of one name": ('name = "Ship 1"', 'name = "Drone 1"', 'unit "Drone 1": name', "Rename"),
    "unit without name": ('name = "Ship 1"\n', "", "unit 2: name", "missing"),
    "unknown kind": ('kind = "ship"', 'kind = "shipp"', 'unit "Ship 1": kind', "Did you mean ship?"),
    "nation in small letters": ('nation = "KR"', 'nation = "kr"', 'unit "Ship 1": nation', '"KR"'),
    "nation as a word": ('nation = "KR"', 'nation = "Korea"', 'unit "Ship 1": nation', "two capital letters"),
    "negative speed": (
        "search_speed_kt = 12",
        "search_speed_kt = -12",
        'unit "Ship 1": search_speed_kt',
        "more than 0",
    ),
    "ship of 120 knots": (
        "transit_speed_kt = 18",
        "transit_speed_kt = 120",
        'unit "Ship 1": transit_speed_kt',
        "plausible",
    ),
    "speed as text": (
        "search_speed_kt = 12",
        'search_speed_kt = "12 kt"',
        'unit "Ship 1": search_speed_kt',
        "number",
    ),
    "speed not a number": (
        "search_speed_kt = 12",
        "search_speed_kt = nan",
        'unit "Ship 1": search_speed_kt',
        "finite",
    ),
    "speed of 400 digits": (
        "search_speed_kt = 12",
        f"search_speed_kt = {'9' * 400}",
        'unit "Ship 1": search_speed_kt',
        "number",
    ),
    "no endurance": ("endurance_h = 48.0", "endurance_h = 0.0", 'unit "Ship 1": endurance_h', "more than 0"),
    "endurance of years": (
        "endurance_h = 48.0",
        "endurance_h = 50000",
        'unit "Ship 1": endurance_h',
        "10000",
    ),
    "aircraft without height": ("altitude_ft = 500\n", "", 'unit "Helicopter 1": altitude_ft', "missing"),
    "aircraft too low": ("altitude_ft = 500", "altitude_ft = 20", 'unit "Helicopter 1": altitude_ft', "100"),
    "ship with altitude": (
        "eye_height_ft = 35",
        "altitude_ft = 35",
        'unit "Ship 1": altitude_ft',
        "eye_height_ft",
    ),
    "helicopter with eye height": (
        "altitude_ft = 500",
        "eye_height_ft = 50",
        'unit "Helicopter 1": eye_height_ft',
        "altitude_ft",
    ),
    "ship without eye height": ("eye_height_ft = 35\n", "", 'unit "Ship 1": eye_height_ft', "missing"),
    "unknown sensor": (
        'sensor = "electro-optical"',
        'sensor = "optical"',
        'unit "Drone 1": sensor',
        "electro-optical",
    ),
    "sensor without sweep width": (', "PIW-1" = 0.1', "", 'unit "Drone 1": sweep_width_nm', "PIW-1"),
    "sweep width of unknown class": (
        '"PIW-1" = 0.1',
        '"PIW-1" = 0.1, "RAFT" = 0.2',
        'unit "Drone 1": sweep_width_nm names',
        "leeway class",
    ),
    "sweep width zero": (
        '"PIW-1" = 0.1',
        '"PIW-1" = 0',
        'unit "Drone 1": sweep_width_nm.PIW-1',
        "more than 0",
    ),
    "negative turn radius": (
        "turn_radius_m = 400",
        "turn_radius_m = -4",
        'unit "Ship 1": turn_radius_m',
        "between",
    ),
    "fatigue as number": ("fatigued = true", "fatigued = 1", 'unit "Ship 1": fatigued', "true or false"),
    "visibility of 80 miles": (
        "visibility_nm = 10.0",
        "visibility_nm = 80",
        "conditions.visibility_nm",
        "30",
    ),
    "negative waves": ("wave_height_ft = 5.0", "wave_height_ft = -1", "conditions.wave_height_ft", "between"),
    "no visibility": ("visibility_nm = 10.0\n", "", "conditions.visibility_nm", "missing"),
    "area of two corners": (
        "[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1], [3.6, 60.1]]",
        "[[3.6, 59.9], [4.0, 59.9], [3.6, 59.9]]",
        'danger_area "Firing area A": polygon',
        "three",
    ),
    "area crossing itself": (
        "[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1], [3.6, 60.1]]",
        "[[3.6, 59.9], [4.0, 60.1], [4.0, 59.9], [3.6, 60.1]]",
        'danger_area "Firing area A": polygon',
        "crosses",
    ),
    "area without extent": (
        "[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1], [3.6, 60.1]]",
        "[[3.6, 59.9], [4.0, 59.9], [4.4, 59.9]]",
        'danger_area "Firing area A": polygon',
        "crosses",
    ),
    "area corner swapped": (
        "[3.6, 59.9], [4.0, 59.9]",
        "[3.6, 59.9], [4.0, 159.9]",
        'danger_area "Firing area A": polygon corner 2',
        "swapped",
    ),
    "area with a corner of three": (
        "[3.6, 59.9], [4.0, 59.9]",
        "[3.6, 59.9], [4.0, 59.9, 0]",
        'danger_area "Firing area A": polygon corner 2',
        "pair",
    ),
    "ceiling below floor": (
        "floor_ft = 0",
        "floor_ft = 6000",
        'danger_area "Firing area A": ceiling_ft',
        "not above",
    ),
    "area ends before it begins": (
        "until = 2015-11-16T20:00:00Z",
        "until = 2015-11-16T09:00:00Z",
        'danger_area "Firing area A": until',
        "not after",
    ),
    "no particles": ("particles = 5000", "particles = 0", "drift.particles", "100"),
    "jibing of 600 percent": (
        "jibing_percent_per_hour = 6.0",
        "jibing_percent_per_hour = 600",
        "drift.jibing_percent_per_hour",
        "100",
    ),
    "no memory": ("error_memory_h = 12.0", "error_memory_h = 0", "drift.error_memory_h", "more than 0"),
    "scenario not a list": (
        '[[scenario]]\nname = "last known position"',
        '[scenario]\nname = "last known position"',
        "case.toml",
        "TOML",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wind.nc").write_bytes(b"only its being here matters")
    return tmp_path


def refusal_of(file: Path) -> str:
    with pytest.raises(CaseError) as refusal:
        open_case(file)
    return str(refusal.value)


@pytest.mark.parametrize("what", BROKEN)
def test_broken_case_is_refused_in_a_sentence(what: str, folder: Path) -> None:
    old, new, field, words = BROKEN[what]
    assert old in WHOLE
    file = folder / "case.toml"
    file.write_text(WHOLE.replace(old, new, 1), encoding="utf-8")

    sentence = refusal_of(file)

    assert field in sentence
    assert words in sentence
    assert sentence.startswith(("case.toml: ", str(file)))
    assert sentence.endswith((".", "?", ")"))
    assert JARGON.search(sentence) is None
    assert "\n" not in sentence
    assert len(sentence) < 420


def test_whole_case_opens(folder: Path) -> None:
    file = folder / "case.toml"
    file.write_text(WHOLE, encoding="utf-8")
    assert open_case(file).id == "TEST-1"


UNREADABLE = {
    "empty": (b"", "is empty"),
    "only blanks": (b" \n\t\n", "is empty"),
    "binary": (bytes(range(256)) * 8, "not UTF-8"),
    "latin-1": ('title = "Fårö"'.encode("latin-1"), "line 1"),
    "NetCDF": (b"\x89HDF\r\n\x1a\n" + b"\0" * 100, "not UTF-8"),
    "nulls": (b"\0" * 100, "not valid TOML"),
    "not TOML": (b'format = "sarex-case/1"\n[case\nid = 3\n', "line 2"),
    "text without quotes": (b"format = sarex-case/1\n", "line 1"),
    "JSON under a TOML name": (b'{"format": "sarex-case/1"}', "line 1"),
    "key twice": (b'format = "sarex-case/1"\nformat = "sarex-case/1"\n', "line 2"),
    "number of 5000 digits": (b"seed = " + b"9" * 5000, "number is too long"),
    "nested too deep": (b"a = " + b"[" * 5000 + b"]" * 5000, "nesting"),
    "only the format": (b'format = "sarex-case/1"\n', "case is missing"),
    "format as number": (b"format = 1\n", "format is 1"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_file_is_refused_in_a_sentence(what: str, tmp_path: Path) -> None:
    content, words = UNREADABLE[what]
    file = tmp_path / "case.toml"
    file.write_bytes(content)
    sentence = refusal_of(file)
    assert words in sentence
    assert "case.toml" in sentence
    assert JARGON.search(sentence) is None


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    assert "does not exist" in refusal_of(tmp_path / "nowhere.toml")
    assert "is a folder" in refusal_of(tmp_path)
    assert "cannot be read" in refusal_of(tmp_path / ("n" * 300))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[1, 2]", "object"),
        ("{", "line 1"),
        ("[" * 200_000, "nesting"),
        ('{"format": "sarex-case/1"}', "missing"),
    ],
)
def test_broken_stored_case_is_refused(content: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(content, encoding="utf-8")
    assert words in refusal_of(file)


def test_other_faults_are_named_as_well(folder: Path) -> None:
    file = folder / "case.toml"
    broken = WHOLE.replace("visibility_nm = 10.0", "visibility_nm = 80").replace("seed = 7", 'seed = "x"')
    file.write_text(broken, encoding="utf-8")
    assert "(Also to be mended: conditions.visibility_nm.)" in refusal_of(file)
