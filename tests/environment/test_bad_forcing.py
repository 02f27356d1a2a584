"""Broken forcing files: each is one sentence that names the file, never a traceback of a library."""

import netCDF4
import pytest

from broken_forcing import BREAKERS, make_text
from sarex.errors import ForcingError

SENTENCE_LENGTH = 300


@pytest.mark.parametrize("make", BREAKERS, ids=lambda make: make.__name__.removeprefix("make_"))
def test_broken_file_is_one_sentence_that_names_it(make, write_forcing, gather) -> None:
    path, expected = make(write_forcing)
    with pytest.raises(ForcingError) as caught:
        gather(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert expected in sentence
    assert len(sentence) <= SENTENCE_LENGTH
    assert "\n" not in sentence


def test_wind_at_another_height_is_refused(write_forcing, gather) -> None:
    path = write_forcing(
        "aloft.nc",
        depths=[80.0, 120.0],
        names=("uwnd", "vwnd"),
        standard_names=("eastward_wind", "northward_wind"),
    )
    with netCDF4.Dataset(path, "a") as nc:
        nc["depth"].setncatts({"standard_name": "height", "positive": "up"})
    with pytest.raises(ForcingError, match="80 m; leeway is defined for the wind at 10 m"):
        gather(path, quantity="wind")


def test_a_broken_second_choice_is_refused_too(write_forcing, gather) -> None:
    good, (bad, _) = write_forcing("good.nc"), make_text(write_forcing)
    with pytest.raises(ForcingError, match=r"text\.nc"):
        gather(good, bad)


def test_at_least_eighteen_kinds_of_damage() -> None:
    assert len(BREAKERS) >= 18


def test_missing_units_are_remedied_for_both_components_of_the_file(write_forcing, gather) -> None:
    path = write_forcing("no units.nc", units=None)
    with pytest.raises(ForcingError) as caught:
        gather(path)
    remedy = "ncatted -a units,uo,o,c,'m s-1' -a units,vo,o,c,'m s-1' 'no units.nc')"
    assert str(caught.value).endswith(remedy)
