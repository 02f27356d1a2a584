"""Case, scenario, search object, search unit; the door that reads a case file."""

from sarex.case.door import case_from_mapping, open_case
from sarex.case.positions import read_position
from sarex.case.stored import case_to_mapping

__all__ = ["case_from_mapping", "case_to_mapping", "open_case", "read_position"]
