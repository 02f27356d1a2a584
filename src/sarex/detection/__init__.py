"""What a look is worth: sweep widths and the laws of detection."""

from sarex.detection.curves import pod_definite_range, pod_inverse_cube_ladder, pod_random
from sarex.detection.fitness import sweep_widths_in_light, weather_reason
from sarex.detection.looks import Drifters, footprint_in_plane, look_exposure
from sarex.detection.model import Correction, SweepWidth
from sarex.detection.objects import LeewayRow, leeway_rows, table_object_for
from sarex.detection.sweep_width import sweep_width, unusable_reason

__all__ = [
    "Correction",
    "Drifters",
    "LeewayRow",
    "SweepWidth",
    "footprint_in_plane",
    "leeway_rows",
    "look_exposure",
    "pod_definite_range",
    "pod_inverse_cube_ladder",
    "pod_random",
    "sweep_width",
    "sweep_widths_in_light",
    "table_object_for",
    "unusable_reason",
    "weather_reason",
]
