"""Values of fields and rasters at points."""

import numpy as np
import pytest

from sarex.environment import LAND, SHORE, WATER, LandRaster, VelocityField, on_land, sample_velocity


def a_field(x_mps) -> VelocityField:
    values = np.asarray(x_mps, np.float32)
    times_s = np.array([0.0, 60.0, 180.0])
    return VelocityField(-10.0, 100.0, 20.0, times_s, np.stack([values, 2.0 * values], axis=-1))


LINEAR = np.add.outer(np.add.outer([0.0, 6.0, 18.0], [0.0, 2.0, 4.0, 6.0]), [0.0, 20.0])


def test_a_linear_field_is_met_exactly() -> None:
    field = a_field(LINEAR)
    x_m, y_m, time_s = np.array([-10.0, 0.0, 10.0, 3.0]), np.array([100.0, 130.0, 160.0, 111.0]), 30.0
    x, y = sample_velocity(field, x_m, y_m, time_s)
    assert x == pytest.approx((x_m + 10.0) + (y_m - 100.0) / 10.0 + time_s / 10.0)
    assert y == pytest.approx(2.0 * x)


@pytest.mark.parametrize(
    "point", [(-10.1, 100.0, 0.0), (0.0, 160.1, 0.0), (0.0, 110.0, -1.0), (0.0, 110.0, 181.0)]
)
def test_outside_in_space_or_time_is_unknown(point) -> None:
    assert np.isnan(sample_velocity(a_field(LINEAR), *point)).all()


def test_a_missing_node_spoils_its_cells_only() -> None:
    values = LINEAR.copy()
    values[:, 0, 0] = np.nan
    field = a_field(values)
    x, _ = sample_velocity(field, [0.0, 10.0, 0.0], [110.0, 110.0, 130.0], 0.0)
    assert np.isnan(x).tolist() == [True, False, False]


def test_raster_lookup() -> None:
    raster = LandRaster(0.0, 0.0, 10.0, np.array([[WATER, SHORE], [LAND, WATER]], np.uint8))
    codes = on_land(raster, [5.0, 10.0, 0.0, 19.99, -0.1, 20.0], [5.0, 9.99, 10.0, 19.99, 5.0, 5.0])
    assert codes.tolist() == [WATER, SHORE, LAND, WATER, WATER, WATER]
