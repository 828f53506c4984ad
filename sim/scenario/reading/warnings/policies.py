"""Policies that never act, that end as soon as they begin, or that act twice on the same users or sessions."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final

from sim.language import later, say
from sim.scenario.conditions.numbers import Step
from sim.scenario.reading.warnings.conditions import Range, Ranges, implied, never, possible, written
from sim.scenario.reading.warnings.facts import facts_of, likely_seats, review_days
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.schema.session import long_day
from sim.scenario.text.errors import ScenarioWarning

if TYPE_CHECKING:
    Facts = Mapping[Step, Range]

_SESSIONS: Final = "centre.first_session"
"""The column by which a policy sets the sessions of a centre."""
_HIRES: Final = {
    "peer_support_workers": ("number", later("workers")),
    "staffing": ("added_staff", later("staff with the added ones")),
}
"""The option by which a policy brings people into a centre, and what a warning calls them."""


def of_policies(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield the warnings about a scenario's policies."""
    acting = {}
    for name, use in scenario.policies.items():
        facts = facts_of(scenario, use.centres, _reviews(use, scenario.days))
        idle = _idle(use, scenario, facts) if use.acts_on else None
        if idle is not None:
            option, why = idle
            yield ScenarioWarning(
                f"policies.{name}{option and f'.{option}'}", say("the policy never acts: {why}", why=why)
            )
        else:
            acting[name] = use
            facts = facts_of(scenario, use.centres, review_days(use, scenario.days))
            yield from _ends(name, use, scenario.days, facts)
            yield from _long_days(name, use, scenario)
    yield from _crowds(acting, scenario)
    for (first, one), (second, other) in combinations(scenario.policies.items(), 2):
        both_set_sessions = _SESSIONS in one.acts_on and _SESSIONS in other.acts_on
        if one.acts_on and (one.policy == other.policy or both_set_sessions):
            yield from _twice(scenario, (first, one), (second, other))


def _reviews(use: PolicyUse, days: int) -> list[int]:
    """Return the days at whose review a policy can come into force and still act."""
    reviews = review_days(use, days)
    fades = use.fade > 0 and use.end < days  # something is left on the day of its end
    return reviews[:-1] if use.ramp > 0 and not fades else reviews


def _idle(use: PolicyUse, scenario: Scenario, facts: "Facts") -> tuple[str, str] | None:
    """Return the option by which a policy never acts, and why; None if nothing rules out that it acts."""
    days, reviews = scenario.days, _reviews(use, scenario.days)
    if use.start >= days:
        return "start", say(
            "it starts on day {start}, and the run ends after {days} days, before that", start=use.start, days=days
        )
    if not reviews:
        return "start", say(
            "it starts on day {start} from nothing (ramp), and no weekly review follows before the end", start=use.start
        )
    if use.intensity == 0:
        return "intensity", say("its intensity is 0")
    if use.policy == "staffing" and not (getattr(use, "added_staff", 1) or getattr(use, "closed_places", 1)):
        return "added_staff", say("it adds no staff and closes no seats")
    if use.when is not None and never(use.when, facts):
        is_timed = "day" in use.when.names
        reviewed = (
            say(
                "; policies are reviewed weekly, here from day {reviews} to day {reviews_2}",
                reviews=reviews[0],
                reviews_2=reviews[-1],
            )
            if is_timed
            else ""
        )
        return "when", say("`{when}` cannot be true in this scenario{reviewed}", when=use.when, reviewed=reviewed)
    if use.when is not None and use.when.lasting > reviews[-1]:
        return "when", say(
            "`{when}` would have to hold for {lasting} days, and the last review of the policy is on day {last}",
            when=use.when,
            lasting=use.when.lasting,
            last=reviews[-1],
        )
    about_seats = use.when is not None and use.when.names & {"users", "vacant"}
    if use.when is not None and about_seats and never(use.when, {**facts, **likely_seats(scenario, use.centres)}):
        return "when", say(
            "`{when}` is hardly ever true: fewer than one run in a million has so many empty seats", when=use.when
        )
    if _has_no_hours(use, scenario):
        return "", say("it needs staff hours, and its centres have none (staff, staff_week, programme_share)")
    if use.whole_house:
        return None
    if use.uptake == 0:
        return "uptake", say("nobody takes part, as uptake is 0")
    if never(use.eligible, facts):
        return "eligible", say(
            "nobody is eligible: `{eligible}` cannot be true of any user of this scenario", eligible=use.eligible
        )
    return None


def _has_no_hours(use: PolicyUse, scenario: Scenario) -> bool:
    """Return whether a policy needs staff hours, whoever takes part, in centres where policies have none."""

    def is_without(name: str, centre: Centre) -> bool:
        of_one = centre.staff_week * centre.programme_share
        uses = [one for one in scenario.policies.values() if not one.centres or name in one.centres]
        if centre.staff * of_one > 0 or any(one.added_hours(of_one) > 0 for one in uses):
            return False
        least = 0 if use.whole_house else 1
        return all(use.weekly_hours(number) > 0 for number in range(least, centre.users + 1))

    return all(is_without(name, scenario.centres[name]) for name in use.centres or scenario.centres)


def _ends(name: str, use: PolicyUse, days: int, facts: "Facts") -> Iterator[ScenarioWarning]:
    """Yield a warning if nothing can end what `when` sets off, or if its end holds while `when` still holds."""
    if use.when is None or use.until is None:
        return
    path = f"policies.{name}.until"
    if never(use.until, facts) or use.until.lasting >= days:
        yield ScenarioWarning(
            path, say("`{until}` cannot be true in this scenario, so the policy does not end by it", until=use.until)
        )
        return
    shared = {} if use.until.lasting and use.cooldown else _held_together(use, facts)
    if shared:
        states = say(" and ").join(written(key, values) for key, values in shared.items())
        yield ScenarioWarning(
            path,
            say(
                "while {states}, `when` and `until` both hold: "
                "the policy would start and end again and again; let `until` hold only where `when` does not",
                states=states,
            ),
        )


def _held_together(use: PolicyUse, facts: "Facts") -> Ranges:
    """Return an alternative of `when` in which `until` surely holds, or the shared range of their only quantity."""
    assert use.when is not None  # noqa: S101 - see _ends
    assert use.until is not None  # noqa: S101
    begins = possible([use.when], facts) or []
    for alternative in begins:
        bounded = alternative and all(values.is_wide and values != Range() for values in alternative.values())
        if bounded and implied(alternative, use.until, facts):
            return alternative
    both, ends = possible([use.when, use.until], facts) or [], possible([use.until], facts) or []
    if len(both) == len(begins) == len(ends) == 1 and len(begins[0]) == 1 and set(begins[0]) == set(ends[0]):
        return both[0] if all(values.is_wide for values in both[0].values()) else {}
    return {}


def _long_days(name: str, use: PolicyUse, scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield a warning for each centre whose sessions last very long on a day under a policy, but not without it."""
    for centre in use.centres or scenario.centres:
        usual = scenario.centres[centre].timetable
        if (long := long_day(use.sessions_instead_of(usual))) and not long_day(usual):
            yield ScenarioWarning(f"policies.{name}", say("in centres.{centre}, {long}", centre=centre, long=long))


def _crowds(uses: "Mapping[str, PolicyUse]", scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield a warning for each centre with fewer users than peer support workers, or than staff with the added ones."""
    for place, centre in scenario.centres.items():
        for policy, (option, noun) in _HIRES.items():
            already = centre.staff if policy == "staffing" else 0.0
            here = {
                name: use
                for name, use in uses.items()
                if use.policy == policy and (not use.centres or place in use.centres)
            }
            crowded = {}
            for use in here.values():
                together = [name for name, one in here.items() if one.start <= use.start < one.end]
                number = already + sum(getattr(here[name], option) for name in together)
                if already <= centre.users < number:
                    by = f" ({', '.join(together)})" if len(together) > 1 else ""
                    what = say(
                        "{number:g} {noun} for the {users} users of centres.{place}{by}",
                        number=number,
                        noun=noun,
                        users=centre.users,
                        place=place,
                        by=by,
                    )
                    crowded[together[-1]] = ScenarioWarning(f"policies.{together[-1]}.{option}", what)
            yield from crowded.values()


def _twice(
    scenario: Scenario, first: tuple[str, PolicyUse], second: tuple[str, PolicyUse]
) -> Iterator[ScenarioWarning]:
    """Yield a warning if two uses act on the same users, or on the same sessions, at the same time."""
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
    instead = say("give them other centres or other times, or leave one out")
    if _SESSIONS in one.acts_on and _SESSIONS in other.acts_on:
        last = max(first, second, key=lambda named: (named[1].priority, named[0]))[0]
        what = say(
            "{name} and {again} both set the sessions of {where} at once; only {last}, which acts last, counts",
            name=name,
            again=again,
            where=where,
            last=last,
        )
        yield ScenarioWarning(f"policies.{again}", f"{what}{say('; ')}{instead}")
    elif not (one.whole_house or _brings_its_own(one)) and possible([one.eligible, other.eligible], facts) != []:
        what = say(
            "{name} is {policy} too, at the same time in {where}, so some users get it twice",
            name=name,
            policy=one.policy,
            where=where,
        )
        yield ScenarioWarning(f"policies.{again}", f"{what}{say('; ')}{instead}")


def _brings_its_own(use: PolicyUse) -> bool:
    """Return whether a policy sets up workers or circles of its own, of which a centre may have several."""
    return type(use).set_up is not PolicyUse.set_up
