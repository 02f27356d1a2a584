"""Compiled kernels older than a source are thrown away before they are tested."""

import os

from stale_kernels import forget_stale_kernels


def test_only_what_is_older_than_the_newest_source_goes(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    times = {"caller.py": 10, "called.py": 30, "__pycache__/old.nbc": 20, "__pycache__/new.nbi": 40}
    for name, at in times.items():
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (at, at))
    assert forget_stale_kernels(tmp_path) == 1
    assert [kept.name for kept in (tmp_path / "__pycache__").iterdir()] == ["new.nbi"]
