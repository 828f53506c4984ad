"""Every outcome: declared in full, recorded every day, inside its scale, and undefined only where documented."""

import math
from typing import get_args

import numpy as np
import pytest
from reading import ROOT

from sim.outcomes.catalogue import DAILY, DAILY_COLUMNS, OUTCOMES, PRIMARY, Better
from sim.run import run
from sim.scenario.schema.scenario import Scenario

OF_FRIEND_TIES = ("friend_arc_reciprocity", "friend_ties_with_illness_talk")
"""Shares of friend ties: undefined on days on which there are none."""
SCALES = {"share": (0, 1), "0-1": (0, 1), "1-7": (1, 7), "20-80": (20, 80), "0-100": (0, 100)}
COUNTED = ("users", "users/day", "/day", "h/day", "CNY/day")

every_outcome = pytest.mark.parametrize("outcome", DAILY, ids=lambda outcome: outcome.name)


@pytest.fixture(scope="module")
def daily():
    """Return the daily outcomes of two busy centres."""
    rules = {
        "turnover": {"leaving_rate": 1.0, "vacancy_days": 7.0},
        "conversation": {"occasion": 1.0, "leak_rate": 0.2},
        "identity": {"advocacy_from": 0.3, "advocacy_rate": 0.2},
    }
    centres = {"a": {"users": 15}, "b": {"users": 25}}
    given = {"name": "x", "days": 365, "settling": 30, "centres": centres, "rules": rules}
    # A worker who is paid and supervised, by more hours than the staff has.
    workers = {"policy": "peer_support_workers", "eligible": "all", "supervision": 30.0}
    given |= {"policies": {"workers": workers}}
    return run(Scenario.model_validate(given | {"users": {"disclosure_threshold": 0.35}}), 3).daily


def test_there_are_outcomes_and_none_is_named_twice():
    assert len(DAILY) > 50
    assert list(OUTCOMES) == [outcome.name for outcome in DAILY]
    assert len({outcome.label for outcome in DAILY}) == len(DAILY)


def test_outcomes_are_declared_whole():
    for outcome in DAILY:
        assert outcome.unit in (*SCALES, *COUNTED), outcome.name
        assert outcome.better in get_args(Better), outcome.name
        assert outcome.group in ("primary", "secondary", "network", "count", "cost"), outcome.name
        assert len(outcome.meaning.split()) >= 2 or outcome.meaning == outcome.label, outcome.name


def test_the_primary_outcomes_are_loneliness_burden_and_identity():
    assert PRIMARY == ("loneliness_ucla20", "burden", "group_identity")
    assert [OUTCOMES[name].group for name in PRIMARY] == ["primary"] * 3


def test_the_ledger_has_a_column_for_every_outcome(daily):
    assert [column.name for column in DAILY_COLUMNS] == list(OUTCOMES)
    assert daily.dtype.names == tuple(OUTCOMES)
    assert daily.shape == (365, 2)


@every_outcome
def test_the_outcome_is_recorded(daily, outcome):
    assert np.nanmax(daily[outcome.name]) > 0, "nothing is ever written"


@every_outcome
def test_the_outcome_is_finite_unless_it_is_said_to_be_undefined(daily, outcome):
    values = daily[outcome.name]
    undefined = np.isnan(values)
    if outcome.name in OF_FRIEND_TIES:
        assert np.array_equal(undefined, daily["ties_at_or_above_friend_out"] == 0)
    else:
        assert not undefined.any()
    assert not np.isinf(values).any()


@every_outcome
def test_the_outcome_stays_on_its_scale(daily, outcome):
    low, high = SCALES.get(outcome.unit, (0, math.inf))
    if outcome.name.endswith("_sd"):
        low, high = 0, (high - low) / 2 * 1.05  # no sample of this size can spread more
    values = daily[outcome.name][~np.isnan(daily[outcome.name])]
    assert values.min() >= low
    assert values.max() <= high


def test_that_an_outcome_can_be_undefined_is_said_where_outcomes_are_explained():
    text = (ROOT / "sim" / "MODEL-STATE.md").read_text(encoding="utf-8")
    for name in OF_FRIEND_TIES:
        said = OUTCOMES[name].meaning + next(line for line in text.splitlines() if f"`{name}`" in line)
        assert "undefined" in said or "NaN" in said or "no friend ties" in said, name


def test_costs_are_hours_served_hours_short_and_money(daily):
    supply = 2 * 40 * 0.2 / 7
    assert daily["staff_hours"] == pytest.approx(np.full_like(daily["staff_hours"], supply))
    assert daily["staff_hours"] + daily["staff_hours_unserved"] == pytest.approx(np.full(daily.shape, 30 / 7))
    assert daily["money"] == pytest.approx(np.full(daily.shape, 1200 / 7))


def test_roles_are_shares_of_all(daily):
    total = sum(daily[f"role_{name}"] for name in ("helper", "helped", "mutual", "uninvolved"))
    assert total == pytest.approx(np.ones_like(total))


def test_help_adds_up_over_its_kinds(daily):
    kinds = sum(daily[f"helped_{kind}"] for kind in ("emotional", "informational", "esteem", "network", "tangible"))
    assert np.array_equal(kinds, daily["helped"])


def test_parts_are_no_larger_than_the_whole(daily):
    for part, whole in (
        ("attended", "users"), ("newcomers", "users"), ("deep_talks", "talks"), ("helped_beyond", "helped"),
        ("teaching", "helped_esteem"), ("kin_like", "confidants"), ("confidants", "ties_at_or_above_friend_out"),
        ("ties_at_or_above_friend_out", "acquaintances"), ("no_friend_share", "no_confidant_share"),
    ):  # fmt: skip
        assert (daily[part] <= daily[whole]).all(), part


def test_personal_talk_well_received_is_part_of_personal_talk(daily):
    personal = daily["strengths_talks"] + daily["distress_talks"] + daily["illness_talks"]
    assert (daily["well_received"] <= personal).all()
    assert (daily["questioned"] <= daily["distress_talks"] + daily["illness_talks"]).all()


def test_users_change_by_those_who_come_and_go(daily):
    change = np.diff(daily["users"], axis=0)
    assert np.array_equal(change, (daily["arrivals"] - daily["leavers"])[1:])


def test_density_is_friend_ties_over_possible_ties(daily):
    assert daily["density"] == pytest.approx(daily["ties_at_or_above_friend_out"] / (daily["users"] - 1))
