"""Random numbers that depend on nothing but what they are for.

A counter is hashed into 32 random bits, so the number for (seed, particle, step, stream) is the same on
any thread and in any block, and needs no state. Hash: two rounds of multiply and xor-shift with the
low-bias constants found by C. Wellons ("Prospecting for hash functions", 2018; public domain).
"""

from math import sqrt

import numpy as np
from numba import njit

_BYTE_SUM_MEAN = 4 * 127.5
_BYTE_SUM_STD = sqrt(4 * (256**2 - 1) / 12)


@njit(inline="always")
def hash32(counter):  # type: ignore[no-untyped-def]
    """32 well-mixed bits of an unsigned 32-bit counter."""
    h = np.uint32(counter)
    h ^= h >> np.uint32(16)
    h = np.uint32(h * np.uint32(0x21F0AAAD))
    h ^= h >> np.uint32(15)
    h = np.uint32(h * np.uint32(0xD35A2D97))
    h ^= h >> np.uint32(15)
    return h


@njit(inline="always")
def standard_deviate(bits):  # type: ignore[no-untyped-def]
    """Mean 0 and variance 1 from 32 bits: the sum of the four bytes.

    Only for innovations of a process with a memory of many steps, whose sum is normal to within an
    excess kurtosis of -0.3 / (number of steps in the memory); a single draw ends at 3.45 sigma.
    """
    total = (
        (bits & np.uint32(0xFF))
        + ((bits >> np.uint32(8)) & np.uint32(0xFF))
        + ((bits >> np.uint32(16)) & np.uint32(0xFF))
        + (bits >> np.uint32(24))
    )
    return (np.float32(total) - np.float32(_BYTE_SUM_MEAN)) * np.float32(1.0 / _BYTE_SUM_STD)
