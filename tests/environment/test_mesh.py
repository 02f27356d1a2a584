"""Unstructured meshes (UGRID, FVCOM, SCHISM) against analytic fields."""

import netCDF4
import numpy as np
import pytest

from sarex.environment import Box, sample_velocity
from sarex.environment.mesh import TriangleMesh, find_neighbours
from sarex.environment.target import cover_box
from sarex.errors import ForcingError
from sarex.geo import LocalFrame

FRAME = LocalFrame(132.0, 37.0)
BOX = Box(-30_000.0, -30_000.0, 30_000.0, 30_000.0)


def make_mesh(lon_deg=132.0, lat_deg=37.0, *, count=21, width_m=100_000.0, seed=3):
    """Nodes around a point, irregular inside, and triangles between them; in numpy alone."""
    frame = LocalFrame(lon_deg, lat_deg)
    rng = np.random.default_rng(seed)
    step = width_m / (count - 1)
    x, y = np.meshgrid(step * np.arange(count) - width_m / 2, step * np.arange(count) - width_m / 2)
    inside = np.zeros((count, count), bool)
    inside[1:-1, 1:-1] = True
    x, y = (part + 0.25 * step * inside * rng.uniform(-1, 1, part.shape) for part in (x, y))
    numbers = np.arange(count * count).reshape(count, count)
    a, b, c, d = (
        part.ravel() for part in (numbers[:-1, :-1], numbers[:-1, 1:], numbers[1:, 1:], numbers[1:, :-1])
    )
    triangles = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    shuffled = rng.permutation(count * count)
    places = np.empty(count * count, int)
    places[shuffled] = np.arange(count * count)
    lon, lat = frame.to_lonlat_deg(x.ravel(), y.ravel())
    return lon[shuffled], lat[shuffled], places[triangles]


def linear(lon, lat):
    return 0.2 * (lon - 132.0) - 0.3 * (lat - 37.0) + 0.1, 0.25 * (lat - 37.0) + 0.15 * (lon - 132.0)


def start_file(nc, hours=13):
    nc.createDimension("time", hours)
    nc.createVariable("time", "f8", ("time",))[:] = np.arange(float(hours))
    nc["time"].units = "hours since 2026-05-01 00:00:00"


def put(nc, name, dims, values, **attributes):
    for dim, size in zip(dims, np.shape(values), strict=True):
        if dim not in nc.dimensions:
            nc.createDimension(dim, size)
    variable = nc.createVariable(
        name, np.asarray(values).dtype, dims, fill_value=attributes.pop("_FillValue", None)
    )
    variable.setncatts(attributes)
    variable[:] = values


def write_ugrid(path, mesh, *, start=0, on="node", quads=False) -> None:
    lon, lat, triangles = mesh
    with netCDF4.Dataset(path, "w") as nc:
        start_file(nc)
        put(nc, "x", ("node",), lon, standard_name="longitude", units="degrees_east")
        put(nc, "y", ("node",), lat, standard_name="latitude", units="degrees_north")
        faces = triangles
        if quads:
            half = len(triangles) // 2
            # the first cells whole, the rest as triangles with a fill value for the fourth corner
            whole = np.column_stack([triangles[:half], triangles[half:, 2]])[: half // 2]
            rest = np.concatenate([triangles[half // 2 : half], triangles[half + half // 2 :]])
            faces = np.concatenate([whole, np.column_stack([rest, np.full(len(rest), -999 - start)])])
        put(nc, "faces", ("face", "corner"), faces.astype("i4") + start, start_index=start, _FillValue=-999)
        nc.createVariable("mesh", "i4", ()).setncatts(
            {
                "cf_role": "mesh_topology",
                "topology_dimension": 2,
                "node_coordinates": "x y",
                "face_node_connectivity": "faces",
            }
        )
        at_lon, at_lat = (
            (lon, lat) if on == "node" else (lon[triangles].mean(axis=1), lat[triangles].mean(axis=1))
        )
        for name, values in zip(("eastward", "northward"), linear(at_lon, at_lat), strict=True):
            stated = {
                "standard_name": f"{name}_sea_water_velocity",
                "units": "cm s-1",
                "mesh": "mesh",
                "location": on,
            }
            put(
                nc,
                name,
                ("time", on),
                np.broadcast_to(100.0 * values, (13, len(values))).astype("f4"),
                **stated,
            )


def expect_linear(field, frame=FRAME, *, abs_mps) -> None:
    x_m, y_m = np.array([0.0, -22_000.0, 27_000.0, 11_111.0]), np.array([500.0, 17_000.0, -28_000.0, 4000.0])
    lon, lat = frame.to_lonlat_deg(x_m, y_m)
    east, north = linear(lon, lat)
    xe, xn, ye, yn = frame.velocity_to_plane(lon, lat)
    x, y = sample_velocity(field, x_m, y_m, field.times_s[3])
    assert x == pytest.approx(xe * east + xn * north, abs=abs_mps)
    assert y == pytest.approx(ye * east + yn * north, abs=abs_mps)


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("quads", [False, True], ids=["triangles", "quadrilaterals"])
def test_nodes_of_ugrid(start, quads, tmp_path, gather) -> None:
    write_ugrid(tmp_path / "u.nc", make_mesh(), start=start, quads=quads)
    field, _ = gather(tmp_path / "u.nc", box=BOX)
    assert np.isfinite(field.velocity_mps).all()
    # The field is linear in degrees, the interpolation in the plane: 1e-4 m/s apart over this box.
    expect_linear(field, abs_mps=3e-4)


def test_faces_of_ugrid_are_read_with_their_slopes(tmp_path, gather) -> None:
    """One value for each face would be off by up to 0.01 m/s."""
    write_ugrid(tmp_path / "u.nc", make_mesh(), on="face")
    field, _ = gather(tmp_path / "u.nc", box=BOX)
    expect_linear(field, abs_mps=5e-4)


def test_fvcom_with_its_own_names_and_times(tmp_path, gather) -> None:
    lon, lat, triangles = make_mesh()
    hours = np.arange(13)
    with netCDF4.Dataset(tmp_path / "fvcom.nc", "w") as nc:
        days = 61161.0 + hours / 24.0  # modified Julian days of 2026-05-01
        put(nc, "time", ("time",), (days + 0.003).astype("f4"), units="days since 1858-11-17 00:00:00")
        put(nc, "Itime", ("time",), days.astype("i4"), units="days since 1858-11-17 00:00:00")
        put(nc, "Itime2", ("time",), (hours * 3_600_000).astype("i4"), units="msec since 00:00:00")
        put(nc, "lon", ("node",), lon.astype("f4"), units="degrees_east")
        put(nc, "lat", ("node",), lat.astype("f4"), units="degrees_north")
        put(nc, "nv", ("three", "nele"), triangles.T.astype("i4") + 1)
        put(nc, "siglay", ("siglay", "node"), np.repeat([[-0.05], [-0.5], [-0.95]], len(lon), axis=1))
        for name, values in zip(
            "uv", linear(lon[triangles].mean(axis=1), lat[triangles].mean(axis=1)), strict=True
        ):
            layers = np.stack([values, values - 3.0, values + 3.0])
            put(
                nc,
                name,
                ("time", "siglay", "nele"),
                np.broadcast_to(layers, (13, *layers.shape)),
                units="meters s-1",
            )
    field, (told,) = gather(tmp_path / "fvcom.nc", box=BOX)
    assert told.valid_from.isoformat() == "2026-05-01T00:00:00+00:00"
    expect_linear(field, abs_mps=5e-4)


@pytest.mark.parametrize("form", ["old", "new"])
def test_schism(form, tmp_path, gather) -> None:
    lon, lat, triangles = make_mesh()
    faces = np.column_stack([triangles + 1, np.full(len(triangles), -1)])
    east, north = linear(lon, lat)
    with netCDF4.Dataset(tmp_path / "schism.nc", "w") as nc:
        start_file(nc)
        put(
            nc,
            "SCHISM_hgrid_face_nodes",
            ("face", "corner"),
            faces.astype("i4"),
            start_index=1,
            _FillValue=-1,
        )
        put(nc, "SCHISM_hgrid_node_x", ("nSCHISM_hgrid_node",), lon, units="degrees_east")
        put(nc, "SCHISM_hgrid_node_y", ("nSCHISM_hgrid_node",), lat, units="degrees_north")
        deep = np.full_like(east, 9.0)
        dims = ("time", "nSCHISM_hgrid_node", "nSCHISM_vgrid_layers")
        parts = [
            np.broadcast_to(np.stack([deep, part], axis=-1), (13, len(lon), 2)) for part in (east, north)
        ]
        if form == "old":
            put(nc, "hvel", (*dims, "two"), np.stack(parts, axis=-1))
        else:
            put(nc, "horizontalVelX", dims, parts[0])
            put(nc, "horizontalVelY", dims, parts[1])
    field, _ = gather(tmp_path / "schism.nc", box=BOX)
    expect_linear(field, abs_mps=3e-4)


def test_a_mesh_across_the_dateline_and_beyond_its_coast(tmp_path, gather) -> None:
    """Solid flow to the east; the nearest element serves for three cells past the border and no farther."""
    mesh = make_mesh(180.0, 60.0, width_m=40_000.0)
    write_ugrid(tmp_path / "u.nc", mesh)
    with netCDF4.Dataset(tmp_path / "u.nc", "a") as nc:
        nc["eastward"][:], nc["northward"][:] = 30.0, 0.0
    frame = LocalFrame(180.0, 60.0)
    field, _ = gather(tmp_path / "u.nc", frame=frame, box=BOX)
    x, _ = sample_velocity(
        field, np.array([-300.0, 300.0, 22_500.0, 29_500.0]), np.zeros(4), field.times_s[0]
    )
    assert x[:3] == pytest.approx(0.3, abs=1e-3)
    assert np.isnan(x[3])


def test_neighbours_share_a_side() -> None:
    triangles = np.array([[0, 1, 2], [2, 1, 3], [3, 4, 2]])
    assert find_neighbours(triangles).tolist() == [[-1, 1, -1], [0, -1, 2], [-1, -1, 1]]


def test_a_large_mesh_is_placed_in_seconds() -> None:
    import time

    lon, lat, triangles = make_mesh(count=401)
    mesh = TriangleMesh(lon, lat, triangles, np.arange(len(triangles)), on_faces=True)
    target = cover_box(FRAME, BOX, 200.0)
    mesh.place(target, 1)
    begun = time.perf_counter()
    assert mesh.place(target, 1) is not None
    assert time.perf_counter() - begun < 3.0


def test_connections_to_missing_nodes_are_refused(tmp_path, gather) -> None:
    lon, lat, triangles = make_mesh()
    write_ugrid(tmp_path / "u.nc", (lon, lat, triangles + 1))
    with pytest.raises(ForcingError, match="start_index is probably wrong"):
        gather(tmp_path / "u.nc", box=BOX)


def test_a_mesh_in_metres_is_refused(tmp_path, gather) -> None:
    write_ugrid(tmp_path / "u.nc", make_mesh())
    with netCDF4.Dataset(tmp_path / "u.nc", "a") as nc:
        for name in "xy":
            nc[name].units, nc[name].standard_name = "m", f"projection_{name}_coordinate"
    with pytest.raises(ForcingError, match="not in degrees of longitude and latitude"):
        gather(tmp_path / "u.nc", box=BOX)
