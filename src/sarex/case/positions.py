"""Positions in any usual notation.

Read are `{ lon = 4.5, lat = 59.6 }`, `{ at = "59-36.0N 004-30.0E" }` and texts such as

    59.6N 4.5E            59-36.0N 004-30.0E        59°36.0'N 4°30'E       N59 36.0 E004 30.0
    5936N 00430E          593600N 0043000E          59 36 00 North, 004 30 00 East
    lat 59.6 lon 4.5      +59.6+004.5/ (ISO 6709)   북위 37도 30분 동경 131도 52분   北緯37度30分東経131度52分

A small lexer decides which half is which and refuses what is ambiguous; `lat_lon_parser` then turns
degrees, minutes and seconds into degrees. Two bare numbers are refused: half of the world writes the
latitude first, the other half the longitude, and a guess sends people to the wrong sea.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import NoReturn

from lat_lon_parser import parse as parse_degrees

from sarex.case.model import Position
from sarex.case.wording import shown, suggestion
from sarex.errors import CaseError

_REMEDY = 'Write for example "59-36.0N 004-30.0E" or { lon = 4.5, lat = 59.6 }.'

_WORDS = {
    "LATITUDE": "LAT",
    "LONGITUDE": "LON",
    "LONG": "LON",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
    "DEGREES": "°",
    "DEGREE": "°",
    "DEG": "°",
    "MINUTES": "'",
    "MINUTE": "'",
    "MIN": "'",
    "SECONDS": '"',
    "SECOND": '"',
    "SEC": '"',
}
_CHARACTERS = {
    **dict.fromkeys(("北緯", "북위"), " N "),
    **dict.fromkeys(("南緯", "남위"), " S "),
    **dict.fromkeys(("東経", "東經", "동경"), " E "),
    **dict.fromkeys(("西経", "西經", "서경"), " W "),
    **dict.fromkeys(("度", "도"), "°"),
    **dict.fromkeys(("分", "분"), "'"),
    **dict.fromkeys(("秒", "초"), '"'),
}
_MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚∘ᵒ⁰", "°"),
        **dict.fromkeys("′’‘ʹʼ´`‵", "'"),
        **dict.fromkeys("″”“ʺ", '"'),
        **dict.fromkeys("−–—‐‑‒", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t\n\r", " "),
    }
)
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_SEPARATED = re.compile(
    rf"""(?P<degrees>{_NUMBER})
        (?:\s*[°\-:\s]\s*(?P<minutes>{_NUMBER})
           (?:\s*['\-:\s]\s*(?P<seconds>{_NUMBER})\s*"?)?
        )?\s*[°']?""",
    re.VERBOSE,
)
_COMPACT = re.compile(r"(?P<whole>[0-9]{4,7})(?P<fraction>\.[0-9]+)?")
_ISO_6709 = re.compile(r"([+-])(\d{2}|\d{4}|\d{6})(\.\d+)?([+-])(\d{3}|\d{5}|\d{7})(\.\d+)?/?", re.ASCII)
_LABELLED = re.compile(
    r"(?P<first>LAT|LON)\s*[:=]?\s*(?P<one>[^A-Z]+[NSEW]?)[\s,;]*(?P<second>LAT|LON)\s*[:=]?\s*(?P<two>[^A-Z]+[NSEW]?)"
)

_LIMIT_DEG = {"latitude": 90.0, "longitude": 180.0}
_DEGREE_DIGITS = {"latitude": 2, "longitude": 3}


class NotAPositionError(ValueError):
    """Why something is not a position; the text continues a sentence that begins with the field."""


def read_position(text_or_mapping: str | Mapping[str, object]) -> Position:
    """A position from a text or from `{lon, lat}` or `{at}`; longitude in -180..180.

    Raises:
        CaseError: it is not a position, or it could mean more than one.
    """
    try:
        return position_of(text_or_mapping)
    except NotAPositionError as fault:
        raise CaseError(f"position {fault}") from None


def position_of(given: object) -> Position:
    """Like `read_position`, also for `[lon, lat]`, raising `NotAPositionError` for the caller to place."""
    if isinstance(given, str):
        return _position_of_text(given)
    if isinstance(given, Mapping):
        return _position_of_mapping(given)
    if isinstance(given, list | tuple):
        if len(given) != 2:
            _refuse(given, f"a pair needs two numbers, [lon, lat]. {_REMEDY}")
        return _position_of_mapping({"lon": given[0], "lat": given[1]})
    raise NotAPositionError(f"is {shown(given)}; a position is a text or a table. {_REMEDY}")


def _refuse(given: object, rule: str) -> NoReturn:
    raise NotAPositionError(f"is {shown(given)}; {rule}")


def _position_of_mapping(given: Mapping[str, object]) -> Position:
    for key in given:
        if key not in ("lon", "lat", "at"):
            raise NotAPositionError(
                f"has the unknown key {shown(key)}. {suggestion(str(key), ('lon', 'lat', 'at'))}"
            )
    if "at" in given:
        if len(given) > 1:
            _refuse(given, "it is given twice. Keep either at, or lon and lat.")
        if not isinstance(given["at"], str):
            _refuse(given, f"at is a text. {_REMEDY}")
        return _position_of_text(given["at"])
    for key, word in (("lat", "latitude"), ("lon", "longitude")):
        if key not in given:
            _refuse(given, f"its {word} ({key}) is missing. {_REMEDY}")
    return _checked(_number(given, "lon"), _number(given, "lat"))


def _number(given: Mapping[str, object], key: str) -> float:
    value = given[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        remedy = (
            f"For a text, write at = {shown(value)} with both halves." if isinstance(value, str) else _REMEDY
        )
        raise NotAPositionError(f"has {key} = {shown(value)}; {key} is a number of degrees. {remedy}")
    if abs(value) > 1e6:
        raise NotAPositionError(f"has {key} = {shown(value)}, which are not degrees. {_REMEDY}")
    return float(value)


def _checked(lon_deg: float, lat_deg: float) -> Position:
    if not -90.0 <= lat_deg <= 90.0:
        raise NotAPositionError(
            f"has lat = {lat_deg:g}; latitudes run from -90 to 90. Are lon and lat swapped? "
            "In a pair the longitude comes first."
        )
    if not -180.0 <= lon_deg <= 360.0:
        raise NotAPositionError(
            f"has lon = {lon_deg:g}; longitudes run from -180 to 180 (or 0 to 360). Correct the longitude."
        )
    return Position(lon_deg=lon_deg - 360.0 if lon_deg > 180.0 else lon_deg, lat_deg=lat_deg)


def _position_of_text(text: str) -> Position:
    plain = _plain(text)
    if iso := _ISO_6709.fullmatch(plain):
        return _position_of_iso(text, iso)
    if labelled := _LABELLED.fullmatch(plain):
        return _position_of_labelled(text, labelled)
    latitude, longitude = _halves(text, plain)
    return _checked(_degrees(text, longitude, "longitude"), _degrees(text, latitude, "latitude"))


def _plain(text: str) -> str:
    """Upper case, with one spelling of every mark and word."""
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS).upper()
    for word, mark in _CHARACTERS.items():
        plain = plain.replace(word, mark)
    for word, mark in _WORDS.items():
        plain = re.sub(rf"(?<![A-Z]){word}(?![A-Z])\.?", mark, plain)
    plain = plain.replace("''", '"')
    return re.sub(r" +", " ", plain).strip()


def _halves(text: str, plain: str) -> tuple[str, str]:
    """The latitude half and the longitude half, each with its hemisphere letter."""
    letters = re.findall(r"[A-Z]", plain)
    if not letters:
        _refuse(text, f"it does not say which number is the latitude. {_REMEDY}")
    if sorted(("lat" if letter in "NS" else "lon" if letter in "EW" else "?") for letter in letters) != [
        "lat",
        "lon",
    ]:
        _refuse(text, f"one N or S and one E or W are expected. {_REMEDY}")
    cut = _cut(text, plain)
    first, second = (half.strip(" ,;/") for half in (plain[:cut], plain[cut:]))
    return (first, second) if re.sub("[^A-Z]", "", first) in "NS" else (second, first)


def _cut(text: str, plain: str) -> int:
    """Where the second half begins: letters stand either before both numbers or after both."""
    first, second = (match.start() for match in re.finditer(r"[A-Z]", plain))
    if first == 0 and second < len(plain) - 1:
        return second
    if second == len(plain) - 1 and first > 0:
        return first + 1
    _refuse(text, f"the letters must stand both before or both behind their numbers. {_REMEDY}")


def _position_of_iso(text: str, iso: re.Match[str]) -> Position:
    """ISO 6709: the sign and the number of digits say which half is which."""
    lat_sign, lat, lat_fraction, lon_sign, lon, lon_fraction = iso.groups(default="")
    return _checked(
        _degrees(text, lon + lon_fraction + ("E" if lon_sign == "+" else "W"), "longitude"),
        _degrees(text, lat + lat_fraction + ("N" if lat_sign == "+" else "S"), "latitude"),
    )


def _position_of_labelled(text: str, labelled: re.Match[str]) -> Position:
    halves = {labelled["first"]: labelled["one"], labelled["second"]: labelled["two"]}
    if len(halves) != 2:
        _refuse(text, f"one lat and one lon are expected. {_REMEDY}")
    return _checked(
        _degrees(text, _with_letter(halves["LON"], "EW"), "longitude"),
        _degrees(text, _with_letter(halves["LAT"], "NS"), "latitude"),
    )


def _with_letter(half: str, letters: str) -> str:
    """A sign as the hemisphere letter that it stands for; halves that have a letter stay as they are."""
    bare = half.strip(" ,;/")
    if bare[-1:].isalpha():
        return bare
    return (
        bare.removeprefix("-") + letters[1] if bare.startswith("-") else bare.removeprefix("+") + letters[0]
    )


def _degrees(text: str, half: str, which: str) -> float:
    """Degrees of one half such as `59-36.0N`; south and west are negative."""
    letter = re.sub(r"[^A-Z]", "", half)
    if letter not in (("N", "S") if which == "latitude" else ("E", "W")):
        _refuse(text, f"the {which} carries the letter {letter}. {_REMEDY}")
    number = re.sub(r"(?<=\d),(?=\d)", ".", half.replace(letter, "").strip())
    pieces = _compact_pieces(text, number, which) or _separated_pieces(text, number, which)
    _check_pieces(text, pieces, which)
    return float(parse_degrees(f"{' '.join(pieces)} {letter}"))


def _separated_pieces(text: str, number: str, which: str) -> list[str]:
    if number.startswith(("-", "+")):
        _refuse(text, f"the {which} has both a sign and a letter. Keep one of them.")
    match = _SEPARATED.fullmatch(number)
    if match is None:
        _refuse(text, f"its {which} cannot be read. {_REMEDY}")
    return [piece for piece in match.group("degrees", "minutes", "seconds") if piece is not None]


def _compact_pieces(text: str, number: str, which: str) -> list[str]:
    """Degrees, minutes and seconds of digits without separators; empty where there are separators."""
    match = _COMPACT.fullmatch(number)
    if match is None:
        return []
    whole, fraction = match["whole"], match["fraction"] or ""
    digits = _DEGREE_DIGITS[which]
    if len(whole) not in (digits + 2, digits + 4):
        example = "5936N or 593600N" if which == "latitude" else "00430E or 0043000E"
        _refuse(
            text,
            f"without separators the {which} needs {digits} digits of degrees and 2 each of minutes "
            f"and seconds. Write it like {example}.",
        )
    pieces = [whole[:digits], *re.findall("..", whole[digits:])]
    return [*pieces[:-1], pieces[-1] + fraction]


def _check_pieces(text: str, pieces: list[str], which: str) -> None:
    if any("." in piece for piece in pieces[:-1]):
        _refuse(text, f"only the last number of the {which} may have decimals. {_REMEDY}")
    for name, piece in zip(("minutes", "seconds"), pieces[1:], strict=False):
        if float(piece) >= 60.0:
            _refuse(text, f"the {name} of its {which} are {piece}; they end at 59.99. Correct the {name}.")
    degrees = sum(float(piece) / 60.0**place for place, piece in enumerate(pieces))
    if degrees > _LIMIT_DEG[which]:
        _refuse(
            text, f"its {which} is {degrees:.9g} degrees; {which}s end at {_LIMIT_DEG[which]:g}. Correct it."
        )
