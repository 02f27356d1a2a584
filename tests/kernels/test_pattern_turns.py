"""Reversals against the equations of motion, solved for every word of Dubins."""

import cmath
import itertools
from math import hypot, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import fsolve

from sarex.kernels.pattern import turn_length
from sarex.kernels.pattern_turns import reversal_length

distances = st.floats(-8.0, 8.0)
WORDS = ("LSL", "LSR", "RSL", "RSR", "LRL", "RLR")


def end_of(word, lengths):
    """Where pieces of unit radius lead: x, y and heading."""
    place, heading = 0j, 0.0
    for letter, length in zip(word, lengths, strict=True):
        if letter == "S":
            place += length * cmath.exp(1j * heading)
            continue
        sense = 1 if letter == "L" else -1
        place += -1j * sense * (cmath.exp(1j * (heading + sense * length)) - cmath.exp(1j * heading))
        heading += sense * length
    return place, heading


def shortest_by_solving(ahead, aside):
    """Least total of the non-negative roots found from many first guesses."""
    best = np.inf
    for word in WORDS:
        for guess in itertools.product((0.5, 2.0, 4.0), (1.0, 4.0), (0.5, 2.0, 4.0)):

            def missed(lengths, word=word):
                place, heading = end_of(word, lengths)
                gap = place - complex(ahead, -aside)
                return gap.real, gap.imag, np.sin(heading / 2 - pi / 2)

            lengths, _, code, _ = fsolve(missed, guess, full_output=True)
            if code == 1 and lengths.min() > -1e-7 and hypot(*missed(lengths)) < 1e-7:
                best = min(best, lengths.sum())
    return best


@pytest.mark.filterwarnings("ignore:The iteration is not making good progress")
@pytest.mark.parametrize(
    ("ahead", "aside"), [(0.0, 0.3), (0.0, 5.0), (1.5, 0.8), (-1.5, 0.8), (6.0, 1.0), (-3.0, 1.9), (2.0, 4.0)]
)
def test_no_word_of_dubins_is_shorter(ahead, aside) -> None:
    assert reversal_length(ahead, aside, 1.0) == pytest.approx(shortest_by_solving(ahead, aside), abs=1e-6)


@given(st.floats(0.0, 6.0))
def test_level_rungs_take_the_ladders_turn(aside) -> None:
    assert reversal_length(0.0, aside, 1.0) == pytest.approx(turn_length(aside, 1.0), abs=1e-6)


@given(distances, st.floats(2.0, 9.0))
def test_wide_apart_it_is_a_semicircle_and_a_straight(ahead, aside) -> None:
    assert reversal_length(ahead, aside, 1.0) == pytest.approx(pi + hypot(ahead, aside - 2.0))


@given(distances, distances, st.floats(0.1, 50.0))
def test_symmetries(ahead, aside, scale) -> None:
    """The mirror, the way back and another unit of length change nothing."""
    length = reversal_length(ahead, aside, 1.0)
    assert reversal_length(ahead, -aside, 1.0) == pytest.approx(length)
    assert reversal_length(-ahead, aside, 1.0) == pytest.approx(length, abs=1e-5)
    assert reversal_length(ahead * scale, aside * scale, scale) == pytest.approx(length * scale, rel=1e-5)
    assert hypot(ahead, aside) <= length <= abs(ahead) + turn_length(abs(aside), 1.0) + 1e-6


def test_what_turns_on_the_spot_goes_straight_there() -> None:
    assert reversal_length(3.0, 4.0, 0.0) == 5.0
