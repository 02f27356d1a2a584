"""The laws of detection, against printed values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex.detection import pod_definite_range, pod_inverse_cube_ladder, pod_random

# Coverage; inverse-cube ladder (Koopman 1946); random search; definite range. Printed to four figures.
PRINTED = [
    (0.0, 0.0, 0.0, 0.0),
    (0.1, 0.0997, 0.0952, 0.1),
    (0.3, 0.2931, 0.2592, 0.3),
    (0.5, 0.4691, 0.3935, 0.5),
    (0.8, 0.684, 0.5507, 0.8),
    (1.0, 0.7899, 0.6321, 1.0),
    (1.5, 0.9399, 0.7769, 1.0),
    (2.0, 0.9878, 0.8647, 1.0),
    (3.0, 0.9998, 0.9502, 1.0),
]


@pytest.mark.parametrize(("coverage", "ladder", "random", "definite"), PRINTED)
def test_printed_values(coverage, ladder, random, definite) -> None:
    assert float(pod_inverse_cube_ladder(coverage)) == pytest.approx(ladder, abs=6e-5)
    assert float(pod_random(coverage)) == pytest.approx(random, abs=6e-5)
    assert float(pod_definite_range(coverage)) == pytest.approx(definite, abs=6e-5)


def test_ladder_at_the_three_coverages_that_crews_know() -> None:
    assert pod_inverse_cube_ladder([0.5, 1.0, 2.0]) == pytest.approx([0.469, 0.790, 0.988], abs=5e-4)


def test_every_value_of_the_shared_table(shared_dir) -> None:
    columns = np.loadtxt(shared_dir / "reference" / "tables" / "pod_curves.csv", delimiter=",", skiprows=2)
    coverage = columns[:, 0]
    laws = (pod_inverse_cube_ladder, pod_random, pod_definite_range)
    for printed, law in zip(columns.T[1:4], laws, strict=True):
        assert law(coverage) == pytest.approx(printed, abs=6e-5)


@given(st.floats(0, 20), st.floats(0, 20))
def test_more_coverage_never_detects_less(one, other) -> None:
    low, high = sorted((one, other))
    for law in (pod_inverse_cube_ladder, pod_random, pod_definite_range):
        assert law(low) <= law(high)


@given(st.floats(0, 20))
def test_random_is_the_least_and_definite_range_the_most(coverage) -> None:
    random, ladder, definite = (
        float(law(coverage)) for law in (pod_random, pod_inverse_cube_ladder, pod_definite_range)
    )
    assert random <= ladder + 1e-15
    assert ladder <= definite + 1e-15


def test_shapes_are_kept() -> None:
    assert pod_inverse_cube_ladder(np.ones((2, 3))).shape == (2, 3)
    assert pod_random(1.0).shape == ()
