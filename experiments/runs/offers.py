"""What Python registered (policies, rules, outcomes), sent along with a task to the processes that perform it."""

import pickle
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from experiments.runs import Task
from sim.scenario.schema.python_code import MAIN, home_of, in_main
from sim.scenario.schema.registry import REGISTRIES
from sim.scenario.text.errors import InputError


@dataclass(frozen=True, slots=True)
class WithOffers:
    """A task and what it needs registered, both pickled, because the offers must be there before the task is read."""

    offers: bytes
    task: bytes

    def opened(self) -> Task:
        """Register the offers in this process, and return the task."""
        for kind, offer, code in pickle.loads(self.offers):  # noqa: S301 - bytes of the process that started this one
            if home_of(offer) in MAIN and isinstance(offer, type):
                setattr(sys.modules["__main__"], offer.__qualname__, offer)  # so that pickles that name it can be read
            REGISTRIES[kind].register(offer, code)
        task: Task = pickle.loads(self.task)  # noqa: S301
        return task


def with_offers(task: Task) -> Task | WithOffers:
    """Return a task as another process needs it: itself, when Python has registered nothing.

    Raises
    ------
    InputError
        When something was registered in a notebook, and no package that could send it is installed.
    """
    offers = [
        (kind, offer, code) for kind, registry in REGISTRIES.items() for offer, code in registry.registered.values()
    ]
    return WithOffers(_pickled(offers), pickle.dumps(task)) if offers else task


def opened(task: Task | WithOffers) -> Task:
    """Return the task of `with_offers` in the process that performs it."""
    return task.opened() if isinstance(task, WithOffers) else task


def _pickled(offers: list[tuple[str, Any, Any]]) -> bytes:
    homeless = [offer for _, offer, _ in offers if in_main(offer)]
    if not homeless:
        return pickle.dumps(offers)
    try:
        cloudpickle = import_module("cloudpickle")
    except ImportError:
        raise InputError(
            f"{homeless[0]!r} stands in a notebook or script, and processes get it through cloudpickle, which comes "
            "with dayroom[dask]; install that, move it to a file that can be imported, or use InProcess()"
        ) from None
    whole: bytes = cloudpickle.dumps(offers)
    return whole
