"""Dayroom's policies, in one file each: what a centre would do, what it acts on, its costs and its evidence."""

from typing import Final

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
from sim.scenario.schema.policy import PolicyUse

POLICIES: Final[dict[str, type[PolicyUse]]] = {
    chosen.key(): chosen
    for chosen in (
        UsualCare,
        PeerSupportWorkers,
        CommunicationTraining,
        ConfidentialityTraining,
        DisclosureCircle,
        BuddyScheme,
        HelpCap,
        Supervision,
        Respite,
        ActivityTimetable,
        OutOfHours,
        Outreach,
        VocationalTraining,
        PublicAwareness,
        FamilyPsychoeducation,
        Codesign,
        Staffing,
    )
}
"""The policies that come with the model, by the name a scenario uses; an entry point offers them (`pyproject.toml`)."""

__all__ = ["POLICIES", "PolicyUse"]
