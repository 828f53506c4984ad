"""What every mistake that the reader can correct derives from; `sim.scenario.text.errors` holds those with a place."""


class DayroomError(Exception):
    """A mistake that the reader of its message can correct.

    Every exception class of `sim` and `experiments` derives from it. Its message stands alone: it names the place, what
    was found and what is allowed. The command line prints it without a traceback and ends with status 2; a run that
    raises it cannot succeed with any seed.

    Examples
    --------
    >>> import dayroom
    >>> try:
    ...     dayroom.load_scenario("baselin")
    ... except dayroom.DayroomError as mistake:
    ...     print("baseline" in str(mistake))
    True
    """


class InputError(DayroomError, ValueError):
    """A value, or a name, that is not allowed."""


class UnknownNameError(DayroomError, KeyError):
    """A name that a mapping or a result does not have; whoever looks a name up expects a KeyError."""

    def __str__(self) -> str:
        # A KeyError shows the quoted representation of its text.
        return Exception.__str__(self)
