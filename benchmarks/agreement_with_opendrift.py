"""Do Sarex and OpenDrift's Leeway agree where released OpenDrift is right, and what differs where it is not?

    python -m venv peer && peer/bin/pip install opendrift
    python benchmarks/agreement_with_opendrift.py --data FOLDER --peer peer/bin/python [--particles 2000]

FOLDER holds norkyst800_subset_16Nov2015.nc and arome_subset_16Nov2015.nc (OpenDrift's test data). Both
programs get the same seeds, files, wind over ground and jibing; Sarex's persistent error of forcing is off.
OpenDrift's Leeway always steps by Euler's method (it does not heed drift:advection_scheme), so it runs with
60 s; Sarex runs its own 600 s. Land is GSHHG full resolution in both: a raster of 0.2 km here, shapes there.

Three questions:

1. `tracks`: the same particle, the same draw of leeway, no jibing: how far apart are the two programs?
2. `law`: draws and jibing by each program itself, on classes whose coefficients are exactly symmetric and
   whose spread is so small beside the slope that OpenDrift's redraw of negative slopes never happens. Energy
   distance between the positions of those afloat in both. The two particles that began at one seed form a
   pair, and the pair's members are swapped at random for the null distribution, which is right although the
   clouds share their seeds. OpenDrift alternates sides where Sarex draws them, so its clouds vary a little
   less than the null distribution supposes: the true rate of false alarms is below the stated one. Three
   clouds of Sarex are tested:
   `own`      as Sarex is: on a jibe an object keeps how far it stands from its side's mean, *outward*;
   `as peer`  as OpenDrift does: it keeps how far it stands from the mean to *one side*, whichever side it is
              on now; differs from `own` where the spread is large beside the crosswind slope;
   `5 % more` `as peer` with 5 % more leeway, a wrong model, which must fail.
3. `mirror`: PIW-4, whose sides differ, 24 h of 10 m/s toward north: who drifts where?
"""

import argparse
import subprocess
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sarex import mission
from sarex.case import case_from_mapping
from sarex.clock import to_posix_s
from sarex.drift import Status, drift_seeds, plain_traits
from sarex.drift.axis import TimeAxis, forward_axis
from sarex.drift.leeway import leeway_table
from sarex.drift.origins import Origins
from sarex.environment import Environment

START = datetime(2015, 11, 16, 6, tzinfo=UTC)
HOURS = (12, 24, 48)
SEED_SIGMA_M = 3000.0
JIBING_PER_HOUR = 0.04
PARTS = ("tracks", "law", "mirror")
FALSE_ALARM = 0.01
"""Of the whole family of tests."""
SWAPS = 2999
FEWEST_PAIRS = 100
PEER_STEP_S = 60
STEPS_PER_OUTPUT = 6


@dataclass(frozen=True)
class Site:
    name: str
    lon_deg: float
    lat_deg: float
    keys: tuple[str, ...]


SITES = (
    Site("offshore", 3.6, 60.4, ("SKIFF-3", "LIFE-RAFT-DB-22", "LIFE-RAFT-SB-9")),
    Site("coastal", 4.5, 59.6, ("LIFE-RAFT-NB-1", "SKIFF-1", "LIFE-RAFT-DB-22", "LIFE-RAFT-SB-8")),
)


@dataclass(frozen=True)
class Cloud:
    """Positions in the frame, NaN where not afloat, and what has stranded; (particle, hour of HOURS)."""

    place_m: NDArray[np.float64]
    """(particle, hour, 2)"""
    stranded: NDArray[np.bool_]

    @property
    def afloat(self) -> NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.place_m[..., 0]))


def main() -> None:
    arguments = _arguments()
    folder = arguments.data.resolve()
    for site in SITES if "tracks" in arguments.only else ():
        environment, settings = prepare(folder, site, arguments.particles)
        compare_tracks(site, environment, settings, folder, arguments)
    if "law" in arguments.only:
        tests = sum(len(site.keys) for site in SITES) * len(HOURS)
        print(
            f"\nlaw: energy distance, {SWAPS} swaps of pairs; {tests} tests a cloud, false-alarm rate of all "
            f"together {FALSE_ALARM} (Bonferroni: differs where p < {FALSE_ALARM / tests:.5f})"
        )
        for site in SITES:
            environment, settings = prepare(folder, site, arguments.particles)
            compare_laws(site, environment, settings, folder, arguments, FALSE_ALARM / tests)
    if "mirror" in arguments.only:
        show_mirror(arguments)


def prepare(folder: Path, site: Site, particles: int, kind: str = "files"):
    """Environment and settings of a site: no persistent error, wind over ground."""
    forcing = {"current": [FILES[0]], "wind": [FILES[1]]}
    if kind == "constant":
        still = {"eastward_mps": 0.0, "northward_mps": 0.0}
        forcing = {"current": [still], "wind": [{"eastward_mps": 0.0, "northward_mps": 10.0}]}
    end = START + timedelta(hours=HOURS[-1])
    mapping = {
        "format": "sarex-case/1",
        "case": {"id": "BENCH", "title": "agreement", "exercise": True, "seed": 1},
        "scenario": [
            {
                "name": "release",
                "weight": 1.0,
                "from": START,
                "until": START,
                "position": {"lon": site.lon_deg, "lat": site.lat_deg, "error_nm": 2.5},
                "objects": [{"type": key, "weight": 1.0 / len(site.keys)} for key in site.keys],
            }
        ],
        "environment": forcing,
        "search": {"start": end - timedelta(hours=1), "end": end},
        "conditions": {"visibility_nm": 10.0, "wave_height_ft": 3.0},
        "drift": {
            "particles": particles,
            "jibing_percent_per_hour": 100.0 * JIBING_PER_HOUR,
            "current_error_mps": 0.0,
            "current_error_growth": 0.0,
            "wind_error_mps": 0.0,
            "leeway_wind": "over-ground",
        },
    }
    case = case_from_mapping(mapping, base_dir=folder, name="agreement")
    return mission.gather_environment(case), case.drift


FILES = ("norkyst800_subset_16Nov2015.nc", "arome_subset_16Nov2015.nc")


def same_tracks(
    site: Site, environment: Environment, settings, folder: Path, peer: Path, particles: int, steps_s
) -> tuple[Cloud, dict[int, Cloud]]:
    """Clouds with the same leeway particle by particle and no jibing: ours, and the peer's by step."""
    generator = np.random.default_rng(11)
    lon, lat = seeds(site, environment, particles, generator)
    chosen = np.arange(particles) * len(site.keys) // particles
    leeway = drawn_leeway(leeway_table(site.keys)[chosen], generator)
    table = np.zeros((particles, 9))  # each particle its own class without spread
    table[:, [0, 1]], table[:, [3, 4]], table[:, [6, 7]] = leeway[:, :2], leeway[:, 2:], leeway[:, 2:]
    steady = replace(settings, jibing_per_hour=0.0)
    ours = run_sarex(environment, steady, table, np.arange(particles, dtype=np.int16), lon, lat)
    keys = np.array(site.keys)[chosen]
    return ours, {
        step_s: run_peer(peer, environment, folder, keys, lon, lat, 0.0, step_s, leeway) for step_s in steps_s
    }


def compare_tracks(site: Site, environment: Environment, settings, folder: Path, arguments) -> None:
    """Particle by particle with the same leeway, no jibing."""
    steps_s = (PEER_STEP_S, 600)
    ours, theirs = same_tracks(
        site, environment, settings, folder, arguments.peer, arguments.particles, steps_s
    )
    print(
        f"\ntracks, {site.name} ({site.lat_deg}N {site.lon_deg}E): {arguments.particles} particles, "
        "same leeway, no jibing; Sarex less OpenDrift"
    )
    print(
        f"{'hour':>4s} {'peer step':>10s} {'both afloat':>11s} {'median apart':>13s} {'95 % below':>11s} "
        f"{'mean E':>8s} {'mean N':>8s}"
    )
    for (step_s, cloud), (k, hour) in product(theirs.items(), enumerate(HOURS)):
        both = ours.afloat[:, k] & cloud.afloat[:, k]
        apart = ours.place_m[both, k] - cloud.place_m[both, k]
        distance = np.hypot(*apart.T)
        print(
            f"{hour:4d} {step_s:8d} s {both.mean():11.3f} {np.median(distance):11.0f} m "
            f"{np.quantile(distance, 0.95):9.0f} m {apart[:, 0].mean():6.0f} m {apart[:, 1].mean():6.0f} m"
        )
    print_stranded(ours, theirs[PEER_STEP_S])


def compare_laws(
    site: Site, environment: Environment, settings, folder: Path, arguments, threshold: float
) -> None:
    """Clouds of each class with everything drawn by each program itself."""
    count = arguments.particles
    generator = np.random.default_rng(12)
    lon, lat = seeds(site, environment, count * len(site.keys), generator)
    types = np.repeat(np.arange(len(site.keys), dtype=np.int16), count)
    table = leeway_table(site.keys)
    peer_like = drawn_as_peer(table[types], generator)
    each = np.arange(types.size, dtype=np.int16)
    clouds = {
        "own": run_sarex(environment, settings, table, types, lon, lat),
        "as peer": run_sarex(environment, settings, peer_like, each, lon, lat),
        "5 % more": run_sarex(environment, settings, 1.05 * peer_like, each, lon, lat),
    }
    keys, jibing = np.array(site.keys)[types], settings.jibing_per_hour
    peer = run_peer(arguments.peer, environment, folder, keys, lon, lat, jibing, PEER_STEP_S, None)
    print(f"\n{site.name} ({site.lat_deg}N {site.lon_deg}E), {count} particles a class")
    print(
        f"{'class':16s} {'hour':>4s} {'cloud':9s} {'pairs':>6s} {'mean E':>8s} {'mean N':>8s} {'spread':>8s} "
        f"{'peer':>8s} {'p':>7s} {'':7s} {'stranded':>8s} {'peer':>6s}"
    )
    for (number, key), (k, hour), (name, cloud) in product(
        enumerate(site.keys), enumerate(HOURS), clouds.items()
    ):
        own = types == number
        both = own & cloud.afloat[:, k] & peer.afloat[:, k]
        ashore = f"{cloud.stranded[own, k].mean():8.3f} {peer.stranded[own, k].mean():6.3f}"
        start = f"{key:16s} {hour:4d} {name:9s} {both.sum():6d}"
        if both.sum() < FEWEST_PAIRS:
            print(f"{start} {'too few still afloat to test':51s} {ashore}")
            continue
        first, second = cloud.place_m[both, k], peer.place_m[both, k]
        shift, p = first.mean(axis=0) - second.mean(axis=0), swap_test(first, second, generator)
        verdict = "agree" if p >= threshold else "DIFFER"
        print(
            f"{start} {shift[0]:6.0f} m {shift[1]:6.0f} m {spread_m(first) / 1000:5.2f} km "
            f"{spread_m(second) / 1000:5.2f} km {p:7.4f} {verdict:7s} {ashore}",
            flush=True,
        )
    print_stranded(clouds["own"], peer)


def show_mirror(arguments) -> None:
    """PIW-4 in a steady wind, without spread and jibing, against arithmetic."""
    site = Site("mirror", -30.0, 45.0, ("PIW-4",))
    environment, settings = prepare(Path(), site, 200, "constant")
    table = leeway_table(site.keys)
    table[:, [2, 5, 8]] = 0.0
    count = 200
    lon, lat = np.full(count, site.lon_deg), np.full(count, site.lat_deg)
    start = environment.frame.to_xy_m(site.lon_deg, site.lat_deg)[0]
    ours = run_sarex(
        environment, replace(settings, jibing_per_hour=0.0), table, np.zeros(count, np.int16), lon, lat
    )
    theirs = run_peer(
        arguments.peer,
        environment,
        Path(),
        np.full(count, "PIW-4"),
        lon,
        lat,
        0.0,
        PEER_STEP_S,
        None,
        no_spread=True,
    )
    k = HOURS.index(24)
    print("\nmirror: PIW-4, 24 h of 10 m/s toward north, no spread, no jibing: km to the east, either side")
    right, left = (table[0, n] * 10.0 + table[0, n + 1] for n in (3, 6))  # cm/s
    print(f"{'arithmetic':12s} right of downwind {right * 0.864:6.2f}   left of downwind {left * 0.864:6.2f}")
    for name, cloud in (("sarex", ours), ("opendrift", theirs)):
        east_km = (cloud.place_m[:, k, 0] - start) / 1000.0
        print(f"{name:12s} its two groups    {np.unique(east_km.round(2))}")


def seeds(site: Site, environment: Environment, count: int, generator: np.random.Generator):
    """Normal around the site, on the water by a wide margin (both programs must agree that they float)."""
    x0_m, y0_m = environment.frame.to_xy_m(site.lon_deg, site.lat_deg)
    x_m, y_m = generator.normal(0.0, SEED_SIGMA_M, (2, count))
    return environment.frame.to_lonlat_deg(x0_m + x_m, y0_m + y_m)


def drawn_leeway(table: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.float64]:
    """Slope and offset downwind and to the right, drawn as published, on both sides; (particle, 4)."""
    downwind, crosswind = generator.normal(size=(2, len(table)))
    left = np.arange(len(table)) // 7 % 2 == 1
    side = np.where(left[:, np.newaxis], table[:, 6:9], table[:, 3:6])
    return np.stack(
        [
            table[:, 0] + downwind * table[:, 2] / 20.0,
            table[:, 1] + downwind * table[:, 2] / 2.0,
            side[:, 0] + crosswind * side[:, 2] / 20.0,
            side[:, 1] + crosswind * side[:, 2] / 2.0,
        ],
        axis=1,
    )


def drawn_as_peer(table: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.float64]:
    """A class without spread for each particle, whose draw has one sign on both sides, (particle, 9)."""
    drawn = table.copy()
    downwind, crosswind = generator.normal(size=(2, len(table)))
    for first, deviate in ((0, downwind), (3, crosswind), (6, crosswind)):
        drawn[:, first] += deviate * table[:, first + 2] / 20.0
        drawn[:, first + 1] += deviate * table[:, first + 2] / 2.0
        drawn[:, first + 2] = 0.0
    return drawn


def run_sarex(environment: Environment, settings, table, types, lon, lat) -> Cloud:
    x_m, y_m = environment.frame.to_xy_m(lon, lat)
    count = x_m.size
    origins = Origins(
        x_m,
        y_m,
        np.full(count, to_posix_s(START)),
        np.full(count, 1.0 / count),
        np.zeros(count, np.int16),
        types,
    )
    axis: TimeAxis = forward_axis(to_posix_s(START), START + timedelta(hours=HOURS[-1]))
    tracks = drift_seeds(environment, origins, plain_traits(table), settings, axis, seed=5)
    kept = [hour * STEPS_PER_OUTPUT for hour in HOURS]
    place_m = np.stack([tracks.x_m[:, kept], tracks.y_m[:, kept]], axis=2).astype(float)
    place_m[tracks.status[:, kept] != Status.ACTIVE] = np.nan
    return Cloud(place_m, tracks.status[:, kept] == Status.STRANDED)


def run_peer(  # noqa: PLR0917 (an order to another program)
    peer: Path,
    environment: Environment,
    folder: Path,
    keys,
    lon,
    lat,
    jibing: float,
    step_s: int,
    leeway,
    *,
    no_spread: bool = False,
) -> Cloud:
    order = {
        "folder": "" if no_spread else str(folder),
        "lon": lon,
        "lat": lat,
        "key": keys,
        "start": START.replace(tzinfo=None).isoformat(),
        "hours": HOURS[-1],
        "step_s": step_s,
        "jibing": jibing,
        "no_spread": no_spread,
    }
    order |= {} if leeway is None else {"leeway": leeway}
    with tempfile.TemporaryDirectory() as work:
        asked, answered = Path(work) / "order.npz", Path(work) / "answer.npz"
        np.savez(asked, **order)
        script = Path(__file__).with_name("opendrift_peer.py")
        subprocess.run([str(peer), str(script), str(asked), str(answered)], check=True, capture_output=True)
        answer = np.load(answered)
        kept = list(HOURS)
        x_m, y_m = environment.frame.to_xy_m(answer["lon"][:, kept], answer["lat"][:, kept])
        return Cloud(np.stack([x_m, y_m], axis=2), answer["stranded"][:, kept])


def swap_test(first, second, generator: np.random.Generator) -> float:
    """p of equal laws: energy distance of paired samples, the pairs' members swapped at random."""
    points = np.concatenate([first, second]).astype(np.float32)
    squares = (points**2).sum(axis=1)
    apart = squares[:, None] + squares[None, :] - 2.0 * points @ points.T
    np.sqrt(np.maximum(apart, 0.0, out=apart), out=apart)
    apart /= apart.mean()
    count = len(first)
    swaps = generator.choice(np.array([-1.0, 1.0], np.float32), size=(count, SWAPS + 1))
    swaps[:, 0] = 1.0
    signs = np.concatenate([swaps, -swaps])
    distance = -(signs * (apart @ signs)).sum(axis=0)
    return float((distance >= distance[0] * (1.0 - 1e-6)).mean())


def spread_m(place_m) -> float:
    """Root mean square distance from the mean."""
    return float(np.sqrt(place_m.var(axis=0).sum()))


def print_stranded(ours: Cloud, theirs: Cloud) -> None:
    told = ", ".join(
        f"{hour} h {ours.stranded[:, k].mean():.3f} against {theirs.stranded[:, k].mean():.3f}"
        for k, hour in enumerate(HOURS)
    )
    print(f"stranded fraction, all classes: {told}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peer", type=Path, default=Path("peer/bin/python"), help="python with OpenDrift")
    parser.add_argument("--particles", type=int, default=2000, help="a class and site")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
