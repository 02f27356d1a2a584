"""A file is read in batches of time that fit into memory."""

import netCDF4
import numpy as np
import pytest

from sarex.environment import reading, sample_velocity


@pytest.mark.parametrize("values", [1, 2_500, 8_000_000])
@pytest.mark.parametrize("backwards", [False, True])
def test_batches_change_nothing(values, backwards, write_forcing, gather, monkeypatch) -> None:
    monkeypatch.setattr(reading, "_BATCH_VALUES", values)
    hours = np.arange(0.0, 49.0)[:: -1 if backwards else 1]
    path = write_forcing(hours=hours, eastward=0.01 * hours[:, None, None])
    other = write_forcing("other.nc", hours=np.arange(0.25, 49.0), lon=np.arange(131.0, 131.5, 0.1))
    field, _ = gather(path, other, hours=40.0)
    assert len(field.times_s) > 41
    x, _ = sample_velocity(field, 0.0, 0.0, field.times_s)
    assert x == pytest.approx(0.01 * (field.times_s - field.times_s[0] + 6 * 3600) / 3600, abs=2e-3)


def test_no_more_than_a_batch_is_asked_for(write_forcing, gather, monkeypatch) -> None:
    asked = []
    plain = reading.read_steps

    def watched(forcing, placement, steps):
        asked.append(steps)
        return plain(forcing, placement, steps)

    monkeypatch.setattr(reading, "read_steps", watched)
    gather(write_forcing(hours=np.arange(0.0, 100.0)), hours=90.0)
    assert max(steps.stop - steps.start for steps in asked) == 24
    assert sorted(k for steps in asked for k in range(steps.start, steps.stop)) == list(range(6, 97))


def test_a_speed_that_is_not_believed_is_found_in_a_later_batch(write_forcing, gather) -> None:
    path = write_forcing(hours=np.arange(0.0, 80.0))
    with netCDF4.Dataset(path, "a") as nc:
        nc["uo"][60] = 50.0
    with pytest.raises(Exception, match="a current of 50 m/s is not believed"):
        gather(path, hours=70.0)
