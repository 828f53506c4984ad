"""Experiments with any callable as a model: designs, common seeds, executors and a store, as for day centres."""

import pickle
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.designs.points import with_index
from experiments.designs.replicates import replicates as seeds_of
from experiments.runs import LostWorkerError, executors
from experiments.runs.runner import Failed, attempted
from experiments.statistics.numbers import many
from experiments.store.callables import Address, KeptRuns, address_of
from experiments.store.protocol import KEYS
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Settings = Mapping[str, Any]
"""Values of a run by name: those of its point, and those of its lever."""
Model = Callable[[dict[str, Any], int], Mapping[str, float]]
"""A model: takes the settings of a run and its seed, returns its outcomes by name."""


@dataclass(frozen=True)
class Experiment:
    """The runs of an experiment.

    Parameters
    ----------
    runs : DataFrame
        A row for each run, as `results` of a study gives it: `point`, `lever`, `replicate`, the factors, `seed`,
        `status` ("done" or "failed"), and each outcome, NaN in a failed run.
    made, stored : int
        Runs made now, and runs that the store held.
    errors : DataFrame
        A row for each failed run: `point`, `lever`, `replicate`, the factors, `seed`, `error`, `origin`, `trace`.
    """

    runs: "pd.DataFrame"
    made: int
    stored: int
    errors: "pd.DataFrame"

    def __str__(self) -> str:
        """Count the runs; the first error stands with the failed ones."""
        counts = f"{many(len(self.runs), 'run')}: {self.made:,} made, {self.stored:,} from the store"
        if self.errors.empty:
            return counts
        return f"{counts}; {len(self.errors):,} failed, the first with: {self.errors['error'].iloc[0]}"


def experiment(
    model: Model,
    points: "pd.DataFrame | Iterable[Settings]" = ({},),
    levers: Mapping[str, Settings] | None = None,
    *,
    replicates: int = 20,
    seed: int = 0,
    store: Path | str | None = None,
    version: str = "",
    workers: executors.Executor | None = None,
    retry_failed: bool = False,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Experiment:
    """Run any model at the points of a design, under each lever, with the same seeds everywhere.

    Parameters
    ----------
    model : callable
        Takes a dict of settings and a seed, returns a mapping of outcomes to numbers. All its chance must come from
        the seed. An error in it makes a failed run and does not end the experiment.
    points : DataFrame or iterable of mappings
        A row for each point, a column for each factor; a column `point` (as `design` gives it) numbers them. A named
        index counts as a column.
    levers : mapping of str to mapping, optional
        Alternatives by name, each with the settings that it adds to those of a point; by default one, "model".
    replicates : int
        Runs of each point under each lever. Replicate k has the same seed at all points and under all levers, so that
        `lever_effects` compares pairs.
    seed : int
        Seed of replicate 0.
    store : Path or str, optional
        Folder that keeps each run at once, by the source of the model, the settings and the seed; another call makes
        only what it lacks. By default nothing is kept.
    version : str
        Text that identifies code outside the model's file, which the store cannot see change.
    workers : Executor, optional
        How to make the runs; the result does not depend on it. By default processes, when they pay off and the model
        can be imported there.
    retry_failed : bool
        Whether to repeat runs that failed before.
    step : callable
        Receives, after each run, the number of runs made and of runs to make.

    Raises
    ------
    InputError
        When points or levers are not as above, the seed is no whole number, worker processes cannot import the model,
        or the store cannot read its source.

    Examples
    --------
    >>> from dayroom import experiment
    >>> print(experiment(lambda point, seed: {"y": point["x"] + seed % 3}, [{"x": 1}, {"x": 2}], replicates=5))
    10 runs: 10 made, 0 from the store
    """
    import pandas as pd

    items = _items(_numbered(points), {"model": {}} if levers is None else levers, seed, replicates)
    if workers is not None and workers.jobs > 1 and not _is_portable(model):
        raise InputError("the model cannot be imported by worker processes; put it in a file, or use InProcess()")
    workers = workers or (executors.executor() if _is_portable(model) else executors.InProcess())
    kept = None if store is None else KeptRuns(Path(store), model, version)
    records = {} if kept is None else kept.read()
    wanted = {_address(item): item for item in items}
    stored = {key: records[key] for key in wanted if key in records and not (retry_failed and "error" in records[key])}
    missing = {key: item["settings"] for key, item in wanted.items() if key not in stored}
    made = _made(model, missing, workers, kept, step)
    rows = [({**item["row"], "seed": item["seed"]}, (made | stored)[_address(item)]) for item in items]
    runs = [{**row, "status": "failed" if "error" in one else "done", **one.get("outcomes", {})} for row, one in rows]
    columns = [*items[0]["row"], "seed", "error", "origin", "trace"]
    errors = [{**row, **one} for row, one in rows if "error" in one]
    return Experiment(pd.DataFrame(runs), len(made), len(stored), pd.DataFrame(errors, columns=columns))


@dataclass(frozen=True)
class _Call:
    """The task of a worker: one run of a model."""

    model: Model

    def __call__(self, item: tuple[dict[str, Any], int]) -> dict[str, float] | Failed:
        settings, seed = item
        return attempted(lambda: _outcomes(self.model(dict(settings), seed)))


def _made(
    model: Model,
    missing: Mapping[Address, Settings],
    workers: executors.Executor,
    kept: KeptRuns | None,
    step: Callable[[int, int], None],
) -> dict[Address, dict[str, Any]]:
    """Make runs, and keep each as soon as it is done; a run lost with its worker is not kept."""
    made: dict[Address, dict[str, Any]] = {}
    tasks = [(settings, seed) for (_, seed), settings in missing.items()]
    for key, result in zip(missing, workers.each(_Call(model), tasks), strict=True):
        made[key] = _record(result)
        if kept is not None and not isinstance(result, LostWorkerError):
            kept.add(key, made[key])
        step(len(made), len(missing))
    return made


def _outcomes(given: object) -> dict[str, float]:
    """Return the outcomes of a run as numbers.

    Raises
    ------
    InputError
        When the model returned something else, or an outcome has the name of a column that identifies runs.
    """
    if not isinstance(given, Mapping) or not given:
        raise InputError(f"the model returned a {type(given).__name__}, allowed is a mapping of outcomes to numbers")
    outcomes = {}
    for name, value in given.items():
        if not isinstance(name, str) or name in (*KEYS, "status"):
            raise InputError(f"the model returned an outcome named {name!r}; choose another name")
        try:
            outcomes[name] = float(value)
        except (TypeError, ValueError):
            raise InputError(f"the model returned {name} = {value!r}, allowed is a number") from None
    return outcomes


def _record(result: object) -> dict[str, Any]:
    """Return what the store keeps of a result."""
    if isinstance(result, LostWorkerError):
        return {"error": str(result), "origin": "the worker process, not the model", "trace": ""}
    if isinstance(result, Failed):
        return {"error": result.error, "origin": result.origin, "trace": result.trace}
    return {"outcomes": result}


def _numbered(points: "pd.DataFrame | Iterable[Settings]") -> dict[int, dict[str, Any]]:
    """Return the settings of each point by its number."""
    import pandas as pd

    each: Iterable[Any] = with_index(points).to_dict("records") if isinstance(points, pd.DataFrame) else points
    rows: list[dict[str, Any]] = [{str(name): value for name, value in dict(row).items()} for row in each]
    numbered: dict[int, dict[str, Any]] = {}
    for order, row in enumerate(rows):
        settings = {name: value for name, value in row.items() if name != "point"}
        number = int(row.get("point", order))
        if number in numbered:
            raise InputError(f"point {number} is there twice")
        if empty := [name for name, value in settings.items() if value is None or value != value]:
            raise InputError(f"point {number} has no value of {', '.join(empty)}")
        if rows[0].keys() != row.keys():
            raise InputError(f"point {number} has other factors than the first: {', '.join(settings) or 'none'}")
        numbered[number] = settings
    if taken := sorted(set(rows[0] if rows else ()) & ({*KEYS, "status"} - {"point"})):
        raise InputError(f"a factor cannot be named {taken[0]}; the results have a column of that name")
    if not numbered:
        raise InputError("there is no point to run")
    return numbered


def _items(
    points: dict[int, dict[str, Any]], levers: Mapping[str, Settings], seed: int, replicates: int
) -> list[dict[str, Any]]:
    """Return the runs in the order of point, lever and replicate: the first columns, all settings, and the seed."""
    if not levers:
        raise InputError("there is no lever to run; leave levers out for a single alternative")
    chances = seeds_of(whole_seed(seed), replicates)
    return [
        {
            "row": {"point": point, "lever": lever, "replicate": chance.number, **settings},
            "settings": {**settings, **added},
            "seed": chance.seed,
        }
        for point, settings in points.items()
        for lever, added in levers.items()
        for chance in chances
    ]


def _address(item: Mapping[str, Any]) -> Address:
    return address_of(item["settings"]), item["seed"]


def _is_portable(model: Model) -> bool:
    """Return whether worker processes, which start afresh, can import a model."""
    try:
        pickle.dumps(model)
    except Exception:
        return False
    inner = getattr(model, "func", model)
    module = getattr(inner, "__module__", type(inner).__module__)
    return module != "__main__" or hasattr(sys.modules["__main__"], "__file__")
