"""Services that cut a piece of their forcing out for a case: Copernicus Marine, NOAA."""

from sarex.environment.providers.cache import fetch_provided
from sarex.environment.providers.request import Provider, ProviderRequest

__all__ = ["Provider", "ProviderRequest", "fetch_provided"]
