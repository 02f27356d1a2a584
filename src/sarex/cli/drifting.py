"""`sarex drift`: the ensemble and its maps, of any size, in bounded memory."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape

from sarex.case.model import Case
from sarex.cli.belief_words import print_belief, print_head
from sarex.cli.mission_file import write_mission
from sarex.cli.progress import progress_on
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.backward import check_forward
from sarex.drift.executors import DriftExecutor
from sarex.drift.run import REPORTED, PreparedDrift, empty_tracks, prepare_drift
from sarex.drift.surroundings import gather_environment
from sarex.environment.model import Environment
from sarex.environment.quantities import STOKES
from sarex.exchange.drift_nc import DriftLayout, create_drift_file
from sarex.exchange.folder import whole_folder
from sarex.exchange.probability_nc import write_probability
from sarex.probability import Contour, ProbabilityMap, contours, map_probability


@dataclass(frozen=True)
class DriftOutcome:
    """What is told of a drift when it is done."""

    case: Case
    environment: Environment
    maps: tuple[ProbabilityMap, ...]
    """At the start, in the middle and at the end of the search window."""
    contours: tuple[Contour, ...]
    """In the middle."""


def drift_to_folder(case: Case, out: Path, executor: DriftExecutor, console: Console) -> DriftOutcome:
    """Drift the objects of a case and write the folder: whole, or not at all.

    Raises:
        CaseError: the case asks where something came from.
    """
    check_forward(case)
    computed_at = datetime.now(UTC).replace(microsecond=0)
    with progress_on(console) as progress, whole_folder(out) as folder:
        step = progress.add_task("reading wind, current and coast", total=None)
        environment = gather_environment(case, may_end_early=True)
        prepared = prepare_drift(
            case, environment, until=case.window.end, purpose=REPORTED, fine_from=case.window.start
        )
        progress.update(step, description="drifting the search objects", total=1.0, completed=0.0)
        instants = case.window.instants
        held = np.array([np.argmin(np.abs(prepared.times_s - to_posix_s(at))) for at in instants])
        shown = empty_tracks(prepared.origins.x_m.size, held.size)
        with create_drift_file(folder / "drift.nc", case, environment, layout_of(prepared)) as file:
            for stretch, part in prepared.pieces(
                executor, lambda done: progress.update(step, completed=done)
            ):
                file.append(stretch, part)
                shown.x_m[stretch], shown.y_m[stretch] = part.x_m[:, held], part.y_m[:, held]
                shown.status[stretch] = part.status[:, held]
        progress.update(step, description="drawing the maps", total=None)
        ensemble = prepared.ensemble(shown, slice(None), prepared.times_s[held])
        maps = tuple(map_probability(ensemble, at, computed_at) for at in instants)
        write_mission(folder, case, ())
        write_probability(folder / "probability.nc", case, maps)
    return DriftOutcome(case, environment, maps, contours(maps[1]))


def layout_of(prepared: PreparedDrift) -> DriftLayout:
    """What the file must know of a drift beforehand."""
    return DriftLayout(
        prepared.origins.x_m.size,
        prepared.times_s,
        prepared.scenario_names,
        prepared.object_types,
        prepared.member_names,
    )


def print_drift(outcome: DriftOutcome, out: Path, console: Console) -> None:
    """The drift in a few lines."""
    print_head(outcome.case, outcome.environment, console)
    print_belief(outcome.maps, outcome.contours, console)
    _print_early_ends(outcome, console)
    console.print(f"Written: {out}")


def _print_early_ends(outcome: DriftOutcome, console: Console) -> None:
    """Say where the forcing ends before the search does."""
    for member in outcome.environment.members:
        for quantity, field in (("current", member.current), ("wind", member.wind)):
            ends = from_posix_s(float(field.times_s[-1]))
            if ends < outcome.case.window.end:
                whose = f' of member "{escape(member.name)}"' if member.name else ""
                console.print(
                    f"[bold yellow]The {quantity}{whose} ends at {ends:%d %b %H:%M} UTC, before the search "
                    "does[/]; what was afloat then counts as outside the forcing, where it was."
                )
    for source in outcome.environment.sources:
        if source.quantity == STOKES.name and source.valid_until < outcome.case.window.end:
            console.print(
                f"[bold yellow]The Stokes drift ({escape(source.label)}) ends at "
                f"{source.valid_until:%d %b %H:%M} UTC, before the search does[/]; from then on the current "
                "stands alone."
            )
