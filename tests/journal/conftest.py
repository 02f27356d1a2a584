"""Journals to try things on: in a file, and in a PostgreSQL cluster of our own where that can be had."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

START_S = 20.0


def unprivileged() -> dict[str, Any]:
    """As whom PostgreSQL is started: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is nobody else")


def start_cluster(folder: Path, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    initdb, postgres = shutil.which("initdb"), shutil.which("postgres")
    if initdb is None or postgres is None:
        pytest.skip("PostgreSQL is not installed")
    if who:
        os.chown(folder, who["user"], who["group"])
    data = folder / "data"
    flags = ("-A", "trust", "-U", "sarex", "-E", "UTF8", "--locale=C", "--no-sync")
    subprocess.run([initdb, "-D", data, *flags], check=True, capture_output=True, cwd=folder, **who)
    # no port, a socket only: nothing on the network, and no clash with another cluster
    flags = ("-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off")
    with (folder / "log").open("wb") as log:
        return subprocess.Popen([postgres, "-D", data, *flags], stdout=log, stderr=log, cwd=folder, **who)


def wait_until_up(psycopg: Any, address: str) -> None:
    ends = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a running cluster, as psycopg takes it."""
    psycopg = pytest.importorskip("psycopg")
    who = unprivileged()
    with tempfile.TemporaryDirectory(prefix="sarex-pg-") as name:
        server = start_cluster(Path(name), who)
        try:
            address = f"postgresql://sarex@/postgres?host={name}"
            wait_until_up(psycopg, address)
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_S)


@pytest.fixture
def schema_url(cluster: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty schema, which is where a journal goes."""
    import psycopg

    name = "journal_of_a_test"
    with closing(psycopg.connect(cluster, autocommit=True)) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        yield cluster.replace("postgresql:", "postgresql+psycopg:") + f"&options=-csearch_path%3D{name}"
        connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where several processes can share a journal."""
    if request.param == "sqlite":
        return str(tmp_path / "exercise.sqlite")
    return str(request.getfixturevalue("schema_url"))


@pytest.fixture
def ticking() -> Callable[[], datetime]:
    """A wall clock that goes on a second at each look."""
    seconds = count()
    return lambda: datetime(2026, 5, 12, tzinfo=UTC) + timedelta(seconds=next(seconds))


@pytest.fixture
def plain_user(tmp_path: Path) -> Iterator[None]:
    """Whoever may not write everywhere: nobody, for as long as the test runs, where we are root."""
    if os.geteuid() != 0:
        yield
        return
    if not hasattr(os, "setresuid"):
        pytest.skip("root may write everywhere and cannot be somebody else here")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o011)
    nobody = 65534
    os.setresuid(nobody, nobody, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
