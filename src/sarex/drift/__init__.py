"""Leeway, seeds, the time loop and the ensemble."""

from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.drift.origins import first_release_s
from sarex.drift.run import drift_ensemble

__all__ = ["DriftEnsemble", "Status", "drift_ensemble", "first_release_s"]
