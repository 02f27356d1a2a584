"""Kernels against slow plain-numpy twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.kernels.regrid import extend_pair, interpolate_pair, locate_in_quads


def bilinear_twin(values, row, column):
    """Weights of the four corners, those without data left out, NaN if they held more than half."""
    out = np.full(row.shape, np.nan)
    for index in np.ndindex(row.shape):
        r, c = row[index], column[index]
        if not np.isfinite(r + c):
            continue
        total = weight = 0.0
        for j in range(values.shape[0]):
            for i in range(values.shape[1]):
                w = max(0.0, 1.0 - abs(r - j)) * max(0.0, 1.0 - abs(c - i))
                if w > 0.0 and np.isfinite(values[j, i]):
                    total += w * values[j, i]
                    weight += w
        if weight >= 0.5:
            out[index] = total / weight
    return out


def gappy(rng, shape=(6, 7)):
    values = rng.normal(size=shape).astype(np.float32)
    values[rng.random(shape) < 0.3] = np.nan
    return values


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_interpolation_equals_its_twin(seed) -> None:
    rng = np.random.default_rng(seed)
    first = gappy(rng)
    second = 2.0 * first
    row, column = rng.uniform(0, 5, (4, 5)), rng.uniform(0, 6, (4, 5))
    row[0, 0], row[0, 1], column[0, 1] = np.nan, 5.0, 6.0
    out = [np.empty(row.shape, np.float32) for _ in range(2)]
    interpolate_pair(first, second, row, column, *out)
    expected = bilinear_twin(first, row, column)
    np.testing.assert_allclose(out[0], expected, rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(out[1], 2 * expected, rtol=2e-5, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_extension_takes_the_nearest_cell_with_data(seed) -> None:
    rng = np.random.default_rng(seed)
    first = gappy(rng, (12, 13))
    first[4:, :] = np.nan
    row, column = rng.uniform(0, 11, (6, 6)), rng.uniform(0, 12, (6, 6))
    out = [np.full(row.shape, np.nan, np.float32) for _ in range(2)]
    extend_pair(first, first, row, column, 3, *out)
    rows, columns = np.nonzero(np.isfinite(first))
    for index in np.ndindex(row.shape):
        distance = np.hypot(rows - row[index], columns - column[index])
        if distance.min() <= 3.0:
            assert out[0][index] == first[rows[distance.argmin()], columns[distance.argmin()]]
        else:
            assert np.isnan(out[0][index])


def test_nodes_of_a_skewed_grid_are_found() -> None:
    """The fractional indices, put back through the bilinear map, give the node's own position."""
    j, i = np.meshgrid(np.arange(9.0), np.arange(11.0), indexing="ij")
    x = 100.0 * (i + 0.3 * j + 0.02 * i * j)
    y = 100.0 * (1.2 * j - 0.25 * i + 0.01 * j * j)
    row, column = np.full((40, 60), np.nan), np.full((40, 60), np.nan)
    locate_in_quads(x, y, -50.0, -250.0, 30.0, row, column)
    found = np.isfinite(row)
    assert 0.3 < found.mean() < 0.9
    node_x, node_y = np.meshgrid(-50.0 + 30.0 * np.arange(60), -250.0 + 30.0 * np.arange(40))
    for axis, nodes in ((x, node_x), (y, node_y)):
        assert bilinear_twin(axis, row, column)[found] == pytest.approx(nodes[found], abs=1e-5)
