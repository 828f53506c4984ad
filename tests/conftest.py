"""Settings that every test shares."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The first call of a kernel may compile it, so no deadline. The same examples every time: a failure is everybody's.
settings.register_profile("dayroom", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dayroom")

# A shell that starts the tests in the background has them, and all they start, ignore Ctrl-C: tests press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

Dayroom = Callable[..., int]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip slow tests when `DAYROOM_TESTS_UNTIL` (seconds since 1970) has passed: what fits runs, as on CI."""
    until = os.environ.get("DAYROOM_TESTS_UNTIL")
    if until and item.get_closest_marker("slow") and time.time() > float(until):
        pytest.skip("no time is left for slow tests (DAYROOM_TESTS_UNTIL)")


@pytest.fixture
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], list[str]]:
    """Return the figures of a result's folder that `dayroom plot` lacks, or draws otherwise than the command did."""

    def unlike(folder: Path) -> list[str]:
        from experiments.plots.style import save
        from experiments.report.plot.folder import drawings_in

        there, new = drawings_in(folder), tmp_path_factory.mktemp("redrawn")
        pictures = sorted((folder / "figures").glob("*.png"))
        assert pictures
        lacking = [path.stem for path in pictures if path.stem not in there]
        return lacking + [
            name
            for name, drawing in there.items()
            if save(drawing.draw(), new / f"{name}.png").read_bytes()
            != (folder / "figures" / f"{name}.png").read_bytes()
        ]

    return unlike


@pytest.fixture
def dayroom() -> Iterator[Dayroom]:
    """Return the command in this process: words in, exit code out."""
    before = signal.getsignal(signal.SIGTERM)

    def command(*words: object) -> int:
        from experiments.cli.app import main

        try:
            main(list(map(str, words)))
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1
        return 0

    yield command
    signal.signal(signal.SIGTERM, before)
