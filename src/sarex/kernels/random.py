"""Random numbers that depend on nothing but what they are for.

A counter is hashed into 32 random bits, so the number for (seed, particle, step, stream) is the same on
any thread, in any block and on any machine, and needs no state. Hash: two rounds of multiply and xor-shift
with the low-bias constants found by C. Wellons ("Prospecting for hash functions", 2018; public domain).

A particle has a key of its own (a bijection of its number) and every step of every stream has one; the bits
are the hash of the two keys combined. Two particles can share a number by chance, as with any 32 bits, but
never a stream.
"""

from math import cos, log, pi, sqrt

import numpy as np
from numba import njit

ERRORS, JIBE, CAPSIZE, REFLOAT, AT_FIRST = 0, 1, 2, 3, 4
"""Streams."""
_BYTE_STD = sqrt((256**2 - 1) / 12)


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
def particle_key(number):  # type: ignore[no-untyped-def]
    """Different for every particle number below 2^32 (an odd multiplier permutes the integers)."""
    return np.uint32(np.uint32(number) * np.uint32(0x9E3779B9))


@njit(inline="always")
def step_key(seed, stream, step):  # type: ignore[no-untyped-def]
    """Key of one step of one stream of random numbers."""
    stream_key = hash32(np.uint32(seed) ^ np.uint32(np.uint32(stream + 1) * np.uint32(0x85EBCA6B)))
    return hash32(np.uint32(stream_key + np.uint32(np.uint32(step) * np.uint32(0xC2B2AE35))))


@njit(inline="always")
def byte_deviate(bits):  # type: ignore[no-untyped-def]
    """Mean 0 and variance 1 from the lowest byte of `bits`: uniform on 256 levels within 1.73 sigma.

    Only for innovations of a process with a memory of many steps: their weighted sum is normal to within
    an excess kurtosis of about -1.2 / (number of steps in the memory).
    """
    level = np.float32(np.int32(bits & np.uint32(0xFF)))
    return (level - np.float32(127.5)) * np.float32(1.0 / _BYTE_STD)


@njit(nogil=True, cache=True)
def draw_at_first(seed, first_particle, normal, uniform):  # type: ignore[no-untyped-def]
    """Fill (particle, k) arrays with what is drawn once a particle: standard normals and uniforms on 0..1.

    Normals by Box and Muller (1958) from two numbers of 32 bits; the largest is 6.7.
    """
    count = normal.shape[0]
    for i in range(count):
        key = particle_key(first_particle + i)
        for k in range(normal.shape[1]):
            one = hash32(key ^ step_key(seed, AT_FIRST, 2 * k))
            two = hash32(key ^ step_key(seed, AT_FIRST, 2 * k + 1))
            radius = sqrt(-2.0 * log((one + 0.5) / 4294967296.0))
            normal[i, k] = radius * cos(2.0 * pi * (two + 0.5) / 4294967296.0)
        for k in range(uniform.shape[1]):
            bits = hash32(key ^ step_key(seed, AT_FIRST, 1_000_000 + k))
            uniform[i, k] = (bits + 0.5) / 4294967296.0
