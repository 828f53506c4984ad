"""The public names of Dayroom, and where each one lives. `__init__.py` imports from this list."""

from experiments import plots
from experiments.app.server import serve as app
from experiments.calibration.descent import descend as calibrate
from experiments.calibration.ensemble import ENSEMBLE
from experiments.calibration.fit import Search as CalibrationSearch
from experiments.calibration.fitted import Fitted
from experiments.calibration.measurement import Sizes, measure
from experiments.calibration.parameters import chosen as calibration_parameters
from experiments.calibration.posterior.result import Calibrated
from experiments.calibration.posterior.schedule import Schedule
from experiments.calibration.posterior.search import posterior
from experiments.calibration.targets import read_targets
from experiments.calibration.verdicts import verdicts
from experiments.compare.contrasts import Contrast, GroupContrast, by_group, contrasts
from experiments.compare.contrasts import table as contrasts_table
from experiments.compare.cost import costs
from experiments.compare.result import Comparison
from experiments.compare.runs import compare
from experiments.compare.trace import sentences as trace_sentences
from experiments.compare.trace import trace
from experiments.designs.factor import Factor
from experiments.findings.pages import Finding, findings
from experiments.live.page import live
from experiments.portfolio.reading import levers_in, levers_of, read_lever
from experiments.portfolio.result import Effort, Portfolios
from experiments.portfolio.result import portfolios as portfolio
from experiments.portfolio.search import search as search_portfolios
from experiments.report.plot.folder import plot
from experiments.report.reports import report as report
from experiments.robustness.boxes import discover as discover_boxes
from experiments.robustness.discover import Discovered
from experiments.robustness.discover import discovered as discover
from experiments.robustness.failure_rule import condition as failing
from experiments.robustness.failure_rule import too_little
from experiments.robustness.ranking import Ranked
from experiments.robustness.regret import ranked as regret
from experiments.robustness.regret import runs_at_base
from experiments.runs.executors import InProcess
from experiments.runs.executors.dask.cluster import DaskCluster
from experiments.runs.executors.pool import ProcessPool
from experiments.runs.result import RunResult, run_replicates
from experiments.sensitivity.designs import sample as design
from experiments.sensitivity.indices import morris, pawn, sobol
from experiments.sensitivity.result import StudySensitivity, sensitivity
from experiments.sensitivity.result import of_runs as sensitivity_of_runs
from experiments.statistics import waits
from experiments.statistics.by_point import lever_effects
from experiments.statistics.orders import ranking as ranking_of_draws
from experiments.statistics.paired import paired_interval as interval
from experiments.statistics.regret import regret as regret_of_draws
from experiments.statistics.summary import Summary, summarise
from experiments.statistics.uncertainty import split as split_variance
from experiments.store.frames import daily_frame, users_frame
from experiments.store.runs.query import query
from experiments.studies import Study, define_study, load_study
from experiments.sweep.estimate import estimate
from experiments.sweep.experiment import Experiment, experiment
from experiments.sweep.export import export_study as export
from experiments.sweep.make import Swept, sweep
from experiments.sweep.newcomers import newcomers
from experiments.sweep.plan import planned
from experiments.sweep.results import daily, failures, groups, results
from experiments.sweep.status import status_lines as status
from experiments.validation.likeness import shares as likeness_shares
from experiments.validation.measured import measured as measured_waves
from experiments.validation.result import Validation, validate
from experiments.validation.selection import estimated as selection_and_influence
from experiments.validation.selection import groups_of as groups_of_survey
from experiments.validation.waves_table import read_waves
from experiments.worth.result import Prices, Worth, worth
from sim.agents import DayCareUser
from sim.errors import DayroomError
from sim.language import set_language
from sim.model import DayCentre
from sim.outcomes.catalogue import OUTCOMES
from sim.outcomes.observation import Survey, observed
from sim.own.outcomes import Evening
from sim.policies import POLICIES, PolicyUse
from sim.policies.activity_timetable import ActivityTimetable
from sim.policies.buddy_scheme import BuddyScheme
from sim.policies.codesign import Codesign
from sim.policies.communication_training import CommunicationTraining
from sim.policies.confidentiality_training import ConfidentialityTraining
from sim.policies.disclosure_circle import DisclosureCircle
from sim.policies.family_psychoeducation import FamilyPsychoeducation
from sim.policies.help_cap import HelpCap
from sim.policies.out_of_hours import OutOfHours
from sim.policies.outreach import Outreach
from sim.policies.peer_support_workers import PeerSupportWorkers
from sim.policies.public_awareness import PublicAwareness
from sim.policies.respite import Respite
from sim.policies.staffing import Staffing
from sim.policies.supervision import Supervision
from sim.policies.usual_care import UsualCare
from sim.policies.vocational_training import VocationalTraining
from sim.run import Run, run
from sim.scenario.reading.explain import explain
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.load import read as read_scenario
from sim.scenario.reading.show import show
from sim.scenario.reading.warnings import warnings_of
from sim.scenario.schema.budget import Budget
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.own_outcome import OwnOutcome
from sim.scenario.schema.own_rule import OwnColumn, OwnRule
from sim.scenario.schema.registration import register
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError, ScenarioWarning
from sim.state.files.graphs import read_gexf, read_graphml, write_gexf, write_graphml

__all__ = [
    "ENSEMBLE",
    "OUTCOMES",
    "POLICIES",
    "ActivityTimetable",
    "BuddyScheme",
    "Budget",
    "Calibrated",
    "CalibrationSearch",
    "Codesign",
    "CommunicationTraining",
    "Comparison",
    "ConfidentialityTraining",
    "Contrast",
    "DaskCluster",
    "DayCareUser",
    "DayCentre",
    "DayroomError",
    "DisclosureCircle",
    "Discovered",
    "Effort",
    "Evening",
    "Experiment",
    "Factor",
    "FamilyPsychoeducation",
    "Finding",
    "Fitted",
    "GroupContrast",
    "HelpCap",
    "InProcess",
    "OutOfHours",
    "Outreach",
    "OwnColumn",
    "OwnOutcome",
    "OwnRule",
    "PeerSupportWorkers",
    "PolicyUse",
    "Portfolios",
    "Prices",
    "ProcessPool",
    "PublicAwareness",
    "Ranked",
    "Replace",
    "Respite",
    "Run",
    "RunResult",
    "Scenario",
    "ScenarioError",
    "ScenarioWarning",
    "Schedule",
    "Sizes",
    "Staffing",
    "Study",
    "StudySensitivity",
    "Summary",
    "Supervision",
    "Survey",
    "Swept",
    "UsualCare",
    "Validation",
    "VocationalTraining",
    "Worth",
    "app",
    "by_group",
    "calibrate",
    "calibration_parameters",
    "compare",
    "contrasts",
    "contrasts_table",
    "costs",
    "daily",
    "daily_frame",
    "define_study",
    "design",
    "discover",
    "discover_boxes",
    "estimate",
    "experiment",
    "explain",
    "export",
    "failing",
    "failures",
    "findings",
    "groups",
    "groups_of_survey",
    "interval",
    "lever_effects",
    "levers_in",
    "levers_of",
    "likeness_shares",
    "live",
    "load_scenario",
    "load_study",
    "measure",
    "measured_waves",
    "morris",
    "newcomers",
    "observed",
    "pawn",
    "planned",
    "plot",
    "plots",
    "portfolio",
    "posterior",
    "query",
    "ranking_of_draws",
    "read_gexf",
    "read_graphml",
    "read_lever",
    "read_scenario",
    "read_targets",
    "read_waves",
    "register",
    "regret",
    "regret_of_draws",
    "report",
    "results",
    "run",
    "run_replicates",
    "runs_at_base",
    "search_portfolios",
    "selection_and_influence",
    "sensitivity",
    "sensitivity_of_runs",
    "set_language",
    "show",
    "sobol",
    "split_variance",
    "status",
    "summarise",
    "sweep",
    "too_little",
    "trace",
    "trace_sentences",
    "users_frame",
    "validate",
    "verdicts",
    "waits",
    "warnings_of",
    "worth",
    "write_gexf",
    "write_graphml",
]
