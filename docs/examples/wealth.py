"""Boltzmann's wealth model, the first model of Mesa's tutorial, with a tax: a plain Mesa model and its function.

Dragulescu, A. & Yakovenko, V. M. (2000). Statistical mechanics of money. European Physical Journal B 17, 723-729.
"""

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np


class Person(mesa.Agent):
    """Somebody with money, who gives one unit to somebody drawn at random."""

    def __init__(self, model: "Wealth") -> None:
        super().__init__(model)
        self.money = model.start

    def step(self) -> None:
        """Give, when there is something to give."""
        if self.money >= 1:
            other = self.model.random.choice(self.model.people)
            self.money -= 1
            other.money += 1


class Wealth(mesa.Model):
    """People who give to each other; each step, a tax on all wealth is shared out equally."""

    def __init__(self, people: int, start: float, tax: float, rng: int) -> None:
        super().__init__(rng=rng)
        self.start, self.tax = start, tax
        self.people = [Person(self) for _ in range(people)]

    def step(self) -> None:
        """Let everybody give once, in random order; then tax."""
        self.agents.shuffle_do("step")
        paid = sum(self.tax * person.money for person in self.people)
        for person in self.people:
            person.money += paid / len(self.people) - self.tax * person.money


def gini(money: np.ndarray) -> float:
    """Return the Gini coefficient: 0 when all have the same, near 1 when a single person has all."""
    ordered, n = np.sort(money), len(money)
    return float(2 * (np.arange(1, n + 1) * ordered).sum() / (n * ordered.sum()) - (n + 1) / n)


def wealth(point: Mapping[str, Any], seed: int) -> dict[str, float]:
    """Return what a run of 50 steps gives: the Gini coefficient, and the share of people with less than 1."""
    model = Wealth(int(point.get("people", 30)), point.get("start", 1.0), point.get("tax", 0.0), rng=seed)
    for _ in range(50):
        model.step()
    money = np.array([person.money for person in model.people])
    return {"gini": gini(money), "poor_share": float((money < 1).mean())}
