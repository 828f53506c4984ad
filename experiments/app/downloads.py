"""Files to take home: the scenario as YAML, the tables of a run or a comparison as a workbook or as CSV."""

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import solara

from experiments.app.components import component
from experiments.app.views import DownloadButton
from sim.scenario.reading.show import show
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

YAML: Final = "application/yaml"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARCHIVE: Final = "application/zip"
REPORTS: Final = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": WORKBOOK,
}
"""The kind of file of each format of a report."""
_LONGEST_SHEET: Final = 31


@component
def Download(label: str, name: str, kind: str, make: Callable[[], bytes]) -> None:
    """A button that makes a file when it is pressed, and saves it."""
    sent, set_sent = solara.use_state(None)

    def bring(_: Any) -> None:
        set_sent({"name": name, "kind": kind, "content": base64.b64encode(make()).decode("ascii")})

    DownloadButton(label=label, sent=sent, event_make=bring)


def yaml_of(scenario: Scenario) -> bytes:
    """Return a scenario as a YAML file that loads to the same scenario."""
    return show(scenario).encode("utf-8")


def workbook(tables: "Mapping[str, pd.DataFrame]") -> bytes:
    """Return tables as a workbook, a sheet each; a text that begins with = stays a text."""
    import pandas as pd

    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with pd.ExcelWriter(made, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        for name, frame in tables.items():
            sheet = re.sub(r"[\[\]:*?/\\]", " ", name)[:_LONGEST_SHEET]
            frame.to_excel(writer, sheet_name=sheet, index=False, freeze_panes=(1, 0))
    return made.getvalue()


def csv_files(tables: "Mapping[str, pd.DataFrame]") -> bytes:
    """Return tables as CSV files in an archive, in UTF-8 with the mark by which spreadsheets know it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in tables.items():
            archive.writestr(f"{name}.csv", frame.to_csv(index=False).encode("utf-8-sig"))
    return made.getvalue()
