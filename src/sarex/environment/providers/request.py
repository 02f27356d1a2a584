"""What is asked of a provider, and what a provider is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from pathlib import Path
from typing import Protocol

from sarex.environment.quantities import Quantity

_BOX_STEP_DEG = 0.5
_WHOLE = timedelta(hours=3)


@dataclass(frozen=True)
class ProviderRequest:
    """A piece of a data set: which quantity, where and when."""

    dataset: str
    quantity: Quantity
    west_deg: float
    """East of Greenwich; may lie below -180, so that west is always less than east."""
    south_deg: float
    east_deg: float
    north_deg: float
    start: datetime
    end: datetime

    def rounded(self) -> "ProviderRequest":
        """The same piece and a little more, in round numbers: a case run again finds it in the cache."""
        since = datetime(1970, 1, 1, tzinfo=self.start.tzinfo)
        return ProviderRequest(
            self.dataset,
            self.quantity,
            _BOX_STEP_DEG * (floor(self.west_deg / _BOX_STEP_DEG) - 1),
            max(-90.0, _BOX_STEP_DEG * (floor(self.south_deg / _BOX_STEP_DEG) - 1)),
            _BOX_STEP_DEG * (ceil(self.east_deg / _BOX_STEP_DEG) + 1),
            min(90.0, _BOX_STEP_DEG * (ceil(self.north_deg / _BOX_STEP_DEG) + 1)),
            since + _WHOLE * floor((self.start - since) / _WHOLE),
            since + _WHOLE * ceil((self.end - since) / _WHOLE),
        )


class Provider(Protocol):
    """A service with forcing."""

    @property
    def suffix(self) -> str:
        """How its files end, ".nc" or ".grib2"."""
        ...

    def fetch(self, request: ProviderRequest, into: Path) -> None:
        """Write the piece to a file.

        Raises:
            ForcingError: the service does not have it, does not answer or wants a login; says what to do.
        """
        ...
