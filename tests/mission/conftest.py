"""One thread for the planner's kernels: these problems are small, and a busy machine starves the others."""

import numba
import pytest


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(before)
