"""List the figures of a posterior of parameters, with their captions; each figure has a file of its own."""

from typing import Final

from experiments.plots.calibration.marginals import posterior_marginals
from experiments.plots.calibration.pairs import posterior_pairs
from experiments.plots.calibration.targets import posterior_targets
from experiments.plots.family import Family
from sim.language import later

POSTERIOR_FIGURES: Final[dict[str, Family]] = {
    "targets": Family(
        later("Do the runs of the posterior meet the targets?"),
        posterior_targets,
        ("check", "runs"),
        later(
            "Each row is a calibration target. The pale band is its range; the marks are runs of parameter sets "
            "drawn from the posterior, the line holds their middle 90 %. Where the line lies beside the band, no "
            "parameters that fit the other targets meet this target."
        ),
    ),
    "marginals": Family(
        later("What the targets say about each parameter"),
        posterior_marginals,
        ("summary", "particles"),
        later(
            "Each panel is a parameter over its plausible range. The dashed line is the prior, under which all "
            "values are equally likely; the bars are the posterior, after the targets. Grey panels: the targets "
            "do not narrow the parameter, and what depends on it stays as uncertain as before."
        ),
    ),
    "pairs": Family(
        later("Parameters known only together"),
        posterior_pairs,
        ("correlations", "summary", "particles"),
        later(
            "Each panel is a pair of parameters, each mark a set of parameters that fits. Where the marks lie along a "
            "slanting line, one parameter makes up for the other: the targets determine the pair, but neither alone."
        ),
    ),
}
"""Figures of a posterior by name, in the order of a report.

They read the frames "check" and "runs" (from `experiments.calibration.posterior.model`), "summary", "particles" and
"correlations" (from `experiments.calibration.posterior.particles.Posterior`).
"""
