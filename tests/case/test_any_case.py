"""Whatever stands in a case file, it is read or refused in a sentence."""

import tomllib
from copy import deepcopy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.case import case_from_mapping
from sarex.errors import CaseError

HERE = Path(__file__).parent
TEXT = (HERE / "whole_case.toml").read_text(encoding="utf-8").replace('"wind.nc"', '"whole_case.toml"')
WHOLE: dict[str, Any] = tomllib.loads(TEXT)
BEARING = {"lon": 4.5, "lat": 59.6, "bearing_deg": 310, "bearing_error_deg": 3, "range_nm": [2, 12]}
FIX = {"lon": 4.5, "lat": 59.6, "major_nm": 3, "minor_nm": 1, "major_toward_deg": 40}
SEEDS: list[dict[str, Any]] = [
    {"area": [[3.6, 59.9], [4.0, 59.9], [4.0, 60.1]], "area_error_nm": 1.0},
    {"bearing": BEARING},
    {"bearings": [BEARING, BEARING]},
    {"fix": FIX | {"ambiguous": {"at": "59-36.0N 014-00.0E", "probability": 0.3}}},
    {"cloud": "whole_case.toml"},
    {"found": {"lon": 4.5, "lat": 59.6, "error_nm": 0.1, "time": "2015-11-17T05:00:00Z"}},
]
RICH: dict[str, Any] = WHOLE | {
    "scenario": [
        *WHOLE["scenario"],
        *(
            {"name": str(number), "weight": 1, "from": "2015-11-16T05:00:00Z", "objects": [{"type": "PIW-1"}]}
            | seed
            for number, seed in enumerate(SEEDS)
        ),
    ],
    "environment": {
        "current": [{"file": "whole_case.toml", "realization": 2}, {"table": "whole_case.toml"}],
        "stokes": "s3://bucket/waves.zarr",
        "member": [{"name": "A", "weight": 1, "wind": "noaa:gfs"}, {"wind": "sample-sea"}],
    },
}

Step = int | str


def paths_in(value: object, path: tuple[Step, ...] = ()) -> list[tuple[Step, ...]]:
    """Where every table, list and value stands."""
    inner: list[tuple[Step, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [found for step, item in inner for found in [(*path, step), *paths_in(item, (*path, step))]]


junk = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.just(10**400),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["~nobody/x", "a\0b", "**x", "[", "x" * 5000, "/*", "../*", "2015-11-16T12:00:00Z"]),
        st.datetimes(datetime(1, 1, 1)),  # noqa: DTZ001 - a local time of TOML
        st.dates(date(1, 1, 1)),
        st.times(time(0)),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["lon", "lat", "at", "error_nm", "speed_kt", "from_deg", "{x}"]), inner
        )
    ),
    max_leaves=4,
)


@settings(max_examples=250, deadline=None)
@given(path=st.sampled_from(paths_in(RICH)), value=junk)
def test_any_value_anywhere_is_read_or_refused(path: tuple[Step, ...], value: object) -> None:
    data = deepcopy(RICH)
    table: Any = data
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = value
    if path[0] == "scenario" and len(path) > 1:
        data["scenario"] = [data["scenario"][path[1]]]  # alone, so that no other is refused before it
    elif isinstance(data.get("scenario"), list):
        data["scenario"] = data["scenario"][:2]
    try:
        case_from_mapping(data, base_dir=HERE, name="random case")
    except CaseError as refusal:
        sentence = str(refusal)
        assert sentence.startswith("random case: ")
        assert len(sentence) < 1000
        assert "Input should" not in sentence
