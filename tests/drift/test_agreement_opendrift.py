"""The same particles in Sarex and in OpenDrift end at the same places.

OpenDrift (GPL-2) is no dependency: the test runs where SAREX_PEER_PYTHON names a Python that has it. It takes
about a minute; `benchmarks/agreement_with_opendrift.py` is the whole comparison.
"""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

PARTICLES = 1000
"""Of 300, six more on the coast of one program are already the two points that are allowed."""


@pytest.fixture(scope="module")
def peer() -> Path:
    named = os.environ.get("SAREX_PEER_PYTHON")
    if not named:
        pytest.skip("SAREX_PEER_PYTHON names no Python that has OpenDrift")
    return Path(named)


@pytest.fixture(scope="module")
def agreement() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "agreement_with_opendrift.py"
    spec = importlib.util.spec_from_file_location("agreement_with_opendrift", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_same_draw_ends_at_the_same_place(peer: Path, agreement: ModuleType, shared_dir: Path) -> None:
    folder, site = shared_dir / "data" / "norkyst-arome-2015", agreement.SITES[1]
    if not folder.is_dir():
        pytest.skip("the forcing is not here")
    environment, settings = agreement.prepare(folder, site, PARTICLES)
    step_s = agreement.PEER_STEP_S
    ours, theirs = agreement.same_tracks(site, environment, settings, folder, peer, PARTICLES, (step_s,))
    other = theirs[step_s]
    both = ours.afloat & other.afloat
    apart_m = np.hypot(*np.moveaxis(ours.place_m - other.place_m, -1, 0))
    # drifts of some 50 km in 12 h and 90 km in 24 h; a class's own spread is ten to fifty times these limits
    assert np.median(apart_m[both[:, 0], 0]) < 200.0
    assert np.median(apart_m[both[:, 1], 1]) < 400.0
    assert np.abs(ours.stranded.mean(axis=0) - other.stranded.mean(axis=0)).max() <= 0.02
