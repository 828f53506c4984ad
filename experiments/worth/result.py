"""The worth of information about a choice between scenarios: a table, curves of expected loss, and sentences."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.numbers import beside, commas, many, percent, signed
from experiments.statistics.terminal import wrapped
from experiments.statistics.verdict import ABOVE_CHANCE, PERHAPS_CHANCE, most_differing
from experiments.store.protocol import WIDTH, Drawing, Plotted
from experiments.worth.decision import ALONE, Decision, checked_willingness, decision, losses, net_benefit
from experiments.worth.denoised import chance_between, denoised
from experiments.worth.information import FEWEST, Value, partial, perfect
from experiments.worth.surveys import SIZES, SURVEYS, variances
from sim.language import say, term
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

GRID: Final = tuple(float(each) for each in range(0, 5_001, 250))
"""Money that a point may be worth, in CNY, when no amount is given: the axis of the curves."""
EVERYTHING: Final = "all parameters"
_MOST: Final = 3
"""Most surveys that the sentences name."""
_ASKED: Final = 30
"""Number of users of whom the sentences speak."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What turns a value for each user and year into the money and hours of a centre.

    Parameters
    ----------
    hour : float
        Cost of a staff hour.
    asking : float
        Cost of asking a user.
    user_years : float
        Users times years that the choice is for.
    """

    hour: float
    asking: float
    user_years: float


@dataclass(frozen=True)
class Worth(Plotted):
    """What it is worth to know more before choosing one of some scenarios.

    Parameters
    ----------
    values : list of Value
        For all parameters, each group, and each number of users asked.
    losses : DataFrame
        `willingness`, `scenario`, `expected_loss` (in the unit of `Value.value`), `chosen`, and `behind`: in how many
        draws another scenario does better, chance included.
    prices : Prices
    draws, dropped, parameters : int
        Draws used, draws left out because a run is missing, parameters drawn.
    unit : str
        Unit of gain, in the singular.
    currency : str
    """

    values: list[Value]
    losses: "pd.DataFrame"
    prices: Prices
    draws: int
    dropped: int
    parameters: int
    unit: str = "point of loneliness"
    currency: str = "CNY"

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the values and the expected losses by the names of their files in a comparison."""
        return {"value_of_information": self.table(), "expected_loss": self.losses}

    def summary(self) -> dict[str, object]:
        """Return the values, the expected losses and the sentences in a form for programs."""
        return {
            "draws": self.draws,
            "dropped": self.dropped,
            "parameters": self.parameters,
            **{name: frame.to_dict("records") for name, frame in self.tables().items()},
            "sentences": self.words(),
        }

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the sentences of `words` in lines."""
        return wrapped(self.words(), width)

    def figures(self) -> "dict[str, Drawing]":
        """Return the figure of values and losses, as `dayroom compare --uncertain` draws it; none from few draws."""
        from experiments.plots.compare.figures import COMPARISON_FIGURES
        from experiments.plots.family import drawings

        there = {"information": self.table(), "losses": self.losses} if self.values else {}
        return drawings({"information": COMPARISON_FIGURES["information"]}, there)

    def failures(self) -> list[dict[str, object]]:
        """Return no rows: the runs were made elsewhere."""
        return []

    def table(self) -> "pd.DataFrame":
        """Return a row for each value, with what it is in points, staff hours and money.

        `value`, `error`, `low` and `high` are for each user and year, in `unit`; `points`, `staff_hours` and `money`
        give the same value in each unit. For a survey `total` is its value to all users over the run, `price` what it
        costs, and `net` (ENBS) the difference, with its 95 % interval (`net_low`, `net_high`), all in money.
        """
        import pandas as pd

        return pd.DataFrame([self._row(each) for each in self.values])

    def _row(self, each: Value) -> dict[str, object]:
        alone = each.willingness == ALONE
        money = float("nan") if alone else each.value
        points = each.value if alone else each.value / each.willingness if each.willingness > 0.0 else float("nan")
        price = each.users * self.prices.asking if each.users else float("nan")
        total = money * self.prices.user_years if each.users else float("nan")
        net_low, net_high = (float("nan"),) * 2 if np.isnan(total) else self._net_of(each)
        kind = "EVSI" if each.users else "EVPPI" if each.group else "EVPI"
        return {
            "kind": kind,
            "basis": "the gain alone" if alone else "gain and cost",
            **asdict(each),
            "group": each.group or EVERYTHING,
            "willingness": float("nan") if alone else each.willingness,
            "unit": f"{self.unit}, user and year" if alone else f"{self.currency} a user and year",
            "points": points,
            "staff_hours": money / self.prices.hour if self.prices.hour > 0.0 else float("nan"),
            "money": money,
            "total": total,
            "price": price,
            "net": total - price,
            "net_low": net_low,
            "net_high": net_high,
        }

    def value(self, group: str = "", users: int = 0, willingness: float = ALONE) -> Value:
        """Return one value.

        Raises
        ------
        InputError
            When there is none.
        """
        rows = [one for one in self.values if (one.group, one.users, one.willingness) == (group, users, willingness)]
        if not rows:
            raise InputError(f"no value of {group or EVERYTHING!r} for {users} users at {willingness}")
        return rows[0]

    def words(self) -> list[str]:
        """Return sentences: what knowing all would be worth, and which survey is worth most."""
        if self.draws < FEWEST:
            draws = many(self.draws, "complete draw")
            return [say("Value of information: {draws}; it takes {fewest} or more.", draws=draws, fewest=FEWEST)]
        amounts = sorted({each.willingness for each in self.values})
        given = [each for each in amounts if each != ALONE]
        lines = self._words(ALONE)
        if len(given) == 1:
            lines += self._words(given[0])
        return lines

    def _words(self, willingness: float) -> list[str]:
        alone = willingness == ALONE
        best = self.losses[self.losses["chosen"] & (self.losses["willingness"] == willingness)].iloc[0]
        if alone:
            favoured = say("If loneliness alone decides, these draws favour {scenario}.", scenario=best["scenario"])
        else:
            favoured = say(
                "If a {unit} for a user and year is worth {amount:,.0f} {currency}, these draws favour {scenario}.",
                unit=term(self.unit),
                amount=willingness,
                currency=term(self.currency),
                scenario=best["scenario"],
            )
        everything = self.value("", 0, willingness)
        of_all = say(
            "To know all {parameters} parameters before choosing would be worth {amount}.",
            parameters=self.parameters,
            amount=self._amount(everything) if everything.value != 0.0 else self._bound(best["behind"]),
        )
        lines = [beside(favoured, of_all)]
        surveys = [each for each in self.values if each.willingness == willingness and each.users == _ASKED]
        known = {each.group: each for each in self.values if each.willingness == willingness and not each.users}
        clear = [each for each in surveys if each.verdict == ABOVE_CHANCE]
        lines += [
            say(
                "Asking {users} users about {group} is worth up to {amount}.",
                users=each.users,
                group=term(each.group),
                amount=self._amount(each) if alone else self._net(each),
            )
            for each in sorted(clear, key=lambda one: -one.value)[:_MOST]
        ]
        named = {each.group for each in clear}
        rest = [group for group in known if group and group not in named and known[group].verdict == ABOVE_CHANCE]
        if rest:
            lines.append(
                say("Also worth something, if known exactly: {groups}.", groups=commas([term(one) for one in rest]))
            )
        unclear = [group for group, each in known.items() if group and each.verdict != ABOVE_CHANCE]
        if unclear:
            groups = commas([term(one) for one in unclear])
            lines.append(
                say("Not distinguishable from 0 with {draws} draws: {groups}.", draws=self.draws, groups=groups)
            )
        return lines

    def _amount(self, each: Value) -> str:
        if np.isnan(each.value):
            return say("an amount that a single replicate in each draw cannot show")
        low, high = (_written(end, each.willingness) for end in (each.low, each.high))
        value = _written(each.value, each.willingness)
        between = say("{low} to {high}", low=low, high=high) if low != high else say("up to {high}", high=high)
        if each.willingness == ALONE:
            text = say("{value} points of loneliness for each user ({between})", value=value, between=between)
        else:
            values = {"value": value, "currency": term(self.currency), "between": between}
            in_hours = each.value / self.prices.hour if self.prices.hour > 0.0 else 0.0
            if in_hours >= 0.05:
                text = say(
                    "{value} {currency} for each user and year ({between}, or {hours:.1f} staff hours)",
                    **values,
                    hours=in_hours,
                )
            else:
                text = say("{value} {currency} for each user and year ({between})", **values)
        return text if each.verdict != PERHAPS_CHANCE else say("{amount}, not distinguishable from 0", amount=text)

    def _bound(self, behind: int) -> str:
        """Return what an estimate of 0 means; `behind` draws favour another scenario than the chosen."""
        if behind:
            return say(
                "an amount not distinguishable from 0: {behind} of {draws} draws favour another scenario, no more than "
                "chance",
                behind=behind,
                draws=self.draws,
            )
        return say(
            "nothing that these draws show: no draw of {draws} favours another scenario; up to {share} might",
            draws=self.draws,
            share=percent(most_differing(self.draws)),
        )

    def _net(self, each: Value) -> str:
        """Return the amount for a user, that for all users, the price of the survey, and what is left."""
        total, price = each.value * self.prices.user_years, each.users * self.prices.asking
        low, high = self._net_of(each)
        values = {
            "amount": self._amount(each),
            "total": total,
            "currency": term(self.currency),
            "price": price,
            "low": signed(low, 0, "never", ",f"),
            "high": signed(high, 0, "never", ",f"),
        }
        if low > 0.0 or high < 0.0:
            return say(
                "{amount}: {total:,.0f} {currency} for all users over the run, and it costs {price:,.0f}, so {net} "
                "({low} to {high})",
                **values,
                net=signed(total - price, 0, "never", ",f"),
            )
        return say(
            "{amount}: {total:,.0f} {currency} for all users over the run, and it costs {price:,.0f}, so {low} to "
            "{high}, gain or loss",
            **values,
        )

    def _net_of(self, each: Value) -> tuple[float, float]:
        """Return the interval of what a survey is worth to all users beyond its price, in money."""
        price = each.users * self.prices.asking
        return each.low * self.prices.user_years - price, each.high * self.prices.user_years - price


def _written(value: float, willingness: float) -> str:
    """Write a value in points or money; if the decimals would round it to 0, "under" the smallest they can show."""
    decimals = 2 if willingness == ALONE else 0
    least = 10.0**-decimals
    if 0.0 < value < least / 2.0:
        return say("under {least}", least=f"{least:.{decimals}f}")
    return f"{value:,.{decimals}f}" if value else "0"


def worth(
    values: "pd.DataFrame",
    parameters: "pd.DataFrame",
    prices: Prices,
    *,
    willingness: Sequence[float] = GRID,
    sizes: Sequence[int] = SIZES,
    base: str | None = None,
) -> Worth:
    """Return what it is worth to know more before choosing.

    Parameters
    ----------
    values : DataFrame
        Columns `draw`, `replicate`, `scenario`, `gain` (points of loneliness less, for each user and year) and `cost`
        (money for each user and year); a row for each run.
    parameters : DataFrame
        A row for each draw, a column for each parameter, named by its path.
    prices : Prices
    willingness : sequence of float
        Money that a point may be worth.
    sizes : sequence of int
        Numbers of users to ask.
    base : str, optional
        By default the first scenario.

    Raises
    ------
    ValueError
        As `experiments.worth.decision.decision`, or when a willingness is negative.

    Examples
    --------
    Respite gains or loses 1 point with the empathy of users, which nobody knows:

    >>> import pandas as pd
    >>> from dayroom import Prices, worth
    >>> draws = pd.DataFrame({"users.empathy.mean": [0.4, 0.6] * 10})
    >>> gains = {"baseline": [0.0] * 20, "respite": [-1.0, 1.0] * 10}
    >>> rows = [(d, k, name, gain[d], 0.0) for name, gain in gains.items() for d in range(20) for k in range(2)]
    >>> values = pd.DataFrame(rows, columns=["draw", "replicate", "scenario", "gain", "cost"])
    >>> known = worth(values, draws, Prices(hour=60, asking=30, user_years=25), willingness=[1000])
    >>> float(known.table()["value"][0])  # half of the times one would choose better
    500.0
    """
    amounts = (*checked_willingness(willingness), ALONE)
    choice = decision(values, parameters, base)
    varied = [str(name) for name in parameters.columns if choice.parameters[name].nunique() > 1]
    if choice.draws < FEWEST:
        return Worth([], _losses(choice, ()), prices, choice.draws, choice.dropped, len(varied))
    groups = {survey.name: columns for survey in SURVEYS if (columns := survey.columns(varied))}
    means = choice.parameters.mean()
    surveyed = [survey.name for survey in SURVEYS if survey.asks and survey.name in groups]
    noise = {name: variances(groups[name], means) for name in surveyed}
    rows = [*perfect(choice, amounts), *partial(choice, groups, noise, amounts, sizes)]
    return Worth(rows, _losses(choice, amounts), prices, choice.draws, choice.dropped, len(varied))


def _losses(choice: Decision, willingness: Sequence[float]) -> "pd.DataFrame":
    import pandas as pd

    means = choice.means()
    chance = chance_between(choice.both()) / choice.replicates
    both = means if np.isnan(chance).any() else denoised(means, chance)
    best = net_benefit(means.mean(axis=0), willingness).argmax(axis=-1)
    benefit = net_benefit(means, willingness)
    behind = (benefit < benefit.max(axis=-1, keepdims=True)).sum(axis=1)
    rows = [
        (each, name, float(lost), number == chosen, int(others[number]))
        for each, chosen, row, others in zip(willingness, best, losses(both, willingness), behind, strict=True)
        for number, (name, lost) in enumerate(zip(choice.options, row, strict=True))
    ]
    return pd.DataFrame(rows, columns=["willingness", "scenario", "expected_loss", "chosen", "behind"])
