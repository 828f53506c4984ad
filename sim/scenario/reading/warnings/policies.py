"""Policies that never act, that end as soon as they begin, or that act twice on the same users or sessions."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final

from sim.scenario.conditions.numbers import Step
from sim.scenario.reading.warnings.conditions import Range, never, possible, written
from sim.scenario.reading.warnings.facts import facts_of
from sim.scenario.reading.warnings.warning import ScenarioWarning
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    Facts = Mapping[Step, Range]

_WEEK: Final = 7
"""Days from one review of policies to the next."""
_SESSIONS: Final = "centre.first_session"
"""The column by which a policy sets the sessions of a centre."""


def of_policies(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield the warnings about a scenario's policies."""
    for name, use in scenario.policies.items():
        facts = facts_of(scenario, use.centres)
        idle = _idle(use, scenario.days, facts) if use.acts_on else None
        if idle is not None:
            option, why = idle
            yield ScenarioWarning(f"policies.{name}{option and f'.{option}'}", f"the policy never acts: {why}")
        else:
            yield from _ends(name, use, scenario.days, facts)
            yield from _workers(name, use, scenario)
    for (first, one), (second, other) in combinations(scenario.policies.items(), 2):
        if one.policy == other.policy and one.acts_on:
            yield from _twice(scenario, (first, one), (second, other))


def _idle(use: PolicyUse, days: int, facts: "Facts") -> tuple[str, str] | None:
    """Return the option by which a policy never acts, and why; None if nothing rules out that it acts."""
    if use.start >= days:
        return "start", f"it starts on day {use.start}, and the run ends after {days} days, before that"
    if use.ramp > 0 and use.when is None and use.start - use.start % _WEEK + _WEEK >= days:
        return "start", f"it starts on day {use.start} from nothing (ramp), and no weekly review follows before the end"
    if use.intensity == 0:
        return "intensity", "its intensity is 0"
    if use.when is not None and never(use.when, facts):
        return "when", f"`{use.when}` cannot be true in this scenario"
    if use.when is not None and use.when.lasting >= days:
        return "when", f"`{use.when}` would have to hold for {use.when.lasting} days of a run of {days} days"
    if use.whole_house:
        return None
    if use.uptake == 0:
        return "uptake", "nobody takes part, as uptake is 0"
    if never(use.eligible, facts):
        return "eligible", f"nobody is eligible: `{use.eligible}` cannot be true of any user of this scenario"
    return None


def _ends(name: str, use: PolicyUse, days: int, facts: "Facts") -> Iterator[ScenarioWarning]:
    """Yield a warning if nothing can end what `when` sets off, or if its end holds while `when` still holds."""
    if use.when is None or use.until is None:
        return
    path = f"policies.{name}.until"
    if never(use.until, facts) or use.until.lasting >= days:
        yield ScenarioWarning(path, f"`{use.until}` cannot be true in this scenario, so the policy does not end by it")
        return
    both = possible([use.when, use.until], facts)
    if both is None or len(both) != 1 or (use.until.lasting and use.cooldown):
        return
    shared = [possible([one], facts) or [] for one in (use.when, use.until)]
    keys = [set(alternatives[0]) if len(alternatives) == 1 else set() for alternatives in shared]
    if len(keys[0]) == 1 and keys[0] == keys[1]:
        ((key, values),) = both[0].items()
        if values.is_wide:
            yield ScenarioWarning(
                path,
                f"while {written(key, values)}, `when` and `until` both hold: the policy would start and end again and "
                "again; let `until` hold only where `when` does not",
            )


def _workers(name: str, use: PolicyUse, scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield a warning for each centre with fewer users than peer support workers, or than staff with the added ones."""
    number, added = getattr(use, "number", 0), getattr(use, "added_staff", 0.0)
    for centre in use.centres or scenario.centres:
        users, staff = scenario.centres[centre].users, scenario.centres[centre].staff
        if use.policy == "peer_support_workers" and number > users:
            what = f"{number} workers for the {users} users of centres.{centre}"
            yield ScenarioWarning(f"policies.{name}.number", what)
        if use.policy == "staffing" and added and staff <= users < staff + added:
            what = f"{staff + added:g} staff with the added ones for the {users} users of centres.{centre}"
            yield ScenarioWarning(f"policies.{name}.added_staff", what)


def _twice(
    scenario: Scenario, first: tuple[str, PolicyUse], second: tuple[str, PolicyUse]
) -> Iterator[ScenarioWarning]:
    """Yield a warning if two uses of a policy act on the same users, or on the same sessions, at the same time."""
    (name, one), (again, other) = first, second
    centres = [
        centre for centre in scenario.centres if all(not use.centres or centre in use.centres for use in (one, other))
    ]
    if not centres or max(one.start, other.start) >= min(one.end, other.end, scenario.days):
        return
    facts = facts_of(scenario, tuple(centres))
    if possible([use.when for use in (one, other) if use.when is not None], facts) == []:
        return
    where = ", ".join(f"centres.{centre}" for centre in centres)
    instead = "give them other centres or other times, or leave one out"
    if _SESSIONS in one.acts_on:
        last = max(first, second, key=lambda named: (named[1].priority, named[0]))[0]
        what = f"{name} and {again} both set the sessions of {where} at once; only {last}, which acts last, counts"
        yield ScenarioWarning(f"policies.{again}", f"{what}; {instead}")
    elif not (one.whole_house or _brings_its_own(one)) and possible([one.eligible, other.eligible], facts) != []:
        what = f"{name} is {one.policy} too, at the same time in {where}, so some users get it twice"
        yield ScenarioWarning(f"policies.{again}", f"{what}; {instead}")


def _brings_its_own(use: PolicyUse) -> bool:
    """Return whether a policy sets up workers or circles of its own, of which a centre may have several."""
    return type(use).set_up is not PolicyUse.set_up
