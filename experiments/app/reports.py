"""The card that makes a report and gives its files."""

from functools import partial
from typing import Any

from experiments.app.components import LANGUAGE, Working, component, tag
from experiments.app.downloads import REPORTS, Download
from experiments.app.jobs import Job
from experiments.app.reporting import Made
from sim.language import say


@component
def Reports(job: Job[Made], about: object, start: Any, what: str) -> None:
    """Make the report of a result, and give its files once they are there.

    Parameters
    ----------
    job : Job of Made
    about : object
        The result; a report of another, or in another language, is not shown.
    start : callable
        Starts the job.
    what : str
        What the report holds.
    """
    names = {
        "html": say("Report (web page)"),
        "pdf": say("Report (PDF)"),
        "docx": say("Report (Word)"),
        "xlsx": say("Report (xlsx)"),
    }
    made = job.result.value
    is_made = job.progress.value.state == "done" and job.about is about
    with tag("section", class_="dr-card dr-short", aria_label=say("Report")):
        tag("h2", say("Report"))
        tag("p", what, class_="dr-hint")
        if made is None or not is_made or made.language != LANGUAGE.value:
            Working(job, say("Make the report"), start)
            return
        with tag("div", class_="dr-buttons", role="group", aria_label=say("Files of the report")):
            for kind, content in made.files.items():
                Download(names[kind], f"{made.name}.{kind}", REPORTS[kind], partial(bytes, content))
        if made.lacking:
            tag("p", made.lacking, class_="dr-hint")
