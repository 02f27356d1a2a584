"""`sarex backtrack`: from what was found to where and when its drift may have begun, and forward again."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sarex.case.model import Case
from sarex.cli.drifting import layout_of
from sarex.cli.forward_check import FindLevel, check_forward_run
from sarex.cli.mission_file import write_mission
from sarex.cli.progress import progress_on
from sarex.clock import iso_z
from sarex.drift.backward import OriginBins, finds_of, origin_rule
from sarex.drift.executors import DriftExecutor
from sarex.drift.run import REPORTED, prepare_drift
from sarex.drift.surroundings import gather_environment
from sarex.environment.model import Environment
from sarex.exchange.drift_nc import create_drift_file
from sarex.exchange.folder import whole_folder
from sarex.exchange.forward_case import ORIGIN_FILE, forward_case_text
from sarex.exchange.origin_geojson import origin_to_geojson
from sarex.exchange.origin_nc import OriginFigures, add_origin_weight, write_origin_maps
from sarex.probability import Contour, contours
from sarex.probability.origin import (
    OriginMap,
    began_by,
    independent_trajectories,
    likeliest_place,
    map_origins,
)
from sarex.probability.origin_tally import OriginTally
from sarex.report.words import date_and_time, degrees_minutes, percent, span, square_miles

BIN_WORDS = {
    "began_afloat": "began afloat in that span",
    "came_from_shore": "came from the shore",
    "outside_forcing": "came from outside the forcing",
}

FEWEST_TRAJECTORIES = 1000
"""Below this the contours are rough (the 95 % contour held 92 to 94 % of twins with 1,000 particles)."""
NOTABLE_SHARE = 0.1
"""When more than this of the belief is not on the maps, that is pointed out."""


@dataclass(frozen=True)
class BacktrackOutcome:
    """What is told of a backward drift when it is done."""

    case: Case
    environment: Environment
    bins: OriginBins
    maps: tuple[OriginMap, ...]
    """Of the whole span, and of its slices where there are several."""
    contours: tuple[Contour, ...]
    """Of the whole span."""
    began_by: tuple[datetime, ...]
    """5, 50 and 95 % of the beginnings."""
    trajectories: float
    """Effective number of trajectories that the contours rest on."""
    check: tuple[FindLevel, ...]
    """Per scenario: how a forward run from the result sees the find."""


def backtrack_to_folder(case: Case, out: Path, executor: DriftExecutor, console: Console) -> BacktrackOutcome:
    """Trace what was found back and write the folder: whole, or not at all.

    Raises:
        CaseError: the case says nothing of a find, or none of it can have begun in the span.
    """
    computed_at = datetime.now(UTC).replace(microsecond=0)
    finds = finds_of(case)
    between = min(found.released_from for found in finds), max(found.released_until for found in finds)
    with progress_on(console) as progress, whole_folder(out) as folder:
        step = progress.add_task("reading wind, current and coast", total=None)
        environment = gather_environment(case)
        prepared = prepare_drift(case, environment, until=case.window.end, purpose=REPORTED)
        tally = OriginTally(
            origin_rule(case, environment, prepared.times_s), prepared.origins, prepared.times_s
        )
        progress.update(step, description="drifting back from the find", total=1.0, completed=0.0)
        with create_drift_file(folder / ORIGIN_FILE, case, environment, layout_of(prepared)) as file:
            for stretch, part in prepared.pieces(
                executor, lambda done: progress.update(step, completed=done)
            ):
                file.append(stretch, part)
                tally.count(stretch, part)
        progress.update(step, description="drawing the maps", total=None)
        bins, points = tally.bins(case), tally.points(environment.frame)
        figures = OriginFigures(asdict(bins), (iso_z(between[0]), iso_z(between[1])))
        add_origin_weight(folder / ORIGIN_FILE, tally.weigh, figures)
        maps = map_origins(points, asdict(bins), between, computed_at)
        write_origin_maps(folder / "probability.nc", case, maps, figures)
        for name, text in (
            ("origin.geojson", origin_to_geojson(case, maps, synthetic=environment.synthetic)),
            ("forward.toml", forward_case_text(case, environment, bins)),
        ):
            (folder / name).write_text(text, encoding="utf-8")
        write_mission(folder, case, ())
        progress.update(step, description="drifting forward again")
        check = check_forward_run(case, environment, folder / "forward.toml", executor)
    return BacktrackOutcome(
        case=case,
        environment=environment,
        bins=bins,
        maps=maps,
        contours=contours(maps[0].probability),
        began_by=began_by(points, (0.05, 0.5, 0.95)),
        trajectories=independent_trajectories(points),
        check=check,
    )


def print_backtrack(outcome: BacktrackOutcome, out: Path, console: Console) -> None:
    """Where and when it may have begun, in a few lines."""
    case, whole = outcome.case, outcome.maps[0]
    synthetic = " · SYNTHETIC forcing" if outcome.environment.synthetic else ""
    console.print(
        f"\n[bold reverse] {case.mark}{synthetic} [/] [bold]{escape(case.title)}[/] ({escape(case.id)})"
    )
    for found in finds_of(case):
        console.print(
            f"traced back from {degrees_minutes(found.position)}, found {date_and_time(found.found_at)}, "
            f"to {span(found.released_from, found.released_until)}"
        )
    bins = asdict(outcome.bins)
    parts = [f"{bins[name]:.4f} {words}" for name, words in BIN_WORDS.items() if bins[name] >= 5e-5]
    console.print(f"Probability: {' + '.join(parts)} = {sum(bins.values()):.4f}", highlight=False)
    if 1.0 - outcome.bins.began_afloat > NOTABLE_SHARE:
        console.print(_elsewhere_line(outcome.bins), highlight=False)
    areas = ", ".join(f"{c.level_frac:.0%} in {square_miles(c.area_m2)}" for c in outcome.contours)
    console.print(f"Where it began: {areas}", highlight=False)
    for origin in outcome.maps[1:] or (whole,):
        if origin.probability.poc.sum() > 0.0:
            console.print(
                f"  begun {span(origin.began_from, origin.began_until)}: "
                f"likeliest at {degrees_minutes(likeliest_place(origin.probability))}",
                highlight=False,
            )
    early, middle, late = outcome.began_by
    console.print(
        f"When it began: half by {date_and_time(middle)}, 90 % from {date_and_time(early)} until "
        f"{date_and_time(late)} (a find alone tells the place, hardly the time)",
        highlight=False,
    )
    if outcome.trajectories < FEWEST_TRAJECTORIES:
        console.print(
            f"[yellow]Only {outcome.trajectories:.0f} trajectories bear this[/]: most particles came from "
            "the shore or from outside the forcing. Run it again with more --particles.",
            highlight=False,
        )
    for level in outcome.check:
        console.print(_check_line(level, several=len(outcome.check) > 1), highlight=False)
    console.print(f"Written: {out} — go on with sarex drift {out / 'forward.toml'}", highlight=False)


def _elsewhere_line(bins: OriginBins) -> str:
    """What of the belief the maps do not show, and what to do about it."""
    shares = ((bins.outside_forcing, "outside_forcing"), (bins.came_from_shore, "came_from_shore"))
    told = " and ".join(f"{percent(share)} {BIN_WORDS[name]}" for share, name in shares if share >= 5e-4)
    advice = " Give forcing of a larger area." if bins.outside_forcing > NOTABLE_SHARE else ""
    return (
        f"[yellow]Attention: the maps and forward.toml show only {percent(bins.began_afloat)} of the belief"
        f"[/]: {told}.{advice}"
    )


def _check_line(level: FindLevel, *, several: bool) -> str:
    where = f' of "{escape(level.scenario)}"' if several else ""
    if level.level_frac > 0.95:
        held = "[bold red]outside its 95 % contour[/]: do not rely on this result"
    else:
        held = f"inside its {percent(max(level.level_frac, 0.01))} contour"
    return f"Checked by a forward run: at {date_and_time(level.at)} the find{where} lies {held}"
