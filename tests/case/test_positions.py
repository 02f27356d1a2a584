"""Positions in the notations that sailors, aviators and programs use."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex.case import read_position
from sarex.case.model import Position
from sarex.errors import CaseError

WEST_OF_BERGEN = Position(lon_deg=4.5, lat_deg=59.6)


@pytest.mark.parametrize(
    "text",
    [
        "59.6N 4.5E",
        "N59.6 E4.5",
        "n59.6e4.5",
        "59-36.0N 004-30.0E",
        "59-36N, 4-30E",
        "59-36,0N 004-30,0E",
        "004-30.0E 59-36.0N",
        "59°36.0'N 4°30'E",
        "59º36′00″N 4˚30’E",
        "59° 36' 00\" N / 4° 30' 00\" E",
        "59°36′N;4°30′E",
        "59\u00a036.0\u2009N 004\u00a030.0 E",
        "59−36.0N 004–30.0E",
        "N59 36.0 E004 30.0",
        "59 36 00 North, 004 30 00 East",
        "59 deg 36 min north 4 deg 30 min east",
        "59:36:00N 004:30:00E",
        "5936N 00430E",
        "N5936 E00430",
        "5936.0N/00430.0E",
        "593600N 0043000E",
        "593600.0N0043000.0E",
        "lat 59.6 lon 4.5",
        "Longitude: 4.5, Latitude: 59.6",
        "LAT 59-36.0N LONG 004-30.0E",
        "+59.6+004.5/",
        "+5936+00430",
        "北緯59度36分 東経4度30分",
        "북위 59도 36분 0초 동경 4도 30분 0초",
        "Ｎ５９－３６．０　Ｅ００４－３０．０",
    ],
)
def test_usual_notations(text: str) -> None:
    found = read_position(text)
    assert found.lon_deg == pytest.approx(WEST_OF_BERGEN.lon_deg, abs=1e-12)
    assert found.lat_deg == pytest.approx(WEST_OF_BERGEN.lat_deg, abs=1e-12)


@pytest.mark.parametrize(
    ("given_position", "lon_deg", "lat_deg"),
    [
        ("33-30S 070-15W", -70.25, -33.5),
        ("S33.5 W70.25", -70.25, -33.5),
        ("lat -33.5 lon -70.25", -70.25, -33.5),
        ("-33.5-070.25/", -70.25, -33.5),
        ("00-00N 180-00W", -180.0, 0.0),
        ("90N 0E", 0.0, 90.0),
        ({"lon": 190.0, "lat": 10}, -170.0, 10.0),
        ({"lon": 360, "lat": 0}, 0.0, 0.0),
        ({"lon": 180.0, "lat": 0.0}, 180.0, 0.0),
        ({"at": "59-36.0N 004-30.0E"}, 4.5, 59.6),
    ],
)
def test_hemispheres_and_ranges(
    given_position: str | dict[str, object], lon_deg: float, lat_deg: float
) -> None:
    found = read_position(given_position)
    assert (found.lon_deg, found.lat_deg) == pytest.approx((lon_deg, lat_deg), abs=1e-12)


@pytest.mark.parametrize(
    ("given_position", "words"),
    [
        ("", "latitude"),
        ("somewhere", "N or S"),
        ("59.6 4.5", "does not say which"),
        ("59.6, 4.5", "does not say which"),
        ("59.6N", "N or S"),
        ("59.6N 4.5N", "N or S"),
        ("59N 4E 5N", "N or S"),
        ("59N E4", "both before or both behind"),
        ("N E", "both before"),
        ("-59.6N 4.5E", "both a sign and a letter"),
        ("131-52N 37-30E", "latitudes end at 90"),
        ("90-00.1N 4E", "latitudes end at 90"),
        ("59N 180-30E", "longitudes end at 180"),
        ("59-60N 4E", "minutes"),
        ("59-30-75N 4E", "seconds"),
        ("59.5-30N 4E", "decimals"),
        ("12345N 00430E", "2 digits of degrees"),
        ("5936N 0430E", "3 digits of degrees"),
        ("59-3x6N 4E", "N or S"),
        ("59--36N 4E", "cannot be read"),
        ("lat 59.6N lat 4E", "one lat and one lon"),
        ("lat 59.6E lon 4N", "letter"),
        ("٥٩N 4E", "cannot be read"),
        ({"lon": 4.5}, "lat"),
        ({"lon": 4.5, "lat": 59.6, "depth": 3}, "depth"),
        ({"lon": 37.5, "lat": 131.9}, "swapped"),
        ({"lon": -181, "lat": 0}, "-180"),
        ({"lon": "4.5", "lat": 59.6}, "number"),
        ({"lon": True, "lat": 59.6}, "number"),
        ({"lon": float("nan"), "lat": 59.6}, "lon = nan"),
        ({"at": "59-36.0N 004-30.0E", "lon": 4.5}, "twice"),
        ({"at": 59}, "at is a text"),
        ({"lon": 10**400, "lat": 1}, "not degrees"),
        ({}, "lat"),
    ],
)
def test_what_is_no_position_is_refused(given_position: str | dict[str, object], words: str) -> None:
    with pytest.raises(CaseError, match=r"^position ") as refusal:
        read_position(given_position)
    assert words in str(refusal.value)


def written_halves(tenth_seconds: int, letters: str, digits: int, style: str) -> str:
    """A coordinate of whole tenths of an arc second in one of the styles, by integer arithmetic."""
    letter = letters[tenth_seconds < 0]
    degrees, rest = divmod(abs(tenth_seconds), 36_000)
    minutes, tenths = divmod(rest, 600)
    dms = f"{degrees:0{digits}d}", f"{minutes:02d}", f"{tenths // 10:02d}.{tenths % 10}"
    decimal_minutes = f"{minutes:02d}.{tenths * 1_000 // 6:05d}"
    return {
        "dashes": f"{dms[0]}-{dms[1]}-{dms[2]}{letter}",
        "marks": f"{degrees}°{minutes}′{dms[2]}″{letter}",
        "compact": f"{''.join(dms)}{letter}",
        "leading": f"{letter}{dms[0]} {dms[1]} {dms[2]}",
        "minutes": f"{dms[0]}-{decimal_minutes}{letter}",
    }[style]


@given(
    lat_tenths=st.integers(-90 * 36_000, 90 * 36_000),
    lon_tenths=st.integers(-180 * 36_000, 180 * 36_000),
    style=st.sampled_from(["dashes", "marks", "compact", "leading", "minutes"]),
    separator=st.sampled_from([" ", ", ", "", "/", " ; "]),
    longitude_first=st.booleans(),
)
def test_notations_round_trip(
    lat_tenths: int, lon_tenths: int, style: str, separator: str, longitude_first: bool
) -> None:
    halves = [written_halves(lat_tenths, "NS", 2, style), written_halves(lon_tenths, "EW", 3, style)]
    found = read_position(separator.join(halves[::-1] if longitude_first else halves))
    assert found.lat_deg == pytest.approx(lat_tenths / 36_000, abs=2e-7)
    assert found.lon_deg == pytest.approx(lon_tenths / 36_000, abs=2e-7)


@given(lon_deg=st.floats(-180.0, 360.0), lat_deg=st.floats(-90.0, 90.0))
def test_numbers_are_kept_and_longitudes_brought_home(lon_deg: float, lat_deg: float) -> None:
    found = read_position({"lon": lon_deg, "lat": lat_deg})
    assert found.lat_deg == lat_deg
    assert -180.0 <= found.lon_deg <= 180.0
    assert (found.lon_deg - lon_deg) % 360.0 == pytest.approx(0.0, abs=1e-9) or (
        found.lon_deg - lon_deg
    ) % 360.0 == pytest.approx(360.0, abs=1e-9)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    found = None
    with suppress(CaseError):
        found = read_position(text)
    if found is not None:
        assert abs(found.lat_deg) <= 90.0
        assert abs(found.lon_deg) <= 180.0
