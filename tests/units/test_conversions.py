"""Conversions against the definitions: 1 nm = 1852 m (1929), 1 ft = 0.3048 m (1959)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex import units

PAIRS = (
    (units.nm_to_m, units.m_to_nm),
    (units.kt_to_mps, units.mps_to_kt),
    (units.ft_to_m, units.m_to_ft),
    (units.h_to_s, units.s_to_h),
)


@pytest.mark.parametrize(
    ("convert", "given_value", "expected"),
    [
        (units.nm_to_m, 1.5, 2778.0),
        (units.kt_to_mps, 90.0, 46.3),
        (units.ft_to_m, 500.0, 152.4),
        (units.h_to_s, 0.25, 900.0),
    ],
)
def test_definitions(convert, given_value, expected) -> None:
    assert convert(given_value) == pytest.approx(expected, rel=1e-12)


@given(st.floats(0.0, 1e6), st.sampled_from(PAIRS))
def test_there_and_back(value, pair) -> None:
    assert pair[1](pair[0](value)) == pytest.approx(value, rel=1e-12)
