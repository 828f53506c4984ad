"""Which numbers of the freshmen are targets, according to the targets; each exists in the data."""

from experiments.calibration.targets import Target, read_targets
from experiments.validation.fitted_numbers import NUMBERS, aimed_at
from experiments.validation.measured import LABELS
from experiments.validation.record import freshmen


def test_they_are_those_of_the_targets_week_by_week() -> None:
    made = [
        Target("freshmen_growth", (0.1,), (0.2,), weeks=(3, 9)),
        Target("newcomer_first_friend", (0.1,), (0.2,), weeks=(9,)),
    ]
    assert aimed_at(made) == {("growth", "3"), ("growth", "9")}
    assert aimed_at([]) == frozenset()


def test_every_target_that_freshmen_are_run_for_is_known() -> None:
    run_for = {target.key: target for target in read_targets() if target.setup == "freshmen"}
    assert set(run_for) == set(NUMBERS)
    assert len(aimed_at()) == sum(target.size for target in run_for.values())


def test_each_is_a_number_of_the_data() -> None:
    weeks = {str(wave.week) for wave in freshmen().waves}
    for number, week in aimed_at():
        assert number in LABELS
        assert week in weeks
