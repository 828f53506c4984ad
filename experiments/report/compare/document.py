"""The whole report of a comparison, from its folder."""

from experiments.report.background.differences import differences
from experiments.report.background.model import model
from experiments.report.background.repetition import repetition
from experiments.report.background.validation import validation
from experiments.report.checklists.stress import stress
from experiments.report.compare.brief import brief, chosen
from experiments.report.compare.certainty import certainty
from experiments.report.compare.cheers import cheers
from experiments.report.compare.costs import costs
from experiments.report.compare.effects import effects, groups
from experiments.report.compare.facts import Facts
from experiments.report.compare.figures import Figures
from experiments.report.content import Report
from experiments.report.values import listed
from experiments.store.results import StoredResult
from sim.language import language, say


def report(stored: StoredResult, only_brief: bool) -> Report:
    """Return the report of a comparison; with `only_brief`, page one alone."""
    facts = Facts(stored)
    figures = Figures(facts)
    title = say("Alternatives compared with “{base}”", base=facts.short_titles[facts.base])
    subtitle = listed([facts.short_titles[name] for name in chosen(facts)])
    first = brief(facts, figures)
    if only_brief:
        return Report(title, subtitle, str(language()), first)
    sections = (
        effects(facts, figures),
        groups(facts, figures),
        certainty(facts, figures),
        costs(facts, figures),
        model(),
        validation(),
        differences(facts.scenarios, facts.titles),
        repetition(stored),
        cheers(facts),
        stress(stored, facts.scenarios),
    )
    return Report(
        title, subtitle, str(language()), first, sections, {name: stored.table(name) for name in stored.names}
    )
