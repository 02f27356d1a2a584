"""The whole validation: launches, forecasts, scores and what they come to."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sarex.case.model import DriftSettings
from sarex.errors import InputError
from sarex.validation.forecast import forecast
from sarex.validation.launches import choose_launches
from sarex.validation.model import HORIZONS_H, Launch, Score, Track, Unread
from sarex.validation.scores import score_forecast
from sarex.validation.slip import Slip, slip_of
from sarex.validation.summary import Summary, summarise
from sarex.workers import cores

PARTICLES = 5_000
SPACING_H = 24
"""Launches do not overlap for the 24 h that the main figure speaks of."""


@dataclass(frozen=True)
class StudySettings:
    """How the drift is scored."""

    drift: DriftSettings = field(default_factory=lambda: DriftSettings(particles=PARTICLES))
    spacing_h: int = SPACING_H
    horizons_h: tuple[int, ...] = HORIZONS_H
    seed: int = 1


@dataclass(frozen=True)
class Study:
    """Scores of every launch and what they come to."""

    settings: StudySettings
    tracks: tuple[Track, ...]
    unread: tuple[Unread, ...]
    launches: int
    scores: tuple[Score, ...]
    summaries: tuple[Summary, ...]
    slips: dict[str, Slip]
    """By kind of drifter."""

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(score.model for score in self.scores))

    def summary(self, model: str, horizon_h: int, kind: str | None = None) -> Summary | None:
        """Of all kinds together, or of one."""
        wanted = (model, horizon_h, kind)
        return next((s for s in self.summaries if (s.model, s.horizon_h, s.kind) == wanted), None)


def validate(
    tracks: Sequence[Track],
    unread: Sequence[Unread],
    settings: StudySettings,
    progress: Callable[[float], None],
) -> Study:
    """Score the drift engine against tracks; `progress` is told the share that is done.

    Raises:
        InputError: no track is long enough for a single launch.
    """
    launches = choose_launches(tracks, settings.spacing_h, settings.horizons_h)
    if not launches:
        raise InputError(
            f"none of the {len(tracks)} tracks goes on for {min(settings.horizons_h) + 1} hours with "
            "position, current and wind; there is nothing to score. Give longer tracks."
        )
    scores = tuple(_scores(launches, settings, progress))
    return Study(
        settings,
        tuple(tracks),
        tuple(unread),
        len(launches),
        scores,
        summarise(scores, settings.seed),
        {kind: slip_of(kind) for kind in sorted({launch.track.kind for launch in launches})},
    )


def _scores(
    launches: Sequence[Launch], settings: StudySettings, progress: Callable[[float], None]
) -> Iterator[Score]:
    """Launch by launch on every core; the order is that of the launches."""

    def run(launch: Launch) -> tuple[Score, ...]:
        return score_forecast(forecast(launch, settings.drift, settings.seed), settings.horizons_h)

    with ThreadPoolExecutor(max_workers=cores()) as executor:
        for done, scores in enumerate(executor.map(run, launches), start=1):
            yield from scores
            progress(done / len(launches))
