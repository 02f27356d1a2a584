"""Rows of examinations that were never held: finds, levels and times drawn from what is promised, or not."""

import numpy as np

from sarex.exercise.examination.model import Place, Row, WindowRow


def made_window(
    random: np.random.Generator, promised: float, found_with: float, spread: float = 1.0
) -> WindowRow:
    """A window whose object is found with `found_with`; contours are right where `spread` is 1."""
    found = bool(random.random() < found_with)
    rank = float(random.random()) if found else None
    places = tuple(
        Place(float(min(1.0, random.random() * spread)), float(random.random()), float(random.random()))
        for _ in range(3)
    )
    return WindowRow(
        promised=promised,
        found=found,
        found_at=rank,
        time_rank=rank,
        promised_by=tuple(promised * part for part in (0.25, 0.5, 0.75, 1.0)),
        places=places,
        sorties=1,
    )


def made_rows(count: int, seed: int, *, off: float = 0.0, spread: float = 1.0) -> tuple[Row, ...]:
    """One window each, promises even over the range; finds are more often than promised by `off`."""
    random = np.random.default_rng(seed)
    promises = random.uniform(0.02, 0.98, count)
    return tuple(
        Row(
            number=number, sea="made up", units=1, objects=1, scenarios=1, origins=("Area",), window_h=4.0,
            windows=(made_window(random, float(p), float(np.clip(p + off, 0.0, 1.0)), spread),),
        )
        for number, p in enumerate(promises)
    )  # fmt: skip
