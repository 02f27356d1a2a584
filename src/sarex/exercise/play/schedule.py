"""What is pending: things that will happen at an instant if nothing comes between."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

import numpy as np

from sarex.journal import Draft
from sarex.randomness import child_generator

Make = Callable[[datetime], Sequence[Draft]]
"""Makes the events of something, given when it happens."""


@dataclass(frozen=True)
class Pending:
    """Something that will happen, and how to make its events once its time has come."""

    at: datetime
    make: Make


@dataclass(frozen=True)
class Due:
    """What comes first, and when it happens: never before the present."""

    at: datetime
    item: Pending


def first_of(pending: Iterable[Pending], now: datetime) -> Due | None:
    """The earliest; of several at one instant the one named first. None of none."""
    dated = [Due(max(whole_second(item.at), now), item) for item in pending]
    return min(dated, key=lambda due: due.at, default=None)


def whole_second(at: datetime) -> datetime:
    """The instant, or the next whole second after it."""
    return datetime.fromtimestamp(ceil(round(at.timestamp(), 3)), tz=UTC)


@dataclass(frozen=True)
class Delays:
    """Times that people take, each drawn by its name: never by the order in which they are asked for."""

    seed: int

    def between(self, least: timedelta, most: timedelta, *name: str) -> timedelta:
        """Even between two."""
        draw = child_generator(self.seed, "exercise", *name).random()
        return least + (most - least) * float(draw)

    def about(self, median: timedelta, most: timedelta, *name: str) -> timedelta:
        """Log-normal around a median (sigma 0.6), never longer than the most."""
        draw = child_generator(self.seed, "exercise", *name).normal()
        return min(median * float(np.exp(0.6 * draw)), most)

    def chance(self, probability: float, *name: str) -> bool:
        return bool(child_generator(self.seed, "exercise", *name).random() < probability)
