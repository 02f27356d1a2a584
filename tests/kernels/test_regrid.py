"""Kernels against slow plain-numpy twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.kernels.regrid import (
    centre_of_faces,
    clean_speeds,
    fill_from_grid,
    fill_from_nearest_cell,
    locate_in_quads,
)

TURN = (0.8, -0.6, 0.6, 0.8)


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
    out = np.full((*row.shape, 2), np.nan, np.float32)
    axes = np.broadcast_to(np.array(TURN, np.float32), (*row.shape, 4)).copy()
    found = fill_from_grid(first, second, np.stack([row, column], axis=-1), axes, out)
    expected = bilinear_twin(first, row, column)
    np.testing.assert_allclose(out[..., 0], (TURN[0] + 2 * TURN[1]) * expected, rtol=2e-5, atol=2e-6)
    np.testing.assert_allclose(out[..., 1], (TURN[2] + 2 * TURN[3]) * expected, rtol=2e-5, atol=2e-6)
    assert found == np.isfinite(expected).sum()


def test_a_node_that_has_a_velocity_keeps_it() -> None:
    position = np.full((2, 2, 2), 0.5)
    velocity = np.full((2, 2, 2), np.nan, np.float32)
    velocity[0, 1] = 7.0
    ones = np.ones((2, 2), np.float32)
    assert fill_from_grid(ones, ones, position, np.ones((2, 2, 4), np.float32), velocity) == 3
    assert velocity[0, 1].tolist() == [7.0, 7.0]
    assert velocity[1, 1].tolist() == [2.0, 2.0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_extension_takes_the_nearest_cell_with_data(seed) -> None:
    rng = np.random.default_rng(seed)
    first = gappy(rng, (12, 13))
    first[4:, :] = np.nan
    row, column = rng.uniform(0, 11, (6, 6)), rng.uniform(0, 12, (6, 6))
    axes = np.broadcast_to(np.array([1, 0, 0, 1], np.float32), (*row.shape, 4)).copy()
    kept = np.zeros(first.shape, bool), np.full(row.shape, -2, np.int32)
    # The second time cells have dried, so that nothing of what was kept may be used.
    for dried in (0, 1):
        first[:dried, :] = np.nan
        out = np.full((*row.shape, 2), np.nan, np.float32)
        fill_from_nearest_cell(first, first, np.stack([row, column], axis=-1), axes, 3, *kept, out)
        rows, columns = np.nonzero(np.isfinite(first))
        for index in np.ndindex(row.shape):
            distance = np.hypot(rows - row[index], columns - column[index])
            if distance.min() <= 3.0:
                assert out[index][0] == first[rows[distance.argmin()], columns[distance.argmin()]]
            else:
                assert np.isnan(out[index][0])


def test_faces_of_a_cell() -> None:
    """By hand: the mean of two faces, a wall counts as zero, a cell without any face is land."""
    first = np.array([[[9, 9, 9], [0.2, 0.6, np.nan], [np.nan] * 3]], np.float32)
    second = np.array([[[9, 0.1, 0.3], [9, np.nan, 0.5], [9, np.nan, np.nan]]], np.float32)
    water = np.ones((2, 2), bool)
    out = np.empty((1, 2, 2), np.float32), np.empty((1, 2, 2), np.float32)
    centre_of_faces(first, second, np.arange(2), np.arange(2), water, *out)
    assert out[0][0] == pytest.approx(np.array([[0.4, 0.3], [np.nan, 0.0]]), nan_ok=True)
    assert out[1][0] == pytest.approx(np.array([[0.05, 0.4], [np.nan, 0.25]]), nan_ok=True)


def test_what_looks_like_a_fill_value_is_missing() -> None:
    cleaned = np.empty(5, np.float32)
    largest = clean_speeds(np.array([50.0, -120.0, -9999.0, np.nan, 1e37]), 0.01, 999.0, cleaned)
    assert cleaned == pytest.approx([0.5, -1.2, np.nan, np.nan, np.nan], nan_ok=True)
    assert largest == pytest.approx(1.2)


def test_nodes_of_a_skewed_grid_are_found() -> None:
    """The fractional indices, put back through the bilinear map, give the node's own position."""
    j, i = np.meshgrid(np.arange(9.0), np.arange(11.0), indexing="ij")
    x = 100.0 * (i + 0.3 * j + 0.02 * i * j)
    y = 100.0 * (1.2 * j - 0.25 * i + 0.01 * j * j)
    position = np.full((40, 60, 2), np.nan)
    locate_in_quads(x, y, -50.0, -250.0, 30.0, position)
    row, column = position[..., 0], position[..., 1]
    found = np.isfinite(row)
    assert 0.3 < found.mean() < 0.9
    node_x, node_y = np.meshgrid(-50.0 + 30.0 * np.arange(60), -250.0 + 30.0 * np.arange(40))
    for axis, nodes in ((x, node_x), (y, node_y)):
        assert bilinear_twin(axis, row, column)[found] == pytest.approx(nodes[found], abs=1e-5)
