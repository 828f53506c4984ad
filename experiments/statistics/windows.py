"""Name the days over which outcomes at the end of a run are averaged."""

from collections.abc import Callable

from experiments.measures.runs import END_DAYS
from sim.language import say


def end_days(days: int) -> int:
    """Return over how many last days of a run comparisons average: `END_DAYS`, or all of a shorter run."""
    return min(END_DAYS, days)


def end_words(days: int, taken: int | None = None, write: Callable[[int], object] = int) -> str:
    """Return the name of the last days of a run over which outcomes are averaged, to stand after "the".

    Parameters
    ----------
    days : int
        Length of the run in days.
    taken : int, optional
        Over how many last days the mean is taken; `end_days(days)` unless given.
    write : callable
        How a number of days is written; a report notes where its numbers come from.

    Examples
    --------
    >>> end_words(365), end_words(20), end_words(20, 10)
    ('last four weeks', '20 days of the run', 'last 10 days')
    """
    taken = end_days(days) if taken is None else taken
    if taken == END_DAYS:
        return say("last four weeks")
    if taken == 1:
        return say("last day")
    if taken == days:
        return say("{days} days of the run", days=write(taken))
    return say("last {days} days", days=write(taken))


def window_words(start: int, end: int, shown: tuple[object, object] | None = None) -> list[str]:
    """Return sentences on over how many days of a run its start and its end are averaged.

    Parameters
    ----------
    start, end : int
        Numbers of days.
    shown : (object, object), optional
        How to write the two numbers, such as with their sources; by default as they are.
    """
    first, last = shown or (start, end)
    return [
        say("Start: mean of the first day.")
        if start == 1
        else say("Start: mean of the first {days} days.", days=first),
        say("End: mean of the last day.") if end == 1 else say("End: mean of the last {days} days.", days=last),
    ]
