"""Sentences on groups of users that runs cannot judge, for texts that say whether any group is worse off.

That no group is seen to be worse off says little where most cannot be judged. Terminal and report take the words here.
"""

from sim.language import say


def unjudged(few: int, rare: int, shown: tuple[object, object] | None = None) -> list[str]:
    """Return sentences on what cannot be judged; none where everything can.

    Parameters
    ----------
    few : int
        Number of groups with too few users or pairs of runs.
    rare : int
        Number of differences of other groups of which too few pairs differ.
    shown : (object, object), optional
        How to write the two numbers, such as with their sources; by default as they are.
    """
    groups, differences = shown or (few, rare)
    parts = []
    if few == 1:
        parts.append(say("For 1 group the runs are too few to say."))
    elif few:
        parts.append(say("For {number} groups the runs are too few to say.", number=groups))
    if rare == 1:
        parts.append(say("1 difference of groups is too rare to say."))
    elif rare:
        parts.append(say("{number} differences of groups are too rare to say.", number=differences))
    return parts
