"""Leeway, seeds, the time loop and the ensemble."""

from sarex.drift.engine import Tracks, Traits, plain_traits
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.drift.origins import first_release_s
from sarex.drift.run import PreparedDrift, drift_ensemble, drift_seeds, prepare_drift

__all__ = [
    "DriftEnsemble",
    "PreparedDrift",
    "Status",
    "Tracks",
    "Traits",
    "drift_ensemble",
    "drift_seeds",
    "first_release_s",
    "plain_traits",
    "prepare_drift",
]
