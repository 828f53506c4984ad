"""The patterns of the study's discussion (paired runs, the 95 % interval excludes zero)."""

import numpy as np

from sim.state.columns import NEEDS, PRESENT
from tests.mechanisms.conftest import interval, mean_of, runs, total_of


def contrast(statistic, high: dict[str, float], low: dict[str, float]) -> tuple[float, float]:
    return interval(statistic, runs(tuple(high.items())), runs(tuple(low.items())))


def test_five_kinds_of_support(baseline):
    """§4.1: all five kinds of support occur (Cutrona & Suhr 1992)."""
    for kind in NEEDS:
        assert np.mean([total_of(f"helped_{kind}")(result) for result in baseline]) > 10


def test_stigma_and_loneliness(baseline):
    """§4.1: users with high self-stigma are lonelier."""
    r = []
    for result in baseline:
        users = result.users[result.users["status"] == PRESENT]
        r.append(np.corrcoef(users["self_stigma"], users["loneliness"])[0, 1])
    assert np.mean(r) - 2.13 * np.std(r, ddof=1) / len(r) ** 0.5 > 0


def test_stigma_holds_back_asking():
    """§4.1: with less self-stigma, users voice more needs."""
    path = "users.stigma_disposition.mean"
    assert contrast(total_of("asked"), {path: 0.35}, {path: 0.55})[0] > 0


def test_secrecy_isolates():
    """§4.2: higher thresholds protect, and leave fewer told and fewer confidants."""
    path = "users.disclosure_threshold.mean"
    high, low = {path: 0.65}, {path: 0.40}
    assert contrast(mean_of("users_who_told_a_peer"), high, low)[1] < 0
    assert contrast(mean_of("confidants"), high, low)[1] < 0
    assert contrast(mean_of("loneliness_ucla20"), high, low)[0] > 0


def test_chaxugeju_concentrates_time():
    """§4.2: the more users choose outward from the self, the more uneven closeness is between ties."""
    path = "rules.encounters.chaxugeju"

    def confidants_among_acquaintances(result):
        return float(result.daily["confidants"].sum() / result.daily["acquaintances"].sum())

    assert contrast(confidants_among_acquaintances, {path: 0.65}, {path: 0.2})[0] > 0


def test_misaligned_expectations():
    """§4.2: where some users want to be much closer than others, burden is higher."""
    path = "users.desired_closeness.sd"
    assert contrast(mean_of("burden"), {path: 0.25}, {path: 0.05})[0] > 0


def test_advocacy_moves_public_stigma():
    """§4.3: advocacy lowers public stigma, slowly."""
    path = "mechanisms.group_advocacy"
    fall = contrast(mean_of("public_stigma"), {path: True}, {path: False})
    assert fall[1] < 0
    assert fall[0] > -0.05


def test_family_and_voice():
    """§5: family support keeps loneliness away; a say in the centre raises identity."""
    path = "users.family_support.mean"
    assert contrast(mean_of("loneliness_ucla20"), {path: 0.7}, {path: 0.3})[1] < 0
    voice = "centres.*.voice"
    assert contrast(mean_of("group_identity"), {voice: 0.8}, {voice: 0.0})[0] > 0


def test_staffing_and_reception():
    """§2.1: where there are enough staff, personal talk is better received."""

    def well(result):
        told = sum(result.daily[name].sum() for name in ("strengths_talks", "distress_talks", "illness_talks"))
        return float(result.daily["well_received"].sum() / told)

    path = "centres.*.staff"
    assert contrast(well, {path: 5.0}, {path: 0.0})[0] > 0
