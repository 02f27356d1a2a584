"""What an update taught, in sentences for the console and the report."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sarex.cli.belief_words import BIN_WORDS
from sarex.clock import from_posix_s
from sarex.update import DebrisFind, Evidence, FalseAlarm, Lesson, Sighting
from sarex.update.model import SearchedTrack, TrackAccount
from sarex.update.on_scene import PlannedTask
from sarex.update.resample import LEAST_SHARE
from sarex.update.track import lengths_m, told

if TYPE_CHECKING:
    from sarex.cli.history import Search


def lesson_notes(
    search: "Search", evidence: Sequence[Evidence], lessons: Sequence[Lesson], particles: int
) -> tuple[str, ...]:
    """Reports as they were counted, the sums of probability, and what the particles are worth."""
    notes = [_report_note(item) for item in evidence if isinstance(item, Sighting | DebrisFind)]
    counted = [item.name for item in evidence if isinstance(item, Sighting | DebrisFind)]
    for report in search.reports:
        if isinstance(report, FalseAlarm):
            notes.append(_false_alarm_note(report))
        elif report.name not in counted:
            notes.append(f"{report.name}: withdrawn by a later report, not counted.")
    if lessons:
        last = lessons[-1]
        notes += [_sums_note(last), _worth_note(lessons, particles)]
    return tuple(notes)


def flown_notes(track: SearchedTrack) -> tuple[str, ...]:
    """What is counted of a task that was flown as planned."""
    ends = np.stack([track.start_lonlat_deg, track.end_lonlat_deg], axis=1)
    account = TrackAccount(
        unit_name=track.unit_name,
        rule="as flown in the plan given",
        counted_s=float((track.end_s - track.start_s).sum()),
        counted_m=float(sum(lengths_m(leg).sum() for leg in ends)),
        gaps=0,
        gap_s=0.0,
        gap_m=0.0,
        remarks=(),
    )
    return told(account, 0.0)


def untold_notes(
    planned: Sequence[PlannedTask], tracks: Sequence[SearchedTrack], names: Sequence[str]
) -> tuple[str, ...]:
    """Sorties of the plan that nobody told of.

    Args:
        planned: of the plan that was to be flown.
        tracks: what is counted.
        names: units that were told of, whether or not anything of it counts.
    """
    notes = []
    for name in dict.fromkeys(task.unit_name for task in planned):
        sorties = sorted((task for task in planned if task.unit_name == name), key=lambda it: it.on_scene_s)
        own = [track for track in tracks if track.unit_name == name and track.start_s.size]
        if name in names and (len(sorties) == 1 or not own):
            continue
        notes += [
            f"Nothing was told of {name} (sortie {number}): not counted."
            for number, task in enumerate(sorties, start=1)
            if not any(_meets(track, task) for track in own)
        ]
    return tuple(notes)


def _meets(track: SearchedTrack, task: PlannedTask) -> bool:
    return bool(track.start_s[0] < task.off_scene_s and task.on_scene_s < track.end_s[-1])


def _report_note(report: Sighting | DebrisFind) -> str:
    at = f"{from_posix_s(report.at_s):%d %b %H:%M} UTC"
    if isinstance(report, Sighting):
        kind = "" if report.object_type is None else f" as {report.object_type}"
        return f"{report.name}, {at}: counted{kind}, with {report.credibility:.0%} that it was the object."
    ruled_out = f"; it rules out {', '.join(report.rules_out)}" if report.rules_out else ""
    return (
        f"{report.name}, {at}: a find that drifts as {report.type_key}, with {report.credibility:.0%} that "
        "it comes from "
        f"this accident{ruled_out}. It tells where and when the drift began."
    )


def _false_alarm_note(report: FalseAlarm) -> str:
    if report.withdraws is None:
        return f"{report.name}: a false alarm; it changes nothing."
    return f'{report.name}: a false alarm; "{report.withdraws}" is withdrawn.'


def _sums_note(lesson: Lesson) -> str:
    parts = [
        f"{value:.4f} {BIN_WORDS[name]}"
        for name, value in lesson.bins.items()
        if value >= 5e-5 or name in ("found", "afloat")
    ]
    return f"Undetected: {lesson.undetected:.4f}. {' + '.join(parts)} = {sum(lesson.bins.values()):.4f}."


def _worth_note(lessons: Sequence[Lesson], particles: int) -> str:
    worth = f"{particles:,} particles are worth {lessons[-1].effective_particles:,.0f} of equal weight"
    if any(lesson.resampled for lesson in lessons):
        least = min(lesson.effective_particles for lesson in lessons if lesson.resampled)
        return (
            f"{particles:,} particles were worth only {least:,.0f} of equal weight, less than "
            f"{LEAST_SHARE:.0%}: they were "
            "drawn anew."
        )
    return f"{worth}."
