"""Machine code of kernels that have changed since."""

from pathlib import Path


def forget_stale_kernels(kernels: Path) -> int:
    """Delete compiled kernels that are older than any kernel's source; returns how many.

    numba looks only at the file of the function that is called, not at what that function calls, so after a
    change elsewhere old machine code would run and be tested.
    """
    newest = max(source.stat().st_mtime for source in kernels.glob("*.py"))
    stale = [kept for kept in kernels.glob("__pycache__/*.nb?") if kept.stat().st_mtime < newest]
    for kept in stale:
        kept.unlink(missing_ok=True)
    return len(stale)
