"""Knots, miles, feet and degrees, to and from SI.

Only the doors (case file, plan file, report) speak the sailor's units; everything inside is metres,
seconds and metres per second.
"""

NAUTICAL_MILE_M = 1852.0
"""International nautical mile (1929)."""
KNOT_MPS = NAUTICAL_MILE_M / 3600.0
FOOT_M = 0.3048
"""International foot (1959)."""
HOUR_S = 3600.0


def nm_to_m(distance_nm: float) -> float:
    return distance_nm * NAUTICAL_MILE_M


def m_to_nm(distance_m: float) -> float:
    return distance_m / NAUTICAL_MILE_M


def kt_to_mps(speed_kt: float) -> float:
    return speed_kt * KNOT_MPS


def mps_to_kt(speed_mps: float) -> float:
    return speed_mps / KNOT_MPS


def ft_to_m(height_ft: float) -> float:
    return height_ft * FOOT_M


def m_to_ft(height_m: float) -> float:
    return height_m / FOOT_M


def h_to_s(duration_h: float) -> float:
    return duration_h * HOUR_S


def s_to_h(duration_s: float) -> float:
    return duration_s / HOUR_S
