"""With compiling switched off, the rules are ordinary Python and give the same results."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import streams
from sim.kernel import COMPILED
from sim.run import run
from sim.scenario.schema.scenario import Centre, Network, Scenario, Session

ROOT = Path(__file__).parents[2]
UNIT_TESTS = sorted(path.relative_to(ROOT).as_posix() for path in Path(__file__).parent.glob("test_rules_*.py"))
QUICK_STREAM_TESTS = "published or whole_numbers or described or settling or changes_the_draw or single_draws"
CALL = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_uncompiled as t; print(t.{{}})"
"""Code that calls a function of this file."""

pytestmark = pytest.mark.skipif(not COMPILED, reason="compares with compiled kernels")


def plain_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with compiling switched off."""
    environment = os.environ | {"DAYROOM_COMPILE": "0", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def unit_tests(*chosen: str) -> subprocess.CompletedProcess[str]:
    """Run some tests with compiling switched off."""
    return plain_python("-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "-p", "no:xdist", *chosen)


@pytest.mark.slow
def test_the_rules_pass_their_tests_without_compiling():
    assert len(UNIT_TESTS) >= 11
    done = unit_tests(*UNIT_TESTS, "tests/core/test_ledger.py")
    assert done.returncode == 0, done.stdout[-3000:]


def test_chance_passes_its_tests_without_compiling():
    done = unit_tests("tests/core/test_streams.py", "-k", QUICK_STREAM_TESTS)
    assert done.returncode == 0, done.stdout[-3000:]


POLICIES = {
    "circle": {"policy": "disclosure_circle", "uptake": 1.0, "weekday": "wednesday", "group_size": 3},
    "evenings": {"policy": "out_of_hours", "uptake": 0.7, "ramp": 0},
    "calls": {"policy": "outreach", "eligible": "all", "uptake": 1.0, "caller": "peers", "after": 1, "ramp": 0},
    "workers": {"policy": "peer_support_workers", "eligible": "all", "uptake": 0.5, "ramp": 0},
}
"""Those that bring rules of their own."""


def scenario(settling: int) -> Scenario:
    """Return eight users, half of whom leave within a week, in a centre with every way of forming groups."""
    week = [Session(activity=a, group_size=3, grouping=g) for a, g in (("crafts", "free"), ("singing", "interest"))]
    week += [
        Session(activity=a, group_size=4, grouping=g)
        for a, g in (("free time", "assigned"), ("calligraphy", "rotating"))
    ]
    centre = Centre(users=8, timetable=tuple(week))
    start = Network(generator="gnp_random_graph", arguments={"p": 0.6}, hours_per_year=60)
    rules = {"turnover": {"leaving_rate": 5, "vacancy_days": 1}, "conversation": {"occasion": 1, "leak_rate": 1}}
    given = {"name": "small", "centres": {"centre": centre}, "network": start, "rules": rules, "policies": POLICIES}
    return Scenario.model_validate(given | {"days": 10, "settling": settling})


def digests(settling: int) -> list[str]:
    """Return digests of all results of a run."""
    done = run(scenario(settling), 2024)
    return [hashlib.sha256(array.tobytes()).hexdigest() for array in (done.daily, done.users)]


def keys_drawn_twice() -> list[str]:
    """Return the purposes with a key drawn more than once in a run, except those meant to be."""
    keys: Counter[tuple[int, ...]] = Counter()
    philox = streams.philox

    def counted(*parts: Any) -> Any:
        keys[tuple(int(part) for part in parts)] += 1
        return philox(*parts)

    streams.philox = counted
    run(scenario(settling=0), 2024)
    assert len(keys) > 1000
    names = {number: name for name, number in streams.PURPOSES.items()}
    twice = {names[key[1] % 256] for key, count in keys.items() if count > 1}
    # Liking is drawn once for each side of a pair, and how much one is liked by all once for each of them; seats of
    # assigned groups are the same for a term; calls are looked at twice, first for how many hours all wish for; who
    # goes along with a policy, and with whom, does so at every review.
    meant = {"CHEMISTRY_SHARED", "CHEMISTRY_PERSON", "SEATING", "PHONE", "UPTAKE", "MATCHING"}
    return sorted(twice - meant)


def test_no_two_draws_of_a_run_share_a_key():
    done = plain_python("-c", CALL.format("keys_drawn_twice()"))
    assert done.returncode == 0, done.stderr[-1500:]
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("settling", [0, 4])
def test_a_run_without_compiling_gives_the_same_bits(settling):
    done = plain_python("-c", CALL.format(f"digests({settling})"))
    assert done.returncode == 0, done.stderr[-1500:]
    assert done.stdout.strip() == str(digests(settling))


def test_no_column_has_the_name_of_an_attribute_of_records():
    """A record of numpy answers `row.size` with its own size in plain Python, and a kernel with the column."""
    from sim.policies.review import programme
    from sim.state import columns

    tables = [names for names in vars(programme).values() if isinstance(names, tuple) and names and _is_field(names[0])]
    names = {name for fields in tables for name, *_ in fields}
    names |= {one.name for of in vars(columns).values() if isinstance(of, tuple) for one in of if hasattr(one, "kind")}
    assert {"option", "closeness", "capacity"} <= names
    assert names & set(dir(np.record)) == set()


def _is_field(one: Any) -> bool:
    return isinstance(one, tuple) and len(one) == 2 and all(isinstance(part, str) for part in one)
