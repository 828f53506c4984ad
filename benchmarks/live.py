"""Measure the live page in Chromium: `python -m benchmarks.live`.

The page of the baseline with respite makes twenty pairs of a year. A slider of the policy moves, again and again to a
stop where it has not been: from the settled centres that the page keeps, it makes twenty years on its workers,
measures and draws them. In turn the native engine makes the same twenty years from settled engines, in this process.
Times are by the clock, as a reader waits by it, so a busy machine slows both: trust the ratio.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from experiments.live.page import page
from sim.engine import Engine
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from tests.browser import place

PAIRS = 20
POLICY = "policies.rest.intensity"
DONE = "body[data-done=true]"
MOVE = """([place, stop]) => new Promise((done) => {
  const begun = performance.now(), slider = document.getElementById(`slider-${place}`);
  const watch = new MutationObserver(() => {
    if (document.body.dataset.done !== "true") return;
    watch.disconnect();
    done(performance.now() - begun);
  });
  slider.value = stop;
  slider.dispatchEvent(new Event("input"));
  watch.observe(document.body, { attributeFilter: ["data-done"] });
})"""


def scenario() -> Scenario:
    """Return a year of the baseline with respite, in twenty replicates."""
    return load_scenario("baseline").with_changes(
        seed=1, replicates=PAIRS, days=365, policies={"rest": {"policy": "respite"}}
    )


def opened(browser: Any, file: Path) -> tuple[Any, float]:
    """Return the page once it has its first runs, and the milliseconds that took: with unpacking and settling."""
    sheet, begun = browser.new_page(), time.perf_counter()
    sheet.goto(file.as_uri())
    sheet.wait_for_selector(DONE, timeout=600_000)
    return sheet, 1000 * (time.perf_counter() - begun)


def native(engines: list[Engine], whole: Scenario) -> float:
    """Return the milliseconds of a year of each settled engine."""
    begun = time.perf_counter()
    for engine in engines:
        engine.branch(whole).advance(whole.days)
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    """Measure in turn, and print medians."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=9)
    turns = parser.parse_args().turns
    whole = scenario()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        file = Path(folder) / "page.html"
        file.write_bytes(page(whole))
        browser = play.chromium.launch(executable_path=place(), args=["--no-sandbox"])
        sheet, first = opened(browser, file)
        seeds = [int(one) for one in sheet.evaluate("dayroom.page.layout.seeds")]
        bare = whole.model_copy(update={"policies": {}})
        engines = [Engine(bare, seed) for seed in seeds]
        native(engines, whole)
        [(number, stops)] = sheet.evaluate(
            f"dayroom.page.sliders.flatMap((one, k) => one.key === '{POLICY}' ? [[k, one.values.length]] : [])"
        )
        moves = range(min(stops, turns + 1))
        times = [(sheet.evaluate(MOVE, [number, stop]), native(engines, whole)) for stop in moves]
        workers = sheet.evaluate("Math.min(navigator.hardwareConcurrency || 2, 4)")
        browser.close()
    here, there = (statistics.median(column) for column in zip(*times[1:], strict=True))
    ratio = statistics.median(one / other for one, other in times[1:])
    print(f"{len(seeds)} pairs of {whole.days} days, {workers} workers, {len(times) - 1} moves of a policy's slider")
    print(f"page, from the move to the last pair drawn: {here:.0f} ms (fastest {min(one for one, _ in times):.0f} ms)")
    print(f"native, the same runs in one process:       {there:.0f} ms (fastest {min(one for _, one in times):.0f} ms)")
    print(f"ratio: {ratio:.2f}; the first runs, with unpacking and settling: {first:.0f} ms")


if __name__ == "__main__":
    main()
