"""Providers on stored answers: a local web server for NOAA, a stand-in client for Copernicus Marine."""

import http.server
import sys
import threading
import types
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from grib_files import write_grib

from broken_forcing import write_forcing_file
from sarex.environment.providers import ProviderRequest, fetch_provided
from sarex.environment.providers.gfs import GlobalForecast, choose_run, choose_steps, wind_ranges
from sarex.environment.quantities import CURRENT, STOKES, WIND
from sarex.errors import ForcingError

START = datetime(2026, 5, 1, 6, tzinfo=UTC)


def request(dataset="gfs", quantity=WIND, start=START, hours=6.0) -> ProviderRequest:
    return ProviderRequest(dataset, quantity, 131.2, 36.1, 132.9, 37.8, start, start + timedelta(hours=hours))


class Forecasts(http.server.BaseHTTPRequestHandler):
    """Answers as NOMADS and the archive do, from GRIB messages written for the hour that is asked for."""

    folder = None
    asked: list = []  # noqa: RUF012 -- one server at a time
    failures = 0

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        Forecasts.asked.append(self.path)
        if Forecasts.failures > 0:
            Forecasts.failures -= 1
            self.send_error(503)
            return
        query = parse_qs(split.query)
        step = int((query["file"][0] if query else split.path.removesuffix(".idx"))[-3:])
        run_h = int((query["dir"][0] if query else split.path).partition("gfs.")[2].split("/")[1])
        messages = [("gust", 30.0, step), ("10u", float(run_h + step), step), ("10v", -1.0, step)]
        parts = [write_grib(self.folder / "m.grib2", [m], run_h=run_h).read_bytes() for m in messages]
        body = parts[1] + parts[2]
        if split.path.endswith(".idx"):
            first = len(parts[0])
            lines = ["1:0:d=2026050100:GUST:surface:anl:"]
            lines += [f"2:{first}:d=2026050100:UGRD:10 m above ground:{step} hour fcst:"]
            lines += [f"3:{first + len(parts[1])}:d=2026050100:VGRD:10 m above ground:{step} hour fcst:"]
            body = "\n".join(lines).encode()
        elif not query:
            low, _, high = self.headers["Range"].removeprefix("bytes=").partition("-")
            whole = b"".join(parts)
            body = whole[int(low) : int(high) + 1 if high else None]
        self.send_response(206 if "Range" in self.headers else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def noaa(tmp_path):
    pytest.importorskip("cfgrib")
    Forecasts.folder, Forecasts.asked, Forecasts.failures = tmp_path, [], 0
    with http.server.HTTPServer(("127.0.0.1", 0), Forecasts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield lambda now: GlobalForecast(f"{url}/cgi-bin/filter.pl", url, now, pause_s=0.0)
        server.shutdown()


@pytest.mark.parametrize("days_later", [0, 30])
def test_gfs_from_both_servers_reads_as_the_wind_that_was_sent(days_later, noaa, tmp_path, gather) -> None:
    now = START + timedelta(days=days_later)
    path = tmp_path / "gfs.grib2"
    noaa(now).fetch(request().rounded(), path)
    field, sources = gather(path, quantity="wind")
    # the wind toward east is as many m/s as the hour of the day
    middle = np.argmin(np.abs(field.times_s - (START + timedelta(hours=3)).timestamp()))
    assert float(np.nanmean(field.x_mps[middle])) == pytest.approx(9.0, abs=0.2)
    assert sources[0].produced_at is not None
    archived = [asked for asked in Forecasts.asked if asked.endswith(".idx")]
    assert len(archived) == (7 if days_later else 0)


def test_nomads_is_asked_for_the_box_and_the_level_only(noaa, tmp_path) -> None:
    noaa(START).fetch(request(hours=0.0).rounded(), tmp_path / "gfs.grib2")
    query = parse_qs(urlsplit(Forecasts.asked[0]).query, keep_blank_values=True)
    assert query == {
        "dir": ["/gfs.20260501/00/atmos"], "file": ["gfs.t00z.pgrb2.0p25.f006"],
        "var_UGRD": ["on"], "var_VGRD": ["on"], "lev_10_m_above_ground": ["on"], "subregion": [""],
        "leftlon": ["130.5"], "rightlon": ["133.5"], "bottomlat": ["35.5"], "toplat": ["38.5"],
    }  # fmt: skip


def test_a_second_try_goes_on_where_the_first_broke_off(noaa, tmp_path) -> None:
    service = noaa(START)
    Forecasts.failures = 2
    service.fetch(request(hours=0.0).rounded(), tmp_path / "a.grib2")
    assert len(Forecasts.asked) == 3
    Forecasts.asked.clear()
    Forecasts.failures = 0
    original = service._cut_out
    broken = GlobalForecast(service.filter_url, service.archive_url, START, pause_s=0.0)

    def cut_out(run, step_h, asked):
        if step_h == 9:
            raise ForcingError("noaa:gfs: the line is down")
        return original(run, step_h, asked)

    object.__setattr__(broken, "_cut_out", cut_out)
    with pytest.raises(ForcingError, match="the line is down"):
        broken.fetch(request().rounded(), tmp_path / "b.grib2")
    before = len(Forecasts.asked)
    service.fetch(request().rounded(), tmp_path / "b.grib2")
    assert before == 3  # hours 6, 7 and 8
    assert len(Forecasts.asked) == 7
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == []


def test_gfs_that_does_not_answer_is_one_sentence(tmp_path) -> None:
    service = GlobalForecast("http://127.0.0.1:9/filter.pl", "http://127.0.0.1:9", START, pause_s=0.0)
    with pytest.raises(ForcingError, match=r"^noaa:gfs: hour 6 of the run 2026-05-01T00Z cannot be fetched"):
        service.fetch(request(), tmp_path / "gfs.grib2")


@pytest.mark.parametrize(
    ("start", "now", "run"),
    [
        ("2026-05-01T07:00", "2026-05-01T08:00", "2026-05-01T00:00"),
        ("2026-05-01T07:00", "2026-05-01T11:30", "2026-05-01T06:00"),
        ("2026-05-03T07:00", "2026-05-01T11:30", "2026-05-01T06:00"),
        ("2024-01-01T05:59", "2026-05-01T11:30", "2024-01-01T00:00"),
    ],
)
def test_latest_published_run_before_the_span(start, now, run) -> None:
    read = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, now, run)]
    assert choose_run(read[0], read[1]) == read[2]


def test_steps_are_hourly_for_five_days_then_three_hourly() -> None:
    run = START - timedelta(hours=6)
    assert choose_steps(run, request(hours=2.5)) == [6, 7, 8, 9]
    assert choose_steps(run, request(start=run + timedelta(hours=118), hours=7)) == [118, 119, 120, 123, 126]
    with pytest.raises(ForcingError, match="ends after 384 hours"):
        choose_steps(run, request(hours=400))


def test_index_lines_give_byte_ranges() -> None:
    index = (
        "1:0:d=2026050100:PRMSL:mean sea level:anl:\n2:100:d=2026050100:UGRD:10 m above ground:anl:\n"
        "3:250:d=2026050100:VGRD:10 m above ground:anl:\n4:400:d=2026050100:UGRD:100 m above ground:anl:\n"
    )
    assert wind_ranges(index) == ["100-249", "250-399"]


class Toolbox(types.ModuleType):
    """Writes what `copernicusmarine.subset` writes: NetCDF with uo, vo on depth 0.494 m."""

    def __init__(self) -> None:
        super().__init__("copernicusmarine")
        self.calls: list[dict] = []
        self.trouble: Exception | None = None

    def subset(self, **asked) -> None:
        self.calls.append(asked)
        if self.trouble is not None:
            raise self.trouble
        write_forcing_file(asked["output_directory"], asked["output_filename"], depths=[0.494])


@pytest.fixture
def toolbox(monkeypatch, tmp_path):
    import importlib.machinery

    module = Toolbox()
    module.__spec__ = importlib.machinery.ModuleSpec("copernicusmarine", None)
    monkeypatch.setitem(sys.modules, "copernicusmarine", module)
    monkeypatch.setenv("SAREX_CACHE_DIR", str(tmp_path / "cache"))
    return module


def test_copernicus_is_asked_for_the_piece_and_read_as_any_file(toolbox, gather) -> None:
    path = fetch_provided("copernicusmarine", request("cmems_mod_glo_phy_anfc_0.083deg_PT1H-m", CURRENT))
    field, _ = gather(path)
    assert float(np.nanmean(field.x_mps)) == pytest.approx(0.3, abs=0.01)
    (asked,) = toolbox.calls
    assert asked["dataset_id"] == "cmems_mod_glo_phy_anfc_0.083deg_PT1H-m"
    assert asked["variables"] == ["uo", "vo"]
    assert (asked["minimum_longitude"], asked["maximum_longitude"]) == (130.5, 133.5)
    assert asked["start_datetime"] <= START.replace(tzinfo=None)
    assert asked["maximum_depth"] == 1.0


def test_what_is_asked_for_is_what_the_toolbox_knows(toolbox, monkeypatch) -> None:
    import inspect

    fetch_provided("copernicusmarine", request("cmems_mod_glo_wav_anfc_0.083deg_PT3H-i", STOKES))
    monkeypatch.delitem(sys.modules, "copernicusmarine")
    real = pytest.importorskip("copernicusmarine")
    assert set(toolbox.calls[0]) <= set(inspect.signature(real.subset).parameters)


def test_a_fresh_piece_comes_from_the_cache_and_an_old_forecast_does_not(toolbox) -> None:
    soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    asked = request("some_current", CURRENT, start=soon)
    first = fetch_provided("copernicusmarine", asked)
    assert fetch_provided("copernicusmarine", asked) == first
    assert len(toolbox.calls) == 1
    fetch_provided("copernicusmarine", asked, now=datetime.now(UTC) + timedelta(hours=4))
    assert len(toolbox.calls) == 2


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("CredentialsCannotBeNone", "copernicusmarine login"),
        ("InvalidUsernameOrPassword", "copernicusmarine login"),
        ("DatasetNotFound", "no such data set"),
        ("VariableDoesNotExistInTheDataset", "no current in this data set"),
        ("ConnectionError", "Check the network"),
    ],
)
def test_copernicus_trouble_is_one_sentence_with_the_remedy(kind, words, toolbox, tmp_path) -> None:
    toolbox.trouble = type(kind, (Exception,), {})("because")
    with pytest.raises(ForcingError, match=words) as caught:
        fetch_provided("copernicusmarine", request("some_current", CURRENT))
    assert str(caught.value).startswith("copernicusmarine:some_current: ")
    assert list((tmp_path / "cache" / "forcing").iterdir()) == []


@pytest.mark.parametrize(("provider", "dataset"), [("noaa", "rtofs"), ("ecmwf", "ifs")])
def test_unknown_providers_are_refused_by_name(provider, dataset) -> None:
    with pytest.raises(ForcingError, match=f"{provider}:{dataset}"):
        fetch_provided(provider, request(dataset))


def test_gfs_has_no_current() -> None:
    with pytest.raises(ForcingError, match="has a wind and no current"):
        fetch_provided("noaa", request("gfs", CURRENT))
