"""The options each policy needs to do all it can do; a policy that is missing here needs none."""

from sim.policy_checks import Trial
from sim.scenario.schema.policy import policies

OPTIONS = {
    "activity_timetable": {"grouping": "rotating", "uptake": 1.0, "timetable": [{"activity": "crafts"}]},
    "codesign": {"uptake": 1.0},
    "outreach": {"caller": "peers", "after": 1},
    "staffing": {"closed_places": 2},
}
THROUGH_OTHERS = {"vocational_training": ("user.mentoring",)}

TRIALS = [Trial(key, OPTIONS.get(key, {}), THROUGH_OTHERS.get(key, ())) for key in policies()]
