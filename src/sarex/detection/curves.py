"""Probability of detection as a function of coverage: three laws.

Coverage C = W / S for parallel sweeps, or search effort over area. All three functions take a number or an
array and return the same shape; a negative coverage has no meaning and is not checked.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

_erf = np.vectorize(math.erf, otypes=[np.float64])


def pod_inverse_cube_ladder(coverage: ArrayLike) -> NDArray[np.float64]:
    """A long ladder of evenly spaced straight sweeps by eye: erf(sqrt(pi)/2 C).

    Koopman's inverse-cube law of sighting over a uniform area, sweeps without error of navigation and longer
    than the detection range. Source: Koopman, *Search and Screening*, OEG Report 56 (1946); IAMSAR Vol. II,
    "ideal search conditions": 0.79 at C = 1.
    """
    return np.asarray(_erf(0.5 * math.sqrt(math.pi) * np.asarray(coverage, dtype=np.float64)))


def pod_random(coverage: ArrayLike) -> NDArray[np.float64]:
    """Random search: 1 - exp(-C), the least that honest effort spread over an area gives.

    Source: Koopman (1946); IAMSAR Vol. II, "normal search conditions": 0.63 at C = 1.
    """
    return np.asarray(-np.expm1(-np.asarray(coverage, dtype=np.float64)))


def pod_definite_range(coverage: ArrayLike) -> NDArray[np.float64]:
    """Everything within a swath is seen, nothing beyond, without overlap: min(1, C).

    No law with the same sweep width can exceed it; sensors with a swath use it times their recall.
    Source: Koopman (1946); Stone, *Theory of Optimal Search* (1975).
    """
    return np.asarray(np.minimum(1.0, np.asarray(coverage, dtype=np.float64)))
