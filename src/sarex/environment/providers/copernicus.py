"""The Copernicus Marine Service through its own toolbox, `copernicusmarine` 2."""

from pathlib import Path

from sarex.environment.providers.request import ProviderRequest
from sarex.environment.trouble import need, reason
from sarex.errors import ForcingError

_VARIABLES = {
    "current": (("uo", "vo"), ("utotal", "vtotal")),
    "wind": (("eastward_wind", "northward_wind"),),
    "Stokes drift": (("VSDX", "VSDY"), ("vsdx", "vsdy")),
}
"""Names in the products: physics (uo, vo), merged surface current with tide and waves (utotal, vtotal),
wind, waves."""
_SURFACE_M = 1.0
_LOGIN = (
    "Log in once with: copernicusmarine login (an account is free), or set COPERNICUSMARINE_SERVICE_USERNAME "
    "and "
    "COPERNICUSMARINE_SERVICE_PASSWORD."
)
_CREDENTIAL_TROUBLE = ("InvalidUsernameOrPassword", "CredentialsCannotBeNone", "Abort")


class CopernicusMarine:
    """Any data set of the service, by its id."""

    suffix = ".nc"

    def fetch(self, request: ProviderRequest, into: Path) -> None:
        """Have the toolbox cut the box, the time and the surface out and write them as NetCDF."""
        label = f"copernicusmarine:{request.dataset}"
        need(label, "Copernicus Marine", "copernicusmarine", "copernicus")
        trouble: Exception | None = None
        for variables in _VARIABLES[request.quantity.name]:
            try:
                _subset(request, variables, into)
            except Exception as failed:  # noqa: BLE001 -- the toolbox's thirty classes have no common root
                trouble = failed
                if type(failed).__name__ != "VariableDoesNotExistInTheDataset":
                    break
            else:
                break
        if into.exists():
            return
        if trouble is None:
            raise ForcingError(f"{label}: the toolbox wrote no file; try again, or fetch it by hand.")
        raise ForcingError(_sentence(label, request, trouble)) from trouble


def _subset(request: ProviderRequest, variables: tuple[str, str], into: Path) -> None:
    import copernicusmarine  # noqa: PLC0415 -- optional, and it takes seconds

    levels = request.quantity.name == "current"
    copernicusmarine.subset(
        dataset_id=request.dataset,
        variables=list(variables),
        minimum_longitude=request.west_deg,
        maximum_longitude=request.east_deg,
        minimum_latitude=request.south_deg,
        maximum_latitude=request.north_deg,
        minimum_depth=0.0 if levels else None,
        maximum_depth=_SURFACE_M if levels else None,
        start_datetime=request.start.replace(tzinfo=None),
        end_datetime=request.end.replace(tzinfo=None),
        coordinates_selection_method="outside",
        output_directory=into.parent,
        output_filename=into.name,
        overwrite=True,
        disable_progress_bar=True,
    )


def _sentence(label: str, request: ProviderRequest, trouble: Exception) -> str:
    kind = type(trouble).__name__
    if kind in _CREDENTIAL_TROUBLE:
        return f"{label}: the service does not know who asks. {_LOGIN}"
    if kind == "DatasetNotFound":
        return (
            f"{label}: there is no such data set; take its id from data.marine.copernicus.eu, for instance "
            f"cmems_mod_glo_phy_anfc_0.083deg_PT1H-m."
        )
    if kind == "VariableDoesNotExistInTheDataset":
        return f"{label}: no {request.quantity.name} in this data set; name another one."
    if kind == "CoordinatesOutOfDatasetBounds":
        return f"{label}: does not reach the case's box or time ({reason(trouble)}); name another data set."
    return (
        f"{label}: cannot be fetched ({reason(trouble)}). Check the network, or fetch it by hand "
        f"and name the file."
    )
