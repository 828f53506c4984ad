"""Settle once for several runs: runs that differ only in what first counts on day 0, such as policies, share a start.

Who plans runs names the start that each shares with others. Who makes them keeps settled engines in `Starts`, and lets
each run branch from a copy. A run has the same bits whether it shares a start or not, so no result depends on how the
runs are divided among processes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from experiments.runs.size import bytes_of_start
from experiments.store.documents import files_of
from experiments.store.extensions import extensions_of, text_of
from experiments.store.provenance import digest
from sim.engine import Engine
from sim.run import Run, run_on
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.start import until_day_0

MANY: Final = 2**27
"""Room for settled engines in bytes, where every run of a search has the same few seeds."""


def start_of(scenario: Scenario) -> str:
    """Return the name of a scenario's start: a digest of all that counts before day 0, contents of files included.

    Code of other packages is included; the seed is not. The name is empty if a file cannot be read, which runs report.
    """
    before = until_day_0(scenario)
    text = "\n".join([before.model_dump_json(), text_of(extensions_of(before))])
    try:
        return digest(text, sorted({*files_of(before)}))
    except OSError:
        return ""


def starts_of(runs: Sequence[tuple[Scenario, int]]) -> list[str]:
    """Return, for each scenario and seed, the name of the start that it shares with others; empty if with none."""
    scenarios = {id(scenario): scenario for scenario, _ in runs}
    names = {key: start_of(scenario) for key, scenario in scenarios.items()}
    return shared([(names[id(scenario)], seed) for scenario, seed in runs])


def shared(starts: Iterable[tuple[str, int]]) -> list[str]:
    """Return the names of starts, emptied where name and seed occur once."""
    starts = list(starts)
    number = Counter(starts)
    return [name if number[name, seed] > 1 else "" for name, seed in starts]


def whole_runs(runs: Iterable[tuple[str, int, Scenario]]) -> float:
    """Return how many runs that settle take as long as these, given by start, seed and scenario; some share a start."""
    number, settled = 0.0, set()
    for start, seed, scenario in runs:
        shares = start and (start, seed) in settled and bytes_of_start(scenario) > 0
        number += share_after(scenario) if shares else 1.0
        settled.add((start, seed))
    return number


def share_after(scenario: Scenario) -> float:
    """Return the share of a run's days that follow the start."""
    return scenario.days / (scenario.settling + scenario.days)


@dataclass
class Starts:
    """The settled engines of a process.

    Parameters
    ----------
    room : int
        Bytes of engines to keep beside the one that settled last. 0 suffices where runs that share a start follow each
        other.
    """

    room: int = 0
    _settled: dict[tuple[str, int], Engine] = field(default_factory=dict, init=False, repr=False, compare=False)

    def run(self, start: str, scenario: Scenario, seed: int, **options: Any) -> Run:
        """Run a scenario from a start with this name; `options` are those of `run_on`."""
        return run_on(self.engine(start, scenario, seed), **options)

    def engine(self, start: str, scenario: Scenario, seed: int) -> Engine:
        """Return an engine of a scenario on day 0: a branch of a settled one, or one that settles for itself."""
        if not start or bytes_of_start(scenario) == 0.0:
            return Engine(scenario, seed)
        settled, before = self._settled.get((start, seed)), until_day_0(scenario)
        if settled is None or settled.scenario != before:
            self._make_room()
            settled = self._settled[start, seed] = Engine(before, seed)
        return settled.branch(scenario)

    def _make_room(self) -> None:
        """Forget the engine that settled last when there is no room for one more.

        The first engines stay: where many runs go through the same seeds again and again, to forget the oldest would
        forget each just before its next use.
        """
        if sum(map(_bytes, self._settled.values())) > self.room:
            self._settled.popitem()

    def __getstate__(self) -> dict[str, Any]:
        return {"room": self.room, "_settled": {}}  # engines stay in their process


def _bytes(engine: Engine) -> int:
    """Return the bytes of a settled engine; its ledger is empty and takes none."""
    return sum(array.nbytes for array in engine.state._replace(ledger=engine.state.ledger[:0]))
