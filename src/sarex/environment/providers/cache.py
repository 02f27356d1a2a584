"""The door to all providers: which one is meant, and whether its piece is already in the cache."""

import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sarex.environment.coast_cache import cache_folder
from sarex.environment.providers.copernicus import CopernicusMarine
from sarex.environment.providers.gfs import GlobalForecast
from sarex.environment.providers.request import Provider, ProviderRequest
from sarex.errors import ForcingError

_FRESH_FOR = timedelta(hours=3)
"""A forecast is asked for anew after this long; models run every six hours at most."""
_SETTLED_AFTER = timedelta(days=10)
"""What lies this long in the past does not change any more."""


def fetch_provided(provider: str, request: ProviderRequest, *, now: datetime | None = None) -> Path:
    """The file with a piece of a provider's data set, from the cache where it holds a fresh one.

    Raises:
        ForcingError: there is no such provider, or it cannot serve the piece.
    """
    asked = request.rounded()
    service = _provider(provider, asked)
    folder = cache_folder() / "forcing"
    digest = sha256(f"{provider}|{asked}".encode()).hexdigest()[:16]
    name = "".join(c if c.isalnum() or c in "._-" else "_" for c in f"{provider}-{asked.dataset}")[:60]
    kept = folder / f"{digest}-{name}{service.suffix}"
    if not _fresh(kept, asked, now or datetime.now(UTC)):
        folder.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(f"{kept.stem}.{os.getpid()}.part{service.suffix}")
        try:
            service.fetch(asked, part)
            part.replace(kept)
        finally:
            part.unlink(missing_ok=True)
    return kept


def _provider(provider: str, request: ProviderRequest) -> Provider:
    if provider == "copernicusmarine":
        return CopernicusMarine()
    if provider == "noaa" and request.dataset.lower() == "gfs":
        return GlobalForecast()
    if provider == "noaa":
        raise ForcingError(
            f"noaa:{request.dataset}: the only data set of NOAA known here is noaa:gfs (the 10 m wind); for "
            "a "
            f"current name an OPeNDAP URL, such as HYCOM's."
        )
    raise ForcingError(
        f"{provider}:{request.dataset}: there is no such provider; copernicusmarine and noaa are known."
    )


def _fresh(kept: Path, request: ProviderRequest, now: datetime) -> bool:
    if not kept.exists():
        return False
    written = datetime.fromtimestamp(kept.stat().st_mtime, UTC)
    return now - written < _FRESH_FOR or written - request.end > _SETTLED_AFTER
