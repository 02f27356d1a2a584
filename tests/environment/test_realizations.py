"""Ensemble members that a case asks for and its files do not have are refused; those they have are read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import netCDF4
import numpy as np
import pytest

from sarex.case.model import ForcingFile, MemberForcing
from sarex.environment import Box, FieldRequest
from sarex.environment.gather import gather_members
from sarex.environment.quantities import CURRENT
from sarex.errors import ForcingError
from sarex.geo import LocalFrame

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
BOX = Box(-40_000.0, -40_000.0, 40_000.0, 40_000.0)
ASKED = FieldRequest(CURRENT, LocalFrame(132.0, 37.0), BOX, START, START + timedelta(hours=3))
WIND = ("eastward_wind", "northward_wind")


@pytest.fixture
def alike(write_forcing) -> ForcingFile:
    """A current without ensemble members."""
    return ForcingFile(str(write_forcing("alike.nc")))


@pytest.fixture
def calm(write_forcing) -> ForcingFile:
    """A wind without ensemble members."""
    return ForcingFile(str(write_forcing("calm.nc", names=("u10", "v10"), standard_names=WIND)))


@pytest.fixture
def ensemble(write_forcing) -> ForcingFile:
    """A wind of three members: 1, 2 and 3 m/s toward the east."""
    path = write_forcing("ensemble.nc", names=(None, None))
    with netCDF4.Dataset(path, "a") as nc:
        nc.createDimension("realization", 3)
        for name, standard_name, speed in (("u10", WIND[0], 1.0), ("v10", WIND[1], 0.0)):
            variable = nc.createVariable(name, "f4", ("realization", "time", "lat", "lon"))
            variable.setncatts({"units": "m s-1", "standard_name": standard_name})
            variable[:] = speed * np.arange(1.0, 4.0)[:, None, None, None]
    return ForcingFile(str(path))


def realizations(count: int, current: ForcingFile, wind: ForcingFile) -> tuple[MemberForcing, ...]:
    """What `realizations = count` makes of one file for each."""
    return tuple(
        MemberForcing(
            f"realization {number}",
            1.0 / count,
            (replace(current, realization=number, if_any=True),),
            (replace(wind, realization=number, if_any=True),),
        )
        for number in range(count)
    )


def test_each_member_has_its_own_wind_and_shares_the_current(alike, ensemble) -> None:
    members, _ = gather_members(ASKED, realizations(3, alike, ensemble))
    assert [float(np.median(member.wind.x_mps)) for member in members] == pytest.approx([1, 2, 3], rel=0.01)
    assert [float(np.median(member.current.x_mps)) for member in members] == pytest.approx(
        [0.3] * 3, rel=0.05
    )


def test_members_of_files_without_any_are_refused(alike, calm) -> None:
    with pytest.raises(
        ForcingError, match=r"alike\.nc, calm\.nc: .*realizations is 21.*all would be the same"
    ):
        gather_members(ASKED, realizations(21, alike, calm))


def test_more_members_than_the_file_has_are_refused(alike, ensemble) -> None:
    with pytest.raises(ForcingError, match=r"ensemble\.nc: realization = 3 is not in this file; its 3"):
        gather_members(ASKED, realizations(4, alike, ensemble))


@pytest.mark.parametrize("number", [0, 3])
def test_a_member_named_of_a_file_without_any_is_refused(number, alike, gather) -> None:
    with pytest.raises(
        ForcingError, match=rf"alike\.nc: realization = {number} is asked.*no ensemble members"
    ):
        gather(replace(alike, realization=number))


def test_a_member_beyond_the_last_is_refused(ensemble, gather) -> None:
    field, _ = gather(replace(ensemble, realization=2), quantity="wind")
    assert float(np.median(field.x_mps)) == pytest.approx(3.0, rel=0.01)
    with pytest.raises(ForcingError, match="realization = 3 is not in this file"):
        gather(replace(ensemble, realization=3), quantity="wind")
