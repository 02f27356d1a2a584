"""Random numbers of the kernels: equal to their plain twin, well distributed, never shared.

Seeds are fixed; each tolerance is five standard errors (false alarm 6e-7) unless it says otherwise.
"""

import numpy as np
import pytest
from drift_twin import AT_FIRST, CAPSIZE, ERRORS, JIBE, REFLOAT, bits_of, byte_deviates, hash32
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from sarex.kernels import random as kernel

STREAMS = (ERRORS, JIBE, CAPSIZE, REFLOAT, AT_FIRST)
NUMBERS = st.integers(0, 2**32 - 1)


def bits_of_kernel(number: int, seed: int, stream: int, step: int) -> int:
    return int(kernel.hash32(np.uint32(kernel.particle_key(number) ^ kernel.step_key(seed, stream, step))))


def table(particles, steps: int, seed: int = 77, stream: int = ERRORS) -> np.ndarray:
    """Bits (particle, step), by the hash written with arrays."""
    keys = (np.asarray(particles, np.uint64) * 0x9E3779B9 & 0xFFFFFFFF)[:, None]
    h = keys ^ np.array([_step_key(seed, stream, step) for step in range(steps)], np.uint64)[None, :]
    for shift, factor in ((16, 0x21F0AAAD), (15, 0xD35A2D97)):
        h = (h ^ (h >> np.uint64(shift))) * np.uint64(factor) & np.uint64(0xFFFFFFFF)
    return h ^ (h >> np.uint64(15))


def _step_key(seed: int, stream: int, step: int) -> int:
    return int(kernel.step_key(seed, stream, step))


def first_error(bits: np.ndarray) -> np.ndarray:
    return ((bits & np.uint64(0xFF)).astype(float) - 127.5) / np.sqrt(65535 / 12)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, st.sampled_from(STREAMS), st.integers(0, 10_000))
def test_bits_equal_their_twins(number, seed, stream, step) -> None:
    bits = bits_of_kernel(number, seed, stream, step)
    assert bits == bits_of(number, seed, stream, step)
    assert bits == int(table([number], step + 1, seed, stream)[0, step]) if step < 30 else True
    for byte, deviate in enumerate(byte_deviates(bits)):
        found = float(kernel.byte_deviate(np.uint32(bits >> 8 * byte)))
        assert found == pytest.approx(deviate, abs=1e-6)


@given(NUMBERS)
def test_the_hash_is_its_twin(counter) -> None:
    assert int(kernel.hash32(np.uint32(counter))) == hash32(counter)


def test_bits_are_even_and_independent_between_steps_streams_and_particles() -> None:
    """A million numbers: every bit is set half the time; no two of neighbours agree more than by chance.

    32 bits and 8 pairs of tables: six standard errors (false alarm 5e-7 in all).
    """
    whole = table(np.arange(4000), 250)
    count = whole.size
    for bit in range(32):
        share = ((whole >> np.uint64(bit)) & np.uint64(1)).mean()
        assert abs(share - 0.5) < 6 * 0.5 / np.sqrt(count), bit
    error = first_error(whole)
    assert abs(error.mean()) < 5 / np.sqrt(count)
    assert error.var() == pytest.approx(1.0, abs=5 * np.sqrt(0.8 / count))
    others = [table(np.arange(4000), 250, stream=stream) for stream in STREAMS[1:]]
    others += [table(np.arange(4000), 250, seed=78), table(np.arange(4000) + 256, 250), whole >> np.uint64(8)]
    others += [np.roll(whole, 1, axis=1), np.roll(whole, 1, axis=0)]
    for other in others:
        assert abs(np.mean(error * first_error(other))) < 6 / np.sqrt(count)


def test_no_two_particles_share_a_stream() -> None:
    """Also where the keys of two particles differ in one bit only, which a weak hash would let through.

    For each of the 32 bits 200 pairs over 3,000 steps: their errors are uncorrelated within six standard
    errors (false alarm 6e-8 in all), and no number is shared.
    """
    inverse = pow(0x9E3779B9, -1, 2**32)
    rng = np.random.default_rng(4)
    for bit in range(32):
        keys = rng.integers(0, 2**32, 200, dtype=np.uint64)
        one, other = (
            table([int(key) * inverse % 2**32 for key in both], 3000)
            for both in (keys, keys ^ np.uint64(1 << bit))
        )
        for shift in (0, 8, 16, 24):
            product = first_error(one >> np.uint64(shift)) * first_error(other >> np.uint64(shift))
            assert abs(product.mean()) < 6 / np.sqrt(product.size), (bit, shift)
        assert not np.any(one == other)


def test_first_draws_are_normal_and_uniform() -> None:
    """Kolmogorov's distance of 100,000 draws below 2.6 / sqrt(n) (false alarm 3e-6); no column another's."""
    count = 100_000
    normal, uniform = np.empty((count, 6)), np.empty((count, 2))
    kernel.draw_at_first(np.uint32(9), 500, normal, uniform)
    for column in normal.T:
        assert kstest(column, "norm").statistic < 2.6 / np.sqrt(count)
    for column in uniform.T:
        assert kstest(column, "uniform").statistic < 2.6 / np.sqrt(count)
    found = np.corrcoef(np.hstack([normal, uniform]).T) - np.eye(8)
    assert np.abs(found).max() < 5.5 / np.sqrt(count)
    assert np.isfinite(normal).all()
    later = np.empty((10, 6)), np.empty((10, 2))
    kernel.draw_at_first(np.uint32(9), 600, *later)
    np.testing.assert_array_equal(later[0], normal[100:110])


def test_a_memory_of_many_bytes_is_normal() -> None:
    """The persistent error after four memories of 154 steps: excess kurtosis of -1.2 / 154, no more.

    5,000 particles: the standard error of the kurtosis is 0.07; the limit is three and a half of them.
    """
    kept = np.exp(-600.0 / (25.7 * 3600.0))
    error = np.zeros(5000)
    for innovation in first_error(table(np.arange(5000), 616)).T:
        error = kept * error + np.sqrt(1 - kept**2) * innovation
    assert error.var() == pytest.approx(1.0, abs=5 * np.sqrt(2 / 5000))
    assert abs(np.mean(error**4) / error.var() ** 2 - 3.0) < 0.25
