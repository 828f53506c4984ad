"""Say of each centre with a list or a survey what is known, what is sampled, and what is assumed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from sim.language import Language, language, say
from sim.scenario.reading.roster import BACKGROUND, DIAGNOSIS, NAME
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.schema.start import is_listed, network_of
from sim.scenario.text.dictionary import HEADERS, WORDS
from sim.state.listed.files import listed_users
from sim.state.people import AGE_RANGE

MAPPED: Final = {
    "depression": "bipolar disorder",
    "intellectual disability": "obsessive-compulsive disorder",
    "other": "schizophrenia",
}
"""The diagnosis as which the model counts one that the study has not (`sim.rules.episodes.relapse_hazard`)."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the files say of the users and ties with which a centre starts.

    Parameters
    ----------
    centre : str
    users : int
        Users of the centre, of whom `listed` stand in a file.
    listed : int
    answered, silent : int
        Users whom the survey mentions and who answered, or did not; 0 without a survey.
    sampled : dict of str to int
        For each column of the list, how many listed users have no value there; without those that have no gap.
    assumed : str
        What follows from no file.
    mapped : dict of str to int
        For each diagnosis that the study has not (`MAPPED`), how many listed users have it.
    older : int
        Listed users older than anybody in the study.
    """

    centre: str
    users: int
    listed: int
    answered: int
    silent: int
    sampled: dict[str, int]
    assumed: str
    mapped: dict[str, int] = field(default_factory=dict)
    older: int = 0

    @property
    def filled(self) -> int:
        """Users of whose ties the survey knows nothing."""
        return self.users - self.answered - self.silent

    def __str__(self) -> str:
        parts = [say("{listed} of {users} users listed", listed=self.listed, users=self.users)]
        if self.answered + self.silent:
            parts = [
                say(
                    "{answered} of {users} users surveyed, {silent} gave no answer, {filled} filled in",
                    answered=self.answered,
                    users=self.users,
                    silent=self.silent,
                    filled=self.filled,
                )
            ]
        if self.sampled:
            gaps = say(", ").join(
                say("{name} of {number}", name=_called(name), number=number) for name, number in self.sampled.items()
            )
            parts.append(say("not given and sampled: {gaps}", gaps=gaps))
        if self.mapped:
            counted = say(", ").join(
                say("{name} of {number} as {other}", name=_called(name), number=number, other=_called(MAPPED[name]))
                for name, number in self.mapped.items()
            )
            parts.append(
                say("a diagnosis that the study has not counts as another (assumed): {counted}", counted=counted)
            )
        if self.older:
            parts.append(
                say(
                    "{number} older than {age}, the oldest in the study, counted as the others (assumed)",
                    number=self.older,
                    age=int(AGE_RANGE[1]),
                )
            )
        return f"{self.centre}: {say('; ').join([*parts, self.assumed])}"


def starts(scenario: Scenario) -> list[Start]:
    """Return the start of each centre with listed users or surveyed ties.

    Raises
    ------
    RosterError, NetworkFileError
        When a file is invalid.
    """
    return [_start(scenario, name, one) for name, one in scenario.centres.items() if is_listed(scenario, one)]


def _start(scenario: Scenario, name: str, centre: Centre) -> Start:
    listed = listed_users(scenario, centre)
    people = listed.people if centre.users_file is not None else []
    missing = Counter(column for person in people for column in person.gaps())
    sampled = {column: missing[column] for column in BACKGROUND if missing[column]}
    if missing[NAME]:
        sampled["names (called by their row)"] = missing[NAME]
    assumed = _assumed(scenario, centre)
    diagnoses = Counter(list(DIAGNOSIS)[one.diagnosis] for one in people if one.diagnosis is not None)
    mapped = {diagnosis: diagnoses[diagnosis] for diagnosis in MAPPED if diagnoses[diagnosis]}
    older = sum((one.age_low or 0.0) > AGE_RANGE[1] for one in people)
    return Start(
        name, centre.users, len(listed.people), listed.answered, listed.silent, sampled, assumed, mapped, older
    )


def _called(name: str) -> str:
    """Return a column or a diagnosis in the reader's language."""
    if language() is Language.en:
        return name
    usual, *_ = HEADERS.get(name) or WORDS["diagnosis"].get(name) or (say("names (called by their row)"),)
    return usual


def _assumed(scenario: Scenario, centre: Centre) -> str:
    """Return what a start assumes."""
    if scenario.settling > 0:
        return say("states and ties that nobody gave are assumed to be as among like users of a settled centre")
    ties = {
        "none": say("there are no ties"),
        "generated": say("ties are generated"),
        "file": say("ties that nobody gave are none"),
    }
    ties["graph"] = ties["file"]
    return say("states are assumed to be at their set points, and {ties}", ties=ties[network_of(scenario, centre).kind])
