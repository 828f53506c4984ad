"""The words of the page, whole sentences with named places that the page fills itself."""

from typing import Any, Final

from experiments.app.words import VERDICTS
from experiments.statistics.verdict import FEWEST
from sim.language import Later, later, say
from sim.scenario.schema.scenario import Scenario

_VERDICTS: Final = {
    "better": "better by itself",
    "worse": "worse by itself",
    "higher": "higher by itself",
    "lower": "lower by itself",
    "unclear": "no clear difference",
    "same": "no difference seen",
    "rare": "too rare to say",
    "few": "too few to say",
    "unknown": "not known",
}
"""The verdict on a difference looked at by itself, by its key on the page."""
PLAIN: Final[dict[str, Later]] = {
    "skip": later("Skip to the results"),
    "move": later("What to move"),
    "reset": later("Put all back"),
    "put_back_short": later("put back"),
    "about": later("What is meant by it"),
    "in_file": later("in the file"),
    "download": later("Download the scenario"),
    "link": later("Link to this page with the sliders where they are"),
    "loading": later("The model is being unpacked."),
    "unmoved": later("Nothing is moved yet: the curves show the scenario as it is. Move a slider to see what changes."),
    "courses": later("How it goes over the days"),
    "as_it_was": later("as it was"),
    "as_moved": later("as moved"),
    "days": later("days"),
    "changes": later("What changes"),
    "outcome": later("Outcome"),
    "difference": later("Difference"),
    "interval": later("95 % interval"),
    "less_more": later("less ← 0 → more"),
    "verdict": later("Verdict"),
    "groups": later("Who gains and who loses"),
    "group": later("Group"),
    "users": later("Users"),
    "network_heading": later("The network of one pair, day by day"),
    "look": later("Show the network"),
    "pair": later("Pair of runs"),
    "play": later("Play"),
    "pause": later("Pause"),
    "wait": later("These runs are made once more, day by day."),
    "day_label": later("Day"),
    "one_sided": later("felt by one only"),
    "shades": later("the darker, the lonelier; faint: away today"),
    "newcomer": later("newcomer since the start"),
    "limits_heading": later("What this page cannot do"),
}
"""Words without named places."""


def words(replicates: int, days: int, last: int, seed: int, version: str) -> dict[str, Any]:
    """Return all words of the page in the reader's language; places that the page fills stay as they are.

    Parameters
    ----------
    replicates, days : int
        Pairs of runs, and the days of each.
    last : int
        Days over which an outcome at the end is averaged.
    seed : int
        Seed from which those of the runs follow.
    version : str
        Version of Dayroom.
    """
    return {
        **{key: str(text) for key, text in PLAIN.items()},
        **_filled_later(),
        "lead": say(
            "This page runs the model itself, without network. It makes {replicates} pairs of runs of {days} days: the "
            "scenario as it was, and as you moved it, with the same people and the same chance. So a difference is due "
            "to what you moved.",
            replicates=replicates,
            days=days,
        ),
        "bands": say("lines are means over the runs, bands hold the middle half of them"),
        "table": say(
            "Means over the last {last} days. The difference is that of pairs, as moved less as it was. A verdict "
            "takes {fewest} pairs; it looks at each outcome by itself.",
            last=last,
            fewest=FEWEST,
        ),
        "groups_table": say(
            "Users enrolled on the last day, by what they were at the start or on arrival. Of so many groups one or "
            "two may differ by chance."
        ),
        "made": say(
            "Made by Dayroom {version} from seed {seed}. With the downloaded scenario, the command dayroom run makes "
            "the same runs, to the last bit.",
            version=version,
            seed=seed,
        ),
        "verdicts": {key: str(VERDICTS[name]) for key, name in _VERDICTS.items()},
    }


def _filled_later() -> dict[str, str]:
    """Return the sentences whose places the page fills."""
    return {
        "put_back": say("Put back: {label}", label="{label}"),
        "with_unit": say("{value} {unit}", value="{value}", unit="{unit}"),
        "was": say("{value} (was {was})", value="{value}", was="{was}"),
        "runs": say("{done} of {all} runs of the scenario as it is", done="{done}", all="{all}"),
        "pairs": say("{done} of {all} pairs", done="{done}", all="{all}"),
        "short": say(
            "{number} pairs are left out: more users leave than this page holds newcomers for.", number="{number}"
        ),
        "failed": say("The model stopped: {error}", error="{error}"),
        "between": say("{low} to {high}", low="{low}", high="{high}"),
        "course_one": say("{label}: {was} on the last day", label="{label}", was="{was}"),
        "course_both": say(
            "{label}: {was} on the last day as it was, {now} as moved", label="{label}", was="{was}", now="{now}"
        ),
        "day": say("day {day}", day="{day}"),
        "network": say(
            "{users} users, {friends} friends each, loneliness {lonely}",
            users="{users}",
            friends="{friends}",
            lonely="{lonely}",
        ),
    }


def limits(scenario: Scenario, *, left_out: bool, is_fixed: bool) -> list[str]:
    """Return what the page cannot do, and what no result may be used for.

    Parameters
    ----------
    scenario : Scenario
    left_out : bool
        Whether sliders for the people were left out to keep the page small.
    is_fixed : bool
        Whether what policies add before day 0 follows from the users who are there then.
    """
    lines = [
        say("It compares measures; it does not forecast a centre."),
        say("Not for decisions about a person."),
        say("Most rates of the model are assumed: nobody has measured them. Read differences rather than levels."),
        say(
            "It moves numbers. Timetables, who may take part in a policy, mechanisms and the number of users can only "
            "be changed in the scenario's file."
        ),
        say(
            "It has newcomers for a few times as many users as are expected to leave. If more leave, the pair is left "
            "out."
        ),
    ]
    if is_fixed:
        lines.append(
            say(
                "A policy starts from the users who are there on day 0: it takes their mean skills or their favourite "
                "activity. So only the policies can be moved here, not what acts while the centre settles."
            )
        )
    if scenario.groups:
        lines.append(say("The scenario's own groups are judged by conditions that the page cannot read."))
    if left_out:
        lines.append(say("Sliders for the people would make the page too large, so that it has none."))
    return lines
