"""Everything the drift of a case needs to know of its surroundings: current, wind and coast.

Sources are asked in the case's order of preference. At every node and instant the first that has data is
taken; only where none has, they are asked again with their values carried a few cells past their own
coast, in the same order. A source that is defined everywhere (a constant, the sample sea) ends the list.
Each source is interpolated once, from its native grid, onto one regular grid of the frame: bilinear in
space, linear in time between its own steps. Where nothing is known the field is NaN.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from math import prod
from tempfile import TemporaryFile, gettempdir

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import (
    Case,
    ConstantVelocity,
    ForcingChoice,
    ForcingChoices,
    ForcingFile,
    ForcingProvider,
    ForcingTable,
    MemberForcing,
    SampleSea,
)
from sarex.clock import from_posix_s
from sarex.environment.coast import gather_coast
from sarex.environment.coverage import check_found, check_overlap, check_times
from sarex.environment.dataset import ForcingDataset, open_forcing
from sarex.environment.field import sample_velocity
from sarex.environment.model import Box, Environment, ForcingMember, ForcingSource, VelocityField
from sarex.environment.nodes import PROBE_NODES, choose_target, choose_times
from sarex.environment.observations import open_table
from sarex.environment.provenance import describe_dataset, find_run_time
from sarex.environment.providers import fetch_provided
from sarex.environment.providers.request import ProviderRequest
from sarex.environment.quantities import STOKES, WIND
from sarex.environment.realizations import check_realizations, open_realization
from sarex.environment.request import FieldRequest
from sarex.environment.sample_sea import DESCRIPTION
from sarex.environment.sources import ConstantSource, SampleSource, VelocitySource, load_file
from sarex.environment.target import Target, cover_box, span_box
from sarex.errors import ForcingError, OutputError
from sarex.geo import LocalFrame

_MOST_IN_MEMORY = 60_000_000
"""Numbers of a field that is held in memory (240 MB); a larger one is mapped from a temporary file."""


def gather_environment(case: Case, coast_box: Box, asked: FieldRequest) -> Environment:
    """Read and resample current and wind over the box and the span of time, and fetch the coast.

    The coast has a box of its own because ships come from farther away than objects drift.

    Args:
        asked: the current of the case; wind and waves are asked for in the same place and time.

    Raises:
        ForcingError: a file cannot be used, or the files together do not cover the span of time, or none
            of them touches the box.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        # the coast needs no file of the forcing, and much of it releases the interpreter's lock
        coast = beside.submit(gather_coast, asked.frame, coast_box)
        members, sources = gather_members(asked, case.forcing.members)
        return Environment(asked.frame, asked.box, members, coast.result(), sources)


def gather_members(
    asked: FieldRequest, wanted: tuple[MemberForcing, ...]
) -> tuple[tuple[ForcingMember, ...], tuple[ForcingSource, ...]]:
    """The fields of every member; what members share is read once."""
    check_realizations(wanted)
    known: dict[tuple[str, tuple[ForcingChoices, ...]], tuple[VelocityField, tuple[ForcingSource, ...]]] = {}
    members: list[ForcingMember] = []
    told: list[ForcingSource] = []
    for member in wanted:
        found = {}
        for name, choices in (("water", (member.current, member.stokes)), ("wind", (member.wind,))):
            if (name, choices) not in known:
                with _naming_member(member.name):
                    known[name, choices] = (
                        _gather_water(asked, member.current, member.stokes)
                        if name == "water"
                        else gather_field(replace(asked, quantity=WIND), member.wind)
                    )
                sources = known[name, choices][1]
                told += [replace(source, member=member.name) for source in sources]
            found[name] = known[name, choices][0]
        members.append(ForcingMember(member.name, member.weight, found["water"], found["wind"]))
    return tuple(members), tuple(told)


@contextmanager
def _naming_member(name: str) -> Iterator[None]:
    """Say of trouble which forcing member it is with."""
    try:
        yield
    except ForcingError as trouble:
        if not name:
            raise
        raise ForcingError(f'member "{name}": {trouble}') from trouble


def _gather_water(
    asked: FieldRequest, current: ForcingChoices, stokes: ForcingChoices
) -> tuple[VelocityField, tuple[ForcingSource, ...]]:
    """The current, with the Stokes drift added to it where the case asks for that and a source has it."""
    water, sources = gather_field(asked, current)
    if not stokes:
        return water, sources
    waves, more = gather_field(replace(asked, quantity=STOKES), stokes)
    return _sum(asked.frame, water, waves), (*sources, *more)


def _sum(frame: LocalFrame, water: VelocityField, waves: VelocityField) -> VelocityField:
    """Both together on the finer nodes and at the instants of both, where and while there is a current.

    Where no source knows the waves, the current stands alone.
    """
    _, rows, columns, _ = water.velocity_mps.shape
    target = Target(frame, water.x0_m, water.y0_m, water.spacing_m, rows, columns)
    if waves.spacing_m < water.spacing_m:
        width_m, height_m = water.spacing_m * (columns - 1), water.spacing_m * (rows - 1)
        box = Box(water.x0_m, water.y0_m, water.x0_m + width_m, water.y0_m + height_m)
        target = cover_box(frame, box, waves.spacing_m)
    x_m, y_m = np.meshgrid(
        target.x0_m + target.spacing_m * np.arange(target.columns),
        target.y0_m + target.spacing_m * np.arange(target.rows),
    )
    within = (waves.times_s >= water.times_s[0]) & (waves.times_s <= water.times_s[-1])
    times_s = np.unique(np.concatenate([water.times_s, waves.times_s[within]]))
    velocity = _room((times_s.size, target.rows, target.columns, 2))
    for step, time_s in enumerate(times_s):
        current, drift = (sample_velocity(field, x_m, y_m, time_s) for field in (water, waves))
        for k in (0, 1):
            velocity[step, ..., k] = current[k] + np.nan_to_num(drift[k], nan=0.0)
    return VelocityField(target.x0_m, target.y0_m, target.spacing_m, times_s, velocity)


def gather_field(
    request: FieldRequest, choices: ForcingChoices
) -> tuple[VelocityField, tuple[ForcingSource, ...]]:
    """One quantity on a regular grid of the frame, with where its numbers came from."""
    with ExitStack() as closing:
        opened: list[ForcingDataset | None] = []
        for choice in choices:
            forcing = _open(choice, request)
            if forcing is not None:
                closing.callback(forcing.dataset.close)
            opened.append(forcing)
        everywhere = any(forcing is None for forcing in opened)
        files = [forcing for forcing in opened if forcing is not None]
        if not everywhere:
            end = check_times(
                request.quantity.name,
                [(f.label, f.times) for f in files],
                request.start,
                request.end,
                may_end_early=request.may_end_early,
            )
            request = replace(request, end=end)
        times_s = choose_times(request, choices, files)
        target = choose_target(request, choices, files, len(times_s))
        sources = [
            _prepare(request, choice, forcing, target)
            for choice, forcing in zip(choices, opened, strict=True)
        ]
        if all(source is None for source in sources):
            check_overlap(request.quantity.name, files, target)
        field, shares = _fill(sources, choices, target, times_s)
        check_found(request.quantity.name, files, field, request.start, request.end)
        told = [
            _tell(request, choice, forcing, share)
            for choice, forcing, share in zip(choices, opened, shares, strict=True)
        ]
    return field, tuple(told)


def _open(choice: ForcingChoice, request: FieldRequest) -> ForcingDataset | None:
    """A file, a table of observations or what a provider cut out; None for what is defined everywhere."""
    match choice:
        case ForcingTable():
            return open_table(choice.location, request.quantity)
        case ForcingFile():
            return open_realization(choice, request.quantity)
        case ForcingProvider():
            path = fetch_provided(choice.provider, _piece_of(choice.dataset, request))
            return open_forcing(path, request.quantity)
        case _:
            return None


def _piece_of(dataset: str, request: FieldRequest) -> ProviderRequest:
    """What is asked of a provider: the box, in longitudes on one side of the frame's antimeridian."""
    lon, lat = span_box(request.frame, request.box, PROBE_NODES).lonlat_deg
    origin_deg = request.frame.origin_lon_deg
    lon = origin_deg + (lon - origin_deg + 180.0) % 360.0 - 180.0
    return ProviderRequest(
        dataset,
        request.quantity,
        float(lon.min()),
        float(lat.min()),
        float(lon.max()),
        float(lat.max()),
        request.start,
        request.end,
    )


def _prepare(
    request: FieldRequest, choice: ForcingChoice, forcing: ForcingDataset | None, target: Target
) -> VelocitySource | None:
    if forcing is not None:
        return load_file(forcing, target, request.start, request.end)
    if isinstance(choice, ConstantVelocity):
        return ConstantSource(target, choice)
    return SampleSource(target, request.quantity.name)


def _fill(
    sources: list[VelocitySource | None],
    choices: tuple[ForcingChoice, ...],
    target: Target,
    times_s: NDArray[np.float64],
) -> tuple[VelocityField, list[float]]:
    """Ask the sources in order, instant by instant; the share of each is among the values that were found."""
    order = _asking_order(sources, choices)
    shape = (len(times_s), target.rows, target.columns)
    velocity = _room((*shape, 2))
    known = np.zeros(len(times_s), bool)
    served = np.zeros(len(sources))
    for step, time_s in enumerate(times_s):
        velocity[step] = np.nan
        missing = target.rows * target.columns
        for index, extended in order:
            source = sources[index]
            if source is None or missing == 0:
                continue
            found = source.fill(float(time_s), velocity[step], extended=extended)
            missing -= found
            known[step] |= found > 0
            served[index] += found
    shares = served / max(served.sum(), 1.0)
    # Steps before or after the span that only a file elsewhere has are of no use.
    keep = (
        slice(int(np.argmax(known)), len(known) - int(np.argmax(known[::-1]))) if known.any() else slice(None)
    )
    field = VelocityField(target.x0_m, target.y0_m, target.spacing_m, times_s[keep], velocity[keep])
    return field, [float(share) for share in shares]


def _room(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An empty array: in memory, or when it is large in a nameless file that the system pages in and out."""
    if prod(shape) <= _MOST_IN_MEMORY:
        return np.empty(shape, np.float32)
    try:
        with TemporaryFile(prefix="sarex-") as file:
            # room is taken now: a mapped file that meets a full disk later would end the process
            os.posix_fallocate(file.fileno(), 0, 4 * prod(shape))
            return np.memmap(file, np.float32, "r+", shape=shape)
    except OSError as trouble:
        raise OutputError(
            f"{gettempdir()} has no room for {4 * prod(shape) / 1e9:.1f} GB of forcing "
            f"({trouble.strerror or trouble}). Make room there, or set TMPDIR to another folder."
        ) from trouble


def _asking_order(
    sources: list[VelocitySource | None], choices: tuple[ForcingChoice, ...]
) -> list[tuple[int, bool]]:
    """Files as they are, then the same files past their own coast, then what is defined everywhere."""
    everywhere = next(
        (i for i, choice in enumerate(choices) if isinstance(choice, ConstantVelocity | SampleSea)),
        len(sources),
    )
    before = range(everywhere)
    rest = [(everywhere, False)] if everywhere < len(sources) else []
    return [(i, False) for i in before] + [(i, True) for i in before] + rest


def _tell(
    request: FieldRequest, choice: ForcingChoice, forcing: ForcingDataset | None, share: float
) -> ForcingSource:
    name = request.quantity.name
    if forcing is not None:
        return ForcingSource(
            quantity=name,
            label=forcing.label,
            description=describe_dataset(forcing.dataset),
            valid_from=from_posix_s(float(forcing.times.times_s[0])),
            valid_until=from_posix_s(float(forcing.times.times_s[-1])),
            produced_at=find_run_time(forcing.dataset, forcing.label, request.end),
            synthetic=False,
            share=share,
        )
    if isinstance(choice, ConstantVelocity):
        label = f"constant {name}"
        description = (
            f"given in the case: {choice.eastward_mps:z.2f} m/s toward east, "
            f"{choice.northward_mps:z.2f} m/s toward north, everywhere and always"
        )
    else:
        label, description = "sample sea", DESCRIPTION
    return ForcingSource(
        quantity=name,
        label=label,
        description=description,
        valid_from=request.start,
        valid_until=request.end,
        produced_at=None,
        synthetic=isinstance(choice, SampleSea),
        share=share,
        constant=isinstance(choice, ConstantVelocity),
    )
