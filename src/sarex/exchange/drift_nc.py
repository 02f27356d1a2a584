"""`drift.nc`: the ensemble as CF trajectories with weights (CF-1.12, the layout that TrajAn reads).

Positions are whole 1e-7 degrees (11 mm of latitude) in 32 bits with a CF `scale_factor`: half the size of
doubles, where single precision would be off by up to 0.8 m at 131 E. Readers that know CF see degrees in
double precision. Nothing is compressed and rows lie one after the other, so that a stretch of particles is
written in one go and a drift that does not fit into memory can be written stretch by stretch.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import netCDF4
import numpy as np
from numpy.typing import NDArray

from sarex import __version__
from sarex.case.model import Case
from sarex.clock import iso_z
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.environment.model import Environment, ForcingSource
from sarex.exchange.new_netcdf import new_netcdf
from sarex.geo.frame import E7_PER_DEG

STRETCH = 1 << 15
"""Particles written at a time: a few tens of megabytes, whatever the size of the ensemble."""

ROUNDING = 1e-9
"""What a sum of weights that add up to one may be off by."""

_EPOCH = "seconds since 1970-01-01 00:00:00"
_STATUS_MEANINGS = "active stranded outside_forcing not_yet_released"
_NAME_UNSAFE = re.compile(r"[^\w.+@-]")
"""CF 3.5 allows letters, digits and these in `flag_meanings`; letters of any script are kept."""

_POINT_VARIABLES: tuple[tuple[str, str, dict[str, object]], ...] = (
    (
        "lon",
        "i4",
        {"standard_name": "longitude", "units": "degrees_east", "scale_factor": 1.0 / E7_PER_DEG},
    ),
    (
        "lat",
        "i4",
        {"standard_name": "latitude", "units": "degrees_north", "scale_factor": 1.0 / E7_PER_DEG},
    ),
    (
        "status",
        "i1",
        {
            "long_name": "what has become of the search object",
            "flag_values": np.array([int(code) for code in Status], np.int8),
            "flag_meanings": _STATUS_MEANINGS,
            "coordinates": "time lat lon",
            "comment": "a particle waits at its origin until released and stays where it stranded or left",
        },
    ),
    ("age_seconds", "f4", {"units": "s", "coordinates": "time lat lon"}),
)


@dataclass(frozen=True)
class DriftLayout:
    """What must be known of an ensemble before its first particle is written."""

    particles: int
    times_s: NDArray[np.float64]
    """POSIX seconds, increasing, (time,)."""
    scenario_names: tuple[str, ...]
    object_types: tuple[str, ...]
    member_names: tuple[str, ...]


@dataclass
class DriftFile:
    """A `drift.nc` in the making. One thread at a time may append."""

    _file: netCDF4.Dataset
    _layout: DriftLayout
    _backward: bool
    _written: list[tuple[int, int]] = field(default_factory=list)

    def append(self, stretch: slice, part: DriftEnsemble) -> None:
        """Write the particles whose numbers are `stretch`; stretches may come in any order.

        Args:
            part: those particles alone, at the times of the layout; names are those of the layout.
        """
        self._check(stretch, part)
        lon_e7, lat_e7 = part.frame.to_lonlat_e7(part.x_m, part.y_m)
        for name, values in (
            ("lon", lon_e7),
            ("lat", lat_e7),
            ("status", part.status.astype(np.int8)),
            ("age_seconds", _age_s(part, backward=self._backward)),
            ("trajectory", np.arange(stretch.start, stretch.stop, dtype=np.int32)),
            ("weight", part.weight),
            ("scenario", part.scenario),
            ("object_type", part.object_type),
            ("member", part.member),
            ("in_water_from", part.in_water_from_s),
        ):
            self._file[name][stretch] = values
        self._written.append((stretch.start, stretch.stop))

    def finish(self) -> None:
        """Say what is known at the end only.

        Raises:
            ValueError: particles are missing, or some were written twice.
        """
        edges = [(0, 0), *sorted(self._written), (self._layout.particles, self._layout.particles)]
        if any(before[1] != after[0] for before, after in pairwise(edges)):
            raise ValueError(
                f"{len(self._written)} stretches do not hold each of {self._layout.particles} particles "
                "once; append every particle before the file is closed"
            )
        # summed as a whole, so that it does not depend on the stretches
        total = float(np.sum(self._file["weight"][:]))
        self._file.setncattr("probability_undetected", 1.0 if abs(total - 1.0) < ROUNDING else total)

    def _check(self, stretch: slice, part: DriftEnsemble) -> None:
        shape = (stretch.stop - stretch.start, self._layout.times_s.size)
        if part.x_m.shape != shape or stretch.stop > self._layout.particles:
            raise ValueError(
                f"particles {stretch.start} to {stretch.stop} of {self._layout.particles} have tracks of "
                f"shape {part.x_m.shape}; it must be {shape}"
            )


@contextmanager
def create_drift_file(
    path: Path, case: Case, environment: Environment, layout: DriftLayout
) -> Iterator[DriftFile]:
    """A new `drift.nc` to append particles to; it takes its name when all are in it, or is not there.

    Raises:
        OSError: it could not be written whole.
        ValueError: not every particle was appended once.
    """
    with new_netcdf(path) as file:
        file.createDimension("trajectory", layout.particles)
        file.createDimension("time", layout.times_s.size)
        _define_times(file, layout)
        _define_points(file, backward=case.runs_backward)
        _define_particles(file, layout)
        file.setncatts(_global_attributes(case, environment.sources))
        file.set_auto_maskandscale(False)  # what is appended is packed already
        drift = DriftFile(file, layout, case.runs_backward)
        yield drift
        drift.finish()


def write_drift(path: Path, case: Case, environment: Environment, ensemble: DriftEnsemble) -> None:
    """Write an ensemble that is in memory."""
    count = ensemble.weight.size
    layout = DriftLayout(
        count, ensemble.times_s, ensemble.scenario_names, ensemble.object_types, ensemble.member_names
    )
    with create_drift_file(path, case, environment, layout) as file:
        for start in range(0, count, STRETCH):
            stretch = slice(start, min(start + STRETCH, count))
            file.append(stretch, particles_of(ensemble, stretch))


def particles_of(ensemble: DriftEnsemble, stretch: slice) -> DriftEnsemble:
    """Some particles of an ensemble, as views."""
    return replace(
        ensemble,
        x_m=ensemble.x_m[stretch],
        y_m=ensemble.y_m[stretch],
        status=ensemble.status[stretch],
        weight=ensemble.weight[stretch],
        scenario=ensemble.scenario[stretch],
        object_type=ensemble.object_type[stretch],
        released_s=ensemble.released_s[stretch],
        member=ensemble.member[stretch],
        in_water_from_s=ensemble.in_water_from_s[stretch],
    )


def _age_s(part: DriftEnsemble, *, backward: bool) -> NDArray[np.float32]:
    """Seconds since the drift began, 0 before; of a backward drift, seconds before the find, 0 after it."""
    times_s, released_s = part.times_s[np.newaxis, :], part.released_s[:, np.newaxis]
    age_s = np.empty(part.x_m.shape, np.float32)
    first, second = (released_s, times_s) if backward else (times_s, released_s)
    np.subtract(first, second, out=age_s, casting="same_kind")
    return np.maximum(age_s, np.float32(0.0), out=age_s)


def _define_times(file: netCDF4.Dataset, layout: DriftLayout) -> None:
    time = file.createVariable("time", "f8", ("time",))
    time.setncatts({"standard_name": "time", "units": _EPOCH, "calendar": "standard", "axis": "T"})
    time[:] = layout.times_s


def _define_points(file: netCDF4.Dataset, *, backward: bool) -> None:
    for name, kind, attributes in _POINT_VARIABLES:
        # no filling ahead: every value is written, and filling would write the file twice
        variable = file.createVariable(name, kind, ("trajectory", "time"), fill_value=False)
        variable.setncatts(attributes)
    age = "time before the find, to which the drift leads" if backward else "time since the drift began"
    file["age_seconds"].setncattr("long_name", age)


def _define_particles(file: netCDF4.Dataset, layout: DriftLayout) -> None:
    trajectory = file.createVariable("trajectory", "i4", ("trajectory",), fill_value=False)
    trajectory.setncatts({"cf_role": "trajectory_id", "long_name": "number of the particle"})
    weight = file.createVariable("weight", "f8", ("trajectory",), fill_value=False)
    weight.setncatts(
        {
            "long_name": "probability that the object is this one and still undetected",
            "units": "1",
            "comment": "sums to one before any search",
        }
    )
    in_water = file.createVariable("in_water_from", "f8", ("trajectory",), fill_value=np.nan)
    in_water.setncatts(
        {
            "long_name": "instant from which the survivors are in the water",
            "units": _EPOCH,
            "calendar": "standard",
            "comment": "release of persons in the water, capsizing of what capsized, missing otherwise",
        }
    )
    for name, said, meanings in (
        ("scenario", "account of what happened", layout.scenario_names),
        ("object_type", "leeway class", layout.object_types),
        ("member", "forcing that drove the particle", layout.member_names),
    ):
        variable = file.createVariable(name, "i2", ("trajectory",), fill_value=False)
        variable.setncatts(
            {
                "long_name": said,
                "flag_values": np.arange(len(meanings), dtype=np.int16),
                "flag_meanings": " ".join(_words(meanings)),
            }
        )


def _words(names: Sequence[str]) -> list[str]:
    """One word for each name, all different."""
    words: list[str] = []
    for name in names:
        plain = word = _NAME_UNSAFE.sub("_", name) or "the_only_one"
        number = 2
        while word in words:
            word, number = f"{plain}_{number}", number + 1
        words.append(word)
    return words


def _global_attributes(case: Case, sources: Sequence[ForcingSource]) -> dict[str, object]:
    weights = {member.name: member.weight for member in case.forcing.members}
    attributes: dict[str, object] = {
        "Conventions": "CF-1.12",
        "featureType": "trajectory",
        "title": f"{case.mark}: {case.title}",
        "case_id": case.id,
        "mark": case.mark,
        "seed": np.int64(case.seed),
        "software": f"sarex {__version__}",
        "search_window": f"{iso_z(case.window.start)}/{iso_z(case.window.end)}",
        "forcing": "; ".join(_spoken(source, weights) for source in sources),
    }
    if any(source.synthetic for source in sources):
        attributes["synthetic"] = "SYNTHETIC forcing: computed by the program, not observed or forecast"
    return attributes


def _spoken(source: ForcingSource, weights: Mapping[str, float]) -> str:
    """One source; where there are several members, the one that it serves, with its weight."""
    if source.constant:
        made = ""
    elif source.produced_at:
        made = f", produced {iso_z(source.produced_at)}"
    else:
        made = ", time of production unknown"
    member = f" of member {source.member} (weight {weights[source.member]:.4g})" if source.member else ""
    return (
        f"{source.quantity}{member}: {source.label} ({source.description}), valid "
        f"{iso_z(source.valid_from)} to {iso_z(source.valid_until)}{made}, share {source.share:.2f}"
    )
