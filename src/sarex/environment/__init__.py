"""The sea and the air of a case: forcing fields with their sources, and the coast."""

from sarex.environment.coast import gather_coast, is_land
from sarex.environment.field import on_land, sample_velocity
from sarex.environment.gather import gather_environment
from sarex.environment.model import (
    LAND,
    SHORE,
    WATER,
    Box,
    Coast,
    Environment,
    ForcingSource,
    LandRaster,
    VelocityField,
)
from sarex.environment.request import FieldRequest

__all__ = [
    "LAND",
    "SHORE",
    "WATER",
    "Box",
    "Coast",
    "Environment",
    "FieldRequest",
    "ForcingSource",
    "LandRaster",
    "VelocityField",
    "gather_coast",
    "gather_environment",
    "is_land",
    "on_land",
    "sample_velocity",
]
