"""Leeway of search objects: published coefficients to what the kernel needs.

Source: Allen & Plourde (1999) CG-D-08-99, Allen (2005) CG-D-05-05, Turner (2006), Breivik & Allen (2008)
arXiv:1111.1102. With the 10 m wind speed W in m/s,

    L = [(slope + eps / 20) W + offset + eps / 2] / 100    m/s,   eps ~ N(0, std)

so that the spread equals the tabulated one at W = 10 m/s. Downwind and crosswind draw independently, one
draw per particle for its whole life. Positive crosswind is to the right of downwind. On a jibe the object
takes the other side's slope, offset and spread, keeping how far it stands from that side's mean.

The draw is taken as published: where slope + eps / 20 is negative (a fifth of PIW-2 in light winds) it stays
so, because drawing again until it is positive shifts the mean drift (PIW-2 by 40 %).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sarex.tables import leeway_classes


def leeway_table(type_keys: Sequence[str]) -> NDArray[np.float64]:
    """The nine published coefficients of leeway classes, (class, 9): slope (%), offset and standard deviation
    (cm/s) downwind, crosswind right and crosswind left."""
    return np.array([_published(key) for key in type_keys], dtype=np.float64)


def leeway_coefficients(
    table: NDArray[np.float64],
    object_type: NDArray[np.int16],
    downwind_deviate: NDArray[np.float64],
    crosswind_deviate: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Slope and offset of each particle's leeway: downwind, crosswind right, crosswind left.

    Args:
        table: published coefficients as `leeway_table` gives them, (class, 9).
        object_type: row of the table, (particle,).
        downwind_deviate, crosswind_deviate: standard normal draws, (particle,).

    Returns:
        (particle, 6): slope (m/s per m/s) and offset (m/s) for each of the three.
    """
    draws = (downwind_deviate, crosswind_deviate, -crosswind_deviate)
    coefficients = np.empty((object_type.size, 6), np.float32)
    for component, deviate in enumerate(draws):
        slope, offset, std = table[:, 3 * component : 3 * component + 3].T
        epsilon = deviate * std[object_type]
        coefficients[:, 2 * component] = (slope[object_type] + epsilon / 20.0) / 100.0
        coefficients[:, 2 * component + 1] = (offset[object_type] + epsilon / 2.0) / 100.0
    return coefficients


def _published(key: str) -> tuple[float, ...]:
    row = leeway_classes()[key]
    return (
        row.downwind_slope_percent,
        row.downwind_offset_cm_s,
        row.downwind_std_cm_s,
        row.crosswind_right_slope_percent,
        row.crosswind_right_offset_cm_s,
        row.crosswind_right_std_cm_s,
        row.crosswind_left_slope_percent,
        row.crosswind_left_offset_cm_s,
        row.crosswind_left_std_cm_s,
    )
