"""What one tab holds: the scenario that is edited, its recording and its comparison."""

from functools import partial
from pathlib import Path
from typing import Any

import solara

from experiments.app.components import LANGUAGE
from experiments.app.draft import Checked, Draft
from experiments.app.jobs import Job, Step
from experiments.app.place import PLACE, forget
from experiments.app.recording import Recording, recorded
from experiments.app.uploads import MOST_FILES, MOST_TABLE, taken
from experiments.compare.result import Comparison
from sim.language import Language, say, speaking_to
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import DayroomError
from sim.scenario.text.files import shipped_files
from sim.scenario.text.nodes import KeyPath

START = "baseline"


class Session:
    """The state of one tab; nothing of it is shared with another.

    Attributes
    ----------
    source : solara.Reactive of str
        Name of the chosen scenario, or of the file that was sent.
    base : solara.Reactive of Scenario
        The scenario as it was chosen.
    draft : solara.Reactive of Draft
        The scenario as it is edited.
    refusal : solara.Reactive of str
        Why the last choice or file was refused.
    watching : Job of Recording
    comparing : Job of Comparison
    """

    def __init__(self) -> None:
        base = load_scenario(START)
        self.source = solara.reactive(START)
        self.base = solara.reactive(base)
        self.draft = solara.reactive(Draft.of(base))
        self.refusal = solara.reactive("")
        self.tab = solara.reactive("scenario")
        self.watching: Job[Recording] = Job()
        self.comparing: Job[Comparison] = Job()
        self._folder: Path | None = None

    @property
    def checked(self) -> Checked:
        """The edited scenario, or what is wrong with it."""
        draft: Draft = self.draft.value
        return draft.check()

    @property
    def start(self) -> Draft:
        """The scenario as it was chosen, as plain values."""
        return Draft.of(self.base.value)

    def choices(self) -> dict[str, Path]:
        """Return the scenarios that can be chosen: the shipped ones, then those of the server's folder."""
        return {**shipped_files(), **{f"{name}.yaml": path for name, path in PLACE.scenarios().items()}}

    def choose(self, name: str) -> None:
        """Begin with another scenario."""
        path = self.choices().get(name)
        if path is not None:
            self._begin(lambda: load_scenario(path), name)

    def send(self, files: list[Any]) -> None:
        """Begin with a scenario that the reader sends."""
        if self._folder is None:
            self._folder = PLACE.new()
        folder = self._folder
        self._begin(lambda: taken(files, folder), "")

    def refuse_size(self) -> None:
        """Say that the files are too many or too large to be sent."""
        with speaking_to(LANGUAGE.value):
            most = say(
                "allowed are at most {most} files of {size:g} MB together", most=MOST_FILES, size=MOST_TABLE / 1e6
            )
        self.refusal.value = most

    def edit(self, path: KeyPath, value: Any) -> None:
        """Change a value of the draft."""
        self.draft.value = self.draft.value.having(path, value)

    def undo(self) -> None:
        """Give up all changes."""
        self.draft.value = self.start

    def watch(self, centre: str, seed: int) -> None:
        """Run the edited scenario and keep the days of a centre."""
        scenario = self.checked.scenario
        if scenario is not None:
            with speaking_to(LANGUAGE.value):
                self.watching.start(partial(recorded, scenario, seed, centre))

    def compare(self, replicates: int, seed: int) -> None:
        """Compare the edited scenario with the chosen one, under the same chance."""
        scenario, base = self.checked.scenario, self.base.value
        if scenario is not None:
            changed = scenario.with_changes(name=changed_name(base))
            with speaking_to(LANGUAGE.value):
                self.comparing.start(partial(_compared, base, changed, replicates, seed))

    def close(self) -> None:
        """End all work and delete the files of the session."""
        for job in (self.watching, self.comparing):
            job.cancel()
        if self._folder is not None:
            forget(self._folder)

    def _begin(self, load: Any, name: str) -> None:
        with speaking_to(LANGUAGE.value):
            try:
                scenario: Scenario = load()
            except DayroomError as error:
                self.refusal.value = str(error)
                return
            sent = say("{name} (sent)", name=scenario.name)
        self.refusal.value = ""
        self.watching.forget()
        self.comparing.forget()
        self.source.value = name or sent
        self.base.value, self.draft.value = scenario, Draft.of(scenario)


def changed_name(base: Scenario) -> str:
    """Return the name of the edited scenario in a comparison with its base."""
    return f"{base.name[:50]}-changed"


def _compared(base: Scenario, changed: Scenario, replicates: int, seed: int, step: Step) -> Comparison:
    from experiments.compare.runs import compare

    done = [0]

    def count(of: int) -> None:
        done[0] += 1
        step(done[0], of)

    return compare(base, changed, replicates=replicates, seed=seed, days=changed.days, step=count)


def languages() -> list[tuple[Language, str]]:
    """Return each language with its own name for itself."""
    return [(Language.en, "English"), (Language.zh, "中文")]
