"""NOAA's Global Forecast System, 0.25 degrees, wind at 10 m, as GRIB 2.

The last ten days come from NOMADS, which cuts the box out on the server (a few kB an hour); older runs from
NOAA's open-data archive, whose index files say at which bytes of each file the two wind messages lie (about
1.5 MB an hour, the whole globe; since 2021).
"""

import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from sarex.environment.providers.request import ProviderRequest
from sarex.environment.trouble import reason
from sarex.errors import ForcingError

_HOUR = timedelta(hours=1)
_CYCLE = 6 * _HOUR
_PUBLISHED_AFTER = 5 * _HOUR
"""A run is on the servers whole up to five days about this long after its nominal time."""
_KEPT_ON_NOMADS = timedelta(days=9)
_HOURLY_UNTIL_H, _LAST_H = 120, 384
_TRIES = 3
_TIMEOUT_S = 60.0
_LEVEL = "10 m above ground"


@dataclass(frozen=True)
class GlobalForecast:
    """The wind of one run of the model: the latest that began before the span and is published."""

    filter_url: str = "https://nomads.ncep.noaa.gov/cgi-bin/filter_gfs_0p25_1hr.pl"
    archive_url: str = "https://noaa-gfs-bdp-pds.s3.amazonaws.com"
    now: datetime | None = None
    pause_s: float = 2.0
    """Before a failed request is made again; doubles each time."""
    suffix: str = ".grib2"

    def fetch(self, request: ProviderRequest, into: Path) -> None:
        """Fetch hour after hour; what arrived is kept beside `into`, and a second try goes on from there."""
        if request.quantity.name != "wind":
            raise ForcingError(
                f"noaa:gfs: has a wind and no {request.quantity.name}; name another source for it."
            )
        now = self.now or datetime.now(UTC)
        run = choose_run(request.start, now)
        archived = now - run > _KEPT_ON_NOMADS
        folder = into.parent / f"gfs-{run:%Y%m%d%H}-{_box_name(request, archived=archived)}"
        folder.mkdir(parents=True, exist_ok=True)
        for step_h in choose_steps(run, request):
            kept = folder / f"f{step_h:03d}.grib2"
            if not kept.exists():
                data = self._archived(run, step_h) if archived else self._cut_out(run, step_h, request)
                part = kept.with_suffix(".part")
                part.write_bytes(data)
                part.replace(kept)
        with into.open("wb") as whole:
            for step_h in choose_steps(run, request):
                whole.write((folder / f"f{step_h:03d}.grib2").read_bytes())
        for kept in folder.iterdir():
            kept.unlink()
        folder.rmdir()

    def _cut_out(self, run: datetime, step_h: int, request: ProviderRequest) -> bytes:
        query = {
            "dir": f"/gfs.{run:%Y%m%d}/{run:%H}/atmos",
            "file": f"gfs.t{run:%H}z.pgrb2.0p25.f{step_h:03d}",
            "var_UGRD": "on",
            "var_VGRD": "on",
            "lev_10_m_above_ground": "on",
            "subregion": "",
            "toplat": f"{request.north_deg:g}",
            "leftlon": f"{request.west_deg:g}",
            "rightlon": f"{request.east_deg:g}",
            "bottomlat": f"{request.south_deg:g}",
        }
        return self._messages(run, step_h, f"{self.filter_url}?{urllib.parse.urlencode(query)}", None)

    def _archived(self, run: datetime, step_h: int) -> bytes:
        url = f"{self.archive_url}/gfs.{run:%Y%m%d}/{run:%H}/atmos/gfs.t{run:%H}z.pgrb2.0p25.f{step_h:03d}"
        index = self._get(run, step_h, f"{url}.idx", None).decode("ascii", errors="replace")
        ranges = wind_ranges(index)
        if len(ranges) != 2:
            raise ForcingError(
                f"noaa:gfs: the index of hour {step_h} of the run {_name(run)} lists no 10 m wind."
            )
        return b"".join(self._messages(run, step_h, url, bytes_) for bytes_ in ranges)

    def _messages(self, run: datetime, step_h: int, url: str, bytes_: str | None) -> bytes:
        data = self._get(run, step_h, url, bytes_)
        if not data.startswith(b"GRIB") or not data.rstrip(b"\n").endswith(b"7777"):
            raise ForcingError(
                f"noaa:gfs: the server sent no GRIB for hour {step_h} of the run {_name(run)}; try again in "
                "some "
                f"minutes."
            )
        return data

    def _get(self, run: datetime, step_h: int, url: str, bytes_: str | None) -> bytes:
        asked = urllib.request.Request(url, headers={"User-Agent": "sarex"})  # noqa: S310 -- https by default
        if bytes_ is not None:
            asked.add_header("Range", f"bytes={bytes_}")
        trouble: Exception | None = None
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(self.pause_s * 2 ** (attempt - 1))
            try:
                with urllib.request.urlopen(asked, timeout=_TIMEOUT_S) as answer:  # noqa: S310
                    return bytes(answer.read())
            except urllib.error.HTTPError as refused:
                refused.close()  # it holds the connection
                trouble = refused
                if refused.code in (403, 404):
                    break
            except OSError as failed:
                trouble = failed
        raise ForcingError(
            f"noaa:gfs: hour {step_h} of the run {_name(run)} cannot be fetched "
            f"({reason(trouble) if trouble else 'no answer'}). What arrived is kept; try again, or name "
            "another source."
        ) from trouble


def choose_run(start: datetime, now: datetime) -> datetime:
    """The nominal time of the latest published run that does not begin after `start`."""
    latest = min(start, now - _PUBLISHED_AFTER)
    since = datetime(1970, 1, 1, tzinfo=UTC)
    return since + _CYCLE * ((latest - since) // _CYCLE)


def choose_steps(run: datetime, request: ProviderRequest) -> list[int]:
    """Forecast hours that cover the span: hourly for five days, then every three hours.

    Raises:
        ForcingError: the span ends after the forecast does.
    """
    first_h, last_h = (request.start - run) // _HOUR, ceil((request.end - run) / _HOUR)
    if last_h > _LAST_H:
        raise ForcingError(
            f"noaa:gfs: the forecast of the run {_name(run)} ends after {_LAST_H} hours, but the case needs "
            "hour "
            f"{last_h}; move the search window or give another wind."
        )
    if last_h > _HOURLY_UNTIL_H:
        last_h += -last_h % 3
    if first_h > _HOURLY_UNTIL_H:
        first_h -= first_h % 3
    return [h for h in range(first_h, last_h + 1) if h <= _HOURLY_UNTIL_H or h % 3 == 0]


def wind_ranges(index: str) -> list[str]:
    """Bytes of the two wind messages, from lines "588:414735214:d=2024010100:UGRD:10 m above ground:..."."""
    lines = [line.split(":") for line in index.splitlines() if line.count(":") >= 5]
    starts = [int(line[1]) for line in lines]
    found = []
    for number, line in enumerate(lines):
        if line[3] in ("UGRD", "VGRD") and line[4] == _LEVEL:
            end = str(starts[number + 1] - 1) if number + 1 < len(starts) else ""
            found.append(f"{starts[number]}-{end}")
    return found


def _box_name(request: ProviderRequest, *, archived: bool) -> str:
    if archived:
        return "globe"
    return f"{request.west_deg:g}_{request.south_deg:g}_{request.east_deg:g}_{request.north_deg:g}"


def _name(run: datetime) -> str:
    return f"{run:%Y-%m-%dT%HZ}"
