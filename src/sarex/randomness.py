"""Named child generators from one seed.

A name is hashed into the seed sequence, so that adding a consumer of random numbers never changes
what the others draw, and nothing depends on the order of calls or the number of threads.
"""

from zlib import crc32

import numpy as np


def child_seed(seed: int, *names: str) -> int:
    """A 64-bit seed for the purpose that the names spell, for generators inside kernels."""
    return int(_sequence(seed, names).generate_state(1, np.uint64)[0])


def child_generator(seed: int, *names: str) -> np.random.Generator:
    """An independent generator for the purpose that the names spell."""
    return np.random.Generator(np.random.PCG64(_sequence(seed, names)))


def _sequence(seed: int, names: tuple[str, ...]) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, *(crc32(name.encode()) for name in names)])
