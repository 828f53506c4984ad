"""`dayroom explain`: what a word of conditions or a policy means, and where a value of a scenario comes from."""

from typing import Annotated

import typer

from experiments.cli.scenario import explain_values


def explain(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="word [WORD]...|policy [POLICY]...|[SCENARIO] [PATH]...",
            help="`word newcomer`, `policy outreach`; `word` or `policy` alone lists all. Otherwise as `dayroom "
            "scenario explain`: a scenario (baseline when left out), then paths such as users.women.",
        ),
    ],
) -> None:
    """Explain words of conditions and policies before they stand in a file, and where values come from."""
    kind, *names = what
    if kind == "word":
        from sim.scenario.reading.words import all_words, word

        texts = [word(name) for name in names] or [all_words()]
    elif kind == "policy":
        from sim.scenario.reading.policies import all_policies, policy

        texts = [policy(name.replace("-", "_")) for name in names] or [all_policies()]
    else:
        explain_values(what)
        return
    typer.echo("\n\n".join(texts))
