"""Who may talk to a Dask cluster: whoever may can have it run any code."""

import asyncio
import os
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import LocalCluster, Security
from distributed.core import rpc

from experiments.runs.executors.dask import cluster as dask
from experiments.runs.executors.dask.cluster import ClusterError, DaskCluster
from tests.conftest import Dayroom
from tests.processes import workers_of
from tests.sweep.test_dask import slow_square, square


@pytest.mark.slow
def test_our_own_cluster_listens_to_this_machine_alone_and_leaves_nothing_behind() -> None:
    me = psutil.Process()
    before = set(workers_of(os.getpid()))
    with closing(DaskCluster(jobs=2).each(slow_square, range(40))) as squares:  # type: ignore[type-var]
        assert next(squares) == 0
        workers = set(workers_of(os.getpid())) - before
        assert len(workers) == 2
        ports = [one.laddr for each in workers for one in each.net_connections("tcp") if one.status == "LISTEN"]
        ports += [one.laddr for one in me.net_connections("tcp") if one.status == "LISTEN"]
    assert {address.ip for address in ports} == {"127.0.0.1"}
    assert 8787 not in {address.port for address in ports}
    assert not psutil.wait_procs(workers, timeout=10)[1]


def _ports() -> set[int]:
    """Return the ports at which this process and its workers listen."""
    processes = [psutil.Process(), *workers_of(os.getpid())]
    sockets = [one for process in processes for one in process.net_connections("tcp")]
    return {one.laddr.port for one in sockets if one.status == "LISTEN"}


def _page(port: int) -> bytes:
    """Return the first line that a port answers to a browser."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as there, suppress(OSError):
        there.sendall(b"GET /info/main/workers.html HTTP/1.0\r\n\r\n")
        return there.recv(4096).partition(b"\r\n")[0]
    return b""


def _kinds(ports: list[int], protocol: str, security: Security | None, seconds: float) -> list[str | None]:
    """Return which kind of Dask process talks to us at each port, or None where it does not."""

    async def kind(port: int) -> str | None:
        arguments = security.get_connection_args("client") if security else {}
        address = f"{protocol}://127.0.0.1:{port}"
        with suppress(OSError):
            async with (
                asyncio.timeout(seconds),  # Dask tries again for longer than it is asked to
                rpc(address, timeout=2 * seconds, connection_args=arguments) as there,
            ):
                return str((await there.identity())["type"])
        return None

    async def kinds() -> list[str | None]:
        return await asyncio.gather(*map(kind, ports))

    return asyncio.run(kinds())


@pytest.mark.slow
def test_our_own_cluster_talks_only_to_who_has_its_certificate() -> None:
    """Whoever may talk to a scheduler, a nanny or a worker may have it run any code."""
    before = _ports()  # of a cluster of another test
    executor = DaskCluster(jobs=2)
    with closing(executor.each(slow_square, range(40))) as squares:  # type: ignore[type-var]
        assert next(squares) == 0
        pages = {port: _page(port) for port in _ports() - before}
        assert set(pages.values()) <= {b"HTTP/1.1 404 Not Found", b""}
        ports = [port for port, page in pages.items() if not page]
        assert (
            sorted(map(str, _kinds(ports, "tls", executor.security, 60)))
            == ["Nanny"] * 2 + ["Scheduler"] + ["Worker"] * 2
        )
        assert _kinds(ports, "tls", Security.temporary(), 2) == [None] * 5
        assert _kinds(ports, "tcp", None, 2) == [None] * 5


def test_a_scheduler_with_certificates_is_reached_by_those_of_dasks_settings() -> None:
    security = Security.temporary()
    options: dict[str, Any] = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    certificates = {
        "distributed.comm.tls.ca-file": security.tls_ca_file,
        "distributed.comm.tls.client.cert": security.tls_client_cert,
        "distributed.comm.tls.client.key": security.tls_client_key,
    }
    with LocalCluster(n_workers=1, scheduler_kwargs=options, memory_limit=0, security=security) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        with pytest.raises(ClusterError, match="no Dask scheduler answered"):
            DaskCluster(address, patience=2)
        with dask.dask.config.set(certificates):
            assert list(DaskCluster(address).each(square, range(3))) == [0, 1, 4]


def test_without_cryptography_no_cluster_is_started_and_the_command_says_what_to_install(
    study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)  # as Python marks what cannot be imported
    assert dayroom("sweep", study, "--executor", "dask") == 2
    err = " ".join(capsys.readouterr().err.split())
    assert "needs a certificate" in err
    assert "pip install 'dayroom[dask]'" in err
