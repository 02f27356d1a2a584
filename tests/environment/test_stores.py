"""The same sea in every kind of store gives the same field; what is missing is told in a sentence."""

import http.server
import json
import sys
import threading
from functools import partial
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr

from sarex.case.model import ForcingFile
from sarex.environment.stores import is_url, label_of, open_store
from sarex.errors import ForcingError

fsspec = pytest.importorskip("fsspec")
zarr = pytest.importorskip("zarr")

EASTWARD = 0.3 + 0.1 * np.sin(np.arange(21))[None, None, :] * np.ones((25, 21, 1))


@pytest.fixture
def written(write_forcing, gather):
    """A NetCDF file, and the field that it gives."""
    path = write_forcing(eastward=EASTWARD, fill=-999.0)
    return path, gather(path)[0]


@pytest.fixture
def served(tmp_path):
    """The temporary folder behind a web server of this machine."""
    handler = partial(QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def same(field, other) -> None:
    np.testing.assert_array_equal(field.times_s, other.times_s)
    np.testing.assert_allclose(field.velocity_mps, other.velocity_mps, atol=1e-6)


@pytest.mark.filterwarnings("ignore")  # zarr's own, about consolidated metadata of version 3
def write_zarr(source: Path, target: str, version: int) -> None:
    with xr.open_dataset(source, decode_times=False) as dataset:
        dataset.load().drop_encoding().to_zarr(target, zarr_format=version, mode="w")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("version", [2, 3])
def test_zarr_folder(version, written, tmp_path, gather) -> None:
    path, field = written
    write_zarr(path, str(tmp_path / "sea.zarr"), version)
    same(gather(tmp_path / "sea.zarr")[0], field)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("version", [2, 3])
def test_zarr_in_memory_without_a_telling_name(version, written, gather) -> None:
    path, field = written
    write_zarr(path, f"memory://sea-{version}", version)
    same(gather(ForcingFile(f"memory://sea-{version}"))[0], field)


def test_netcdf_behind_a_url(written, served, gather) -> None:
    path, field = written
    same(gather(ForcingFile(f"{served}/{path.name}"))[0], field)
    same(gather(ForcingFile(path.as_uri()))[0], field)


@pytest.mark.filterwarnings("ignore")
def test_zarr_behind_a_url(written, served, tmp_path, gather) -> None:
    path, field = written
    write_zarr(path, str(tmp_path / "sea.zarr"), 2)
    same(gather(ForcingFile(f"{served}/sea.zarr"))[0], field)


def test_remote_file_is_fetched_once_and_again_when_it_changes(written, gather, write_forcing) -> None:
    path, field = written
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/changing.nc", path.read_bytes())
    location = ForcingFile("memory://changing.nc")
    same(gather(location)[0], field)
    calls = []
    original = type(memory).get_file
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(memory), "get_file", lambda *args, **kw: calls.append(1) or original(*args, **kw))
        gather(location)
        assert calls == []
        memory.pipe_file("/changing.nc", write_forcing("new.nc", eastward=0.7).read_bytes())
        changed, _ = gather(location)
        assert len(calls) == 1
    assert float(np.nanmean(changed.x_mps)) == pytest.approx(0.7, abs=0.02)


def test_references_to_the_chunks_of_a_netcdf_file(written, tmp_path, gather) -> None:
    """A kerchunk table written by hand from where HDF5 says the bytes lie."""
    h5py = pytest.importorskip("h5py")
    path, field = written
    table: dict[str, object] = {".zgroup": '{"zarr_format": 2}', ".zattrs": "{}"}
    with h5py.File(path) as file, netCDF4.Dataset(path) as nc:
        for name, variable in nc.variables.items():
            data = file[name]
            table[f"{name}/.zarray"] = json.dumps(
                {
                    "zarr_format": 2, "shape": data.shape, "chunks": data.shape, "dtype": data.dtype.str,
                    "compressor": None, "filters": None, "order": "C", "fill_value": None,
                }
            )  # fmt: skip
            attributes = {k: v for k, v in variable.__dict__.items() if isinstance(v, str)}
            table[f"{name}/.zattrs"] = json.dumps({"_ARRAY_DIMENSIONS": variable.dimensions, **attributes})
            key = ".".join("0" * data.ndim)
            table[f"{name}/{key}"] = [str(path), data.id.get_offset(), data.nbytes]
    (tmp_path / "table.json").write_text(json.dumps({"version": 1, "refs": table}))
    same(gather(ForcingFile(f"reference::{tmp_path / 'table.json'}"))[0], field)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("memory://nothing.nc", "there is nothing at"),
        ("nosuch://host/file.nc", "cannot be opened"),
        ("memory://nothing.zarr", "cannot be read as Zarr"),
        ("http://127.0.0.1:9/closed.nc", "check the network"),
        ("https://127.0.0.1:9/thredds/dodsC/closed.nc", "cannot be read as OPeNDAP"),
    ],
)
def test_remote_trouble_is_one_sentence(location, words) -> None:
    with pytest.raises(ForcingError, match=words) as caught:
        open_store(location)
    assert str(caught.value).startswith(label_of(location))
    assert "\n" not in str(caught.value)


def test_broken_transfer_leaves_nothing_behind(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SAREX_CACHE_DIR", str(tmp_path))
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/half.nc", b"CDF\x01" * 100)

    def cut_short(_self, _path, local):
        Path(local).write_bytes(b"CDF\x01")

    monkeypatch.setattr(type(memory), "get_file", cut_short)
    with pytest.raises(ForcingError, match="4 of 400 bytes arrived"):
        open_store("memory://half.nc")
    assert list((tmp_path / "forcing").iterdir()) == []


@pytest.mark.parametrize(
    ("module", "location", "words"),
    [
        ("fsspec", "https://example.org/a.nc", r"pip install 'sarex\[cloud\]'"),
        ("zarr", "{folder}", r"pip install 'sarex\[cloud\]'"),
        ("cfgrib", "{grib}", r"pip install 'sarex\[grib\]'"),
    ],
)
def test_missing_extra_says_what_to_install(module, location, words, monkeypatch, tmp_path) -> None:
    (tmp_path / "a.zarr").mkdir()
    (tmp_path / "a.zarr" / "zarr.json").write_text("{}")
    (tmp_path / "a.grib2").write_bytes(b"GRIB....")
    monkeypatch.setitem(sys.modules, module, None)
    named = {"folder": str(tmp_path / "a.zarr"), "grib": str(tmp_path / "a.grib2")}
    with pytest.raises(ForcingError, match=words):
        open_store(location.format(**named))


@pytest.mark.parametrize(
    ("location", "url", "label"),
    [
        ("s3://bucket/run/sea.zarr/", True, "sea.zarr"),
        ("https://example.org/a/b.nc?token=x", True, "b.nc"),
        ("/data/a.nc", False, "a.nc"),
        ("C:\\data\\a.nc", False, "a.nc"),
        ("reference::/data/table.json", True, "table.json"),
    ],
)
def test_locations(location, url, label) -> None:
    assert is_url(location) is url
    assert label_of(location) == label


@pytest.mark.parametrize("location", ["gs://bucket/sea.zarr", "gs://bucket/sea.nc"])
def test_a_missing_protocol_says_what_to_install(location, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(ForcingError, match=r"needs a package that is not installed .*; pip install gcsfs"):
        open_store(location)
