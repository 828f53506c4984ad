"""Every parameter of the rules: default, unit, hard bounds, plausible range, source, evidence grade and meaning.

Each rule has one section, in the order of the day. `users.py` holds the traits and background of users. Rates are
continuous (a share lost per time compounds); a weight acts on a logit or on a state in [0, 1], as its rule states.
"""

from typing import Final

from sim.scenario.schema.quantity import Section, quantity
from sim.sources import (
    ASSUMED,
    BAUMEISTER_LEARY_1995,
    BRACKE_2008,
    CALIBRATED,
    COLLINS_MILLER_1994,
    CRUWYS_2014,
    CUTRONA_SUHR_1992,
    DUNBAR_1995,
    DUNBAR_2012,
    FAN_2024,
    FEI_1992,
    HALL_2019,
    HAYES_SKEEM_2022,
    MASI_2011,
    REIS_SHAVER,
    RUESCH_KOESTERS_2021,
    SOCIOPATTERNS,
    SOLANO_1982,
    STEFFENS_2021,
    VAN_DE_BUNT_1999,
    VAN_GESTEL_2012,
    VERGARA_HIDD_2023,
    VERHAEGHE_2008,
    WARREN_2021,
)

PHASES: Final = (
    "turnover", "episodes", "attendance", "encounters", "conversation", "support", "workers", "proximity", "contact", "wellbeing", "identity", "forgetting", "recording",
)
"""Names of the phases of a day, in order."""


class Turnover(Section):
    """Who leaves the centre, and how soon a vacant seat is filled (phase 1)."""

    leaving_rate: float = quantity(0.15, "/year", (0, 5), (0.08, 0.24), FAN_2024, "measured", "Leaving hazard beyond the first year, when well and with a middling group identity")
    newcomer_ratio: float = quantity(2.0, "1", (0.1, 10), (1, 4), ASSUMED, "assumed", "How many times faster users leave within their first year")
    identity_slope: float = quantity(1.0, "1", (0, 5), (0, 2), ASSUMED, "assumed", "Fall in the log hazard of leaving per unit of group identity")
    unwell_ratio: float = quantity(2.5, "1", (0.1, 20), (1, 5), ASSUMED, "assumed", "How many times faster users leave while unwell (readmission)")
    work_share: float = quantity(0.25, "1", (0, 1), (0.05, 0.5), ASSUMED, "assumed", "Share of well leavers of full self-worth who leave to work")
    vacancy_days: float = quantity(30.0, "day", (0.5, 1000), (7, 120), ASSUMED, "assumed", "Mean time until an empty seat is taken by a newcomer")


class Episodes(Section):
    """Well and unwell spells, and the five needs (phase 2)."""

    relapse_schizophrenia: float = quantity(0.48, "/year", (0, 10), (0.1, 0.6), ASSUMED, "assumed", "Relapse hazard with schizophrenia, when not reminded and not burdened")
    relapse_bipolar: float = quantity(0.5, "/year", (0, 10), (0.1, 0.7), ASSUMED, "assumed", "Relapse hazard with bipolar disorder")
    relapse_ocd: float = quantity(0.15, "/year", (0, 10), (0.05, 0.4), ASSUMED, "assumed", "Relapse hazard with obsessive-compulsive disorder")
    relapse_epileptic: float = quantity(0.20, "/year", (0, 10), (0.05, 0.5), ASSUMED, "assumed", "Relapse hazard with an epileptic mental disorder")
    episode_days: float = quantity(42.0, "day", (1, 1000), (14, 120), ASSUMED, "assumed", "Mean length of an unwell spell")
    reminder_protection: float = quantity(0.5, "1", (0, 1), (0, 0.6), ASSUMED, "assumed", "Share of the relapse hazard removed while peers remind one of medication")
    reminder_days: float = quantity(30.0, "day", (1, 1000), (7, 90), ASSUMED, "assumed", "How long a reminder or tangible help with medication lasts")
    burden_slope: float = quantity(1.0, "1", (0, 10), (0, 2), ASSUMED, "assumed", "Rise in the log hazard of relapse per unit of burden")
    need_emotional: float = quantity(1.0, "/week", (0, 20), (0.3, 2), CUTRONA_SUHR_1992, "assumed", "How often a need to be heard or comforted arises")
    need_informational: float = quantity(0.5, "/week", (0, 20), (0.1, 1.5), CUTRONA_SUHR_1992, "assumed", "How often a need for advice arises")
    need_esteem: float = quantity(0.5, "/week", (0, 20), (0.1, 1.5), CUTRONA_SUHR_1992, "assumed", "How often a need to be valued arises")
    need_network: float = quantity(0.4, "/week", (0, 20), (0.1, 1.5), CUTRONA_SUHR_1992, "assumed", "How often a need for company arises")
    need_tangible: float = quantity(0.3, "/week", (0, 20), (0.1, 1), CUTRONA_SUHR_1992, "assumed", "How often a need for practical help arises (prescription, money, a visit)")
    need_size: float = quantity(0.5, "1", (0, 1), (0.3, 0.8), ASSUMED, "assumed", "How far a new need opens the part still closed")
    need_fade_days: float = quantity(14.0, "day", (1, 1000), (5, 40), ASSUMED, "assumed", "How long a need lasts that nobody at the centre meets")
    unwell_need_ratio: float = quantity(2.0, "1", (0.1, 20), (1, 4), ASSUMED, "assumed", "How many times more often needs arise while unwell")
    newcomer_need_ratio: float = quantity(3.0, "1", (0.1, 20), (1, 5), FAN_2024, "assumed", "How many times more often newcomers need advice (section 3.3.1, P4)")
    newcomer_days: float = quantity(180.0, "day", (1, 3650), (60, 365), ASSUMED, "assumed", "How long a user counts as a newcomer")
    trouble_rate: float = quantity(2.0, "/year", (0, 50), (0.5, 4), FAN_2024, "assumed", "How often trouble arises at home, at middling family support (sections 3.1.3, P14: a debt; 3.2.2, P12: a father's death)")
    trouble_size: float = quantity(0.5, "1", (0, 1), (0.2, 0.8), ASSUMED, "assumed", "How far new trouble fills the part still free of it")
    trouble_days: float = quantity(45.0, "day", (1, 3650), (14, 120), ASSUMED, "assumed", "How long trouble at home lasts")


class Attendance(Section):
    """Who comes on an opening day (phase 3)."""

    base_share: float = quantity(0.60, "1", (0.01, 0.99), (0.4, 0.8), ASSUMED, "assumed", "Share of opening days attended at middling mood, identity, habit and burden (3 of 5 days)")
    mood_slope: float = quantity(2.0, "1", (0, 20), (0.5, 4), FAN_2024, "assumed", "Rise in the log odds of coming per unit of mood (section 3.2.1, P2)")
    identity_slope: float = quantity(1.0, "1", (0, 20), (0, 2), ASSUMED, "assumed", "Rise in the log odds of coming per unit of group identity")
    habit_slope: float = quantity(2.0, "1", (0, 20), (0, 3), ASSUMED, "assumed", "Rise in the log odds of coming per unit of habit")
    burden_slope: float = quantity(1.0, "1", (0, 20), (0, 3), ASSUMED, "assumed", "Fall in the log odds of coming per unit of burden")
    unwell_penalty: float = quantity(2.5, "1", (0, 20), (1, 4), FAN_2024, "assumed", "Fall in the log odds of coming while unwell (section 3.2.1, P2)")
    work_penalty: float = quantity(0.4, "1", (0, 20), (0, 1), ASSUMED, "assumed", "Fall in the log odds of coming for those with part-time or voluntary work")
    habit_days: float = quantity(60.0, "day", (1, 3650), (20, 180), ASSUMED, "assumed", "How many opening days the habit of coming remembers")
    noticed_after: int = quantity(5, "day", (1, 365), (3, 15), ASSUMED, "assumed", "Opening days missed in a row after which staff notice")
    noticed: float = quantity(0.5, "1", (0, 20), (0, 1.5), FAN_2024, "assumed", "Rise in the log odds of coming once staff have noticed, where staff are enough (section 2.1: they visit)")


class Encounters(Section):
    """Who sits with whom, and who turns to whom (phase 4)."""

    closeness_weight: float = quantity(4.91, "1", (0, 50), (1, 10), CALIBRATED, "calibrated", "Pull of a tie at the closeness one wants, when chaxugeju is one half")
    chaxugeju: float = quantity(0.5, "1", (0, 1), (0.3, 0.7), FEI_1992, "assumed", "Differential mode of association: 0 treats all alike, 1 works strictly outward from the self")
    interest_weight: float = quantity(3.5, "1", (0, 20), (0.5, 4), FAN_2024, "assumed", "Pull of shared interests (section 3.1.1, P3)")
    interest_chance: float = quantity(0.1, "1", (0, 10), (0, 0.3), ASSUMED, "assumed", "Chance in seating by interest, in units of interest: ties are broken by it, and near ties sometimes")
    same_sex_weight: float = quantity(0.4, "1", (0, 20), (0, 1), ASSUMED, "assumed", "Pull of the same sex")
    shared_weight: float = quantity(0.85, "1", (0, 5), (0.1, 1), VAN_DE_BUNT_1999, "calibrated", "Pull of each friend in common, three at most (conditional logit 0.4 to 0.7 an arc kept or formed)")
    shared_liking: float = quantity(0.10, "1", (0, 2), (0, 0.3), VAN_DE_BUNT_1999, "assumed", "What each friend in common, three at most, adds to how much an hour counts (log scale)")
    most_shared: int = quantity(3, "users", (0, 50), (2, 5), VAN_DE_BUNT_1999, "assumed", "Friends in common beyond which more add nothing")
    tenure_weight: float = quantity(0.4, "1", (0, 20), (0, 1), ASSUMED, "assumed", "Pull of having come at about the same time")
    tenure_years: float = quantity(3.0, "year", (0.1, 50), (1, 6), ASSUMED, "assumed", "Years between two arrivals over which that pull falls to 1/e")
    need_weight: float = quantity(0.8, "1", (0, 20), (0, 2), ASSUMED, "assumed", "Pull of a good listener on one who needs to be heard")
    arranged_weight: float = quantity(3.0, "1", (0, 20), (1, 5), ASSUMED, "assumed", "Pull of one with whom the house has brought one together (a buddy, a mentor)")
    withdrawn_weight: float = quantity(3.0, "1", (0, 20), (1, 5), FAN_2024, "assumed", "Push away from one from whom one has withdrawn (section 3.2.2)")
    chemistry_shared_sd: float = quantity(0.372, "1", (0, 3), (0.2, 0.9), CALIBRATED, "calibrated", "Spread of a pair's common liking (log scale)")
    chemistry_own_sd: float = quantity(0.5, "1", (0, 3), (0.1, 0.9), CALIBRATED, "calibrated", "Spread of the one-sided part of liking (log scale): closeness is felt, not shared")
    chemistry_person_sd: float = quantity(0.275, "1", (0, 3), (0.1, 0.7), ASSUMED, "calibrated", "Spread of how much a person is liked by everybody (log scale)")
    warmth_weight: float = quantity(0.6, "1", (0, 5), (0, 1.5), FAN_2024, "assumed", "How much more one of full empathy is liked than one of none (section 3.3.2; log scale)")
    interest_liking: float = quantity(1.38, "1", (0, 5), (0, 2), FAN_2024, "calibrated", "How much more one of quite the same interests is liked than one of unrelated ones (section 3.1.1, P3: common ground; log scale)")
    impression_sd: float = quantity(0.8, "1", (0, 3), (0.2, 1.2), VERGARA_HIDD_2023, "calibrated", "Spread of what talks add to and take from the first liking, in the long run (log scale)")
    impression_talks: float = quantity(25.0, "1", (1, 1000), (10, 80), ASSUMED, "assumed", "Talks over which an impression wears off")
    decline_base: float = quantity(-2.5, "1", (-10, 10), (-4, -1), ASSUMED, "assumed", "Log odds that one approached declines, otherwise at ease")
    decline_burden: float = quantity(2.0, "1", (0, 20), (0, 4), ASSUMED, "assumed", "Rise in the log odds of declining per unit of burden")
    decline_mood: float = quantity(1.5, "1", (0, 20), (0, 3), FAN_2024, "assumed", "Rise in the log odds of declining per unit of mood below the middle (section 3.2.1, P2)")
    decline_overreach: float = quantity(3.0, "1", (0, 20), (0, 6), FAN_2024, "assumed", "Rise in the log odds of declining per unit by which the other is closer than one wants (section 3.2.2, P14)")
    tiring: float = quantity(0.7, "1", (0, 5), (0.1, 1.0), BAUMEISTER_LEARY_1995, "calibrated", "Fall in log initiative with each talk one has had today: company satiates")
    initiative_worth: float = quantity(0.20, "1", (0, 2), (0, 0.5), ASSUMED, "assumed", "How much more likely one of full than of no self-worth turns to somebody, near the middle")
    initiative_identity: float = quantity(0.25, "1", (0, 2), (0, 0.5), CRUWYS_2014, "assumed", "The same for group identity: belonging opens to others")
    initiative_hope: float = quantity(0.10, "1", (0, 2), (0, 0.4), ASSUMED, "assumed", "The same for hope")
    introduced: float = quantity(0.88, "1", (0, 1), (0.1, 0.9), FAN_2024, "calibrated", "Chance a session that staff, where they are enough, bring a newcomer or one without a friend together with somebody (section 2.1)")
    cancelled: float = quantity(0.122, "1", (0, 1), (0.03, 0.5), ASSUMED, "calibrated", "Chance that a session is not held when there is no staff at all (section 2.1: understaffed)")
    talk_share: float = quantity(0.388, "1", (0, 1), (0.2, 0.7), CALIBRATED, "calibrated", "Share of a session spent in conversation with a partner, when two talk in it")
    join_share: float = quantity(0.8, "1", (0, 1), (0.2, 0.9), DUNBAR_1995, "assumed", "Share of talks that a third at the table may join, being fully sociable")
    length_sd: float = quantity(1.0, "1", (0, 3), (0.5, 1.5), SOCIOPATTERNS, "assumed", "Spread of the length of a talk (log scale): most are short, a few long")
    copresence_weight: float = quantity(0.05, "1", (0, 1), (0, 0.15), HALL_2019, "assumed", "What an hour of working side by side counts against an hour of talk (mere co-working hardly counts)")
    leisure_weight: float = quantity(0.18, "1", (0, 1), (0.05, 0.4), HALL_2019, "calibrated", "What an hour at one table in free time or over something made or sung counts against an hour of talk")


class Conversation(Section):
    """What users say and how others receive it (phase 5)."""

    occasion: float = quantity(0.284, "1", (0, 1), (0.05, 0.5), CALIBRATED, "calibrated", "Share of talks in which something personal could come up")
    trust_weight: float = quantity(0.30, "1", (0, 5), (0.1, 0.6), ASSUMED, "assumed", "Openness per unit of trust")
    closeness_weight: float = quantity(0.40, "1", (0, 5), (0.1, 0.8), ASSUMED, "assumed", "Openness per unit of closeness")
    reciprocity_weight: float = quantity(0.20, "1", (0, 5), (0.05, 0.4), FAN_2024, "assumed", "Openness gained when the other has told (section 3.2.1; turn-taking, Sprecher 2013)")
    norm_weight: float = quantity(0.20, "1", (0, 5), (0, 0.5), ASSUMED, "assumed", "Openness per unit of the centre's norm of open talk")
    need_weight: float = quantity(0.15, "1", (0, 5), (0, 0.4), ASSUMED, "assumed", "Openness per unit of the need to be heard")
    stigma_weight: float = quantity(0.25, "1", (0, 5), (0.05, 0.5), FAN_2024, "assumed", "Openness lost per unit of self-stigma (section 4.2)")
    mood_filter: float = quantity(0.50, "1", (0, 5), (0.1, 1), FAN_2024, "assumed", "Openness lost per unit of mood below the own disposition: the distressed conceal (section 3.2.1)")
    worth_weight: float = quantity(0.15, "1", (0, 5), (0, 0.4), ASSUMED, "assumed", "Openness gained per unit of self-worth above the middle")
    identity_weight: float = quantity(0.15, "1", (0, 5), (0, 0.4), CRUWYS_2014, "assumed", "Openness gained per unit of group identity above the middle: belonging opens to others")
    hope_weight: float = quantity(0.10, "1", (0, 5), (0, 0.3), ASSUMED, "assumed", "Openness gained per unit of hope above the middle")
    noise: float = quantity(0.08, "1", (0, 2), (0.02, 0.2), ASSUMED, "assumed", "Scale of the logistic chance in what one is ready to say")
    cost_strengths: float = quantity(0.00, "1", (-1, 2), (-0.2, 0.1), ASSUMED, "assumed", "Added threshold for talk of what one can do")
    cost_distress: float = quantity(0.20, "1", (-1, 2), (0.1, 0.4), ASSUMED, "assumed", "Added threshold for talk of distress")
    cost_illness: float = quantity(0.375, "1", (-1, 2), (0.15, 0.6), CALIBRATED, "calibrated", "Added threshold for talk of the illness, its symptoms and treatment")
    reception_base: float = quantity(0.5, "1", (-10, 10), (-0.5, 1.5), ASSUMED, "assumed", "Log odds that personal talk is well received by a listener without skill or empathy")
    reception_skill: float = quantity(2.0, "1", (0, 20), (0.5, 4), ASSUMED, "assumed", "Rise in those log odds per unit of listening skill")
    reception_empathy: float = quantity(1.5, "1", (0, 20), (0, 3), FAN_2024, "assumed", "Rise in those log odds per unit of empathy (section 3.3.2)")
    reception_burden: float = quantity(2.0, "1", (0, 20), (0, 4), ASSUMED, "assumed", "Fall in those log odds per unit of the listener's burden")
    reception_shortage: float = quantity(0.5, "1", (0, 20), (0, 1.5), ASSUMED, "assumed", "Fall in those log odds when there is no staff at all (section 2.1: understaffed)")
    questioning: float = quantity(0.25, "1", (0, 1), (0.05, 0.5), FAN_2024, "assumed", "Chance that a listener without skill asks like a doctor (section 3.3.3, P13)")
    questioning_penalty: float = quantity(2.0, "1", (0, 20), (0.5, 4), FAN_2024, "assumed", "Fall in the log odds of good reception when asked like a doctor")
    deep_ratio: float = quantity(3.0, "1", (1, 20), (1.5, 5), HALL_2019, "assumed", "What an hour of talk that matters counts against an hour of small talk")
    bond_gain: float = quantity(0.04, "1", (0, 1), (0.01, 0.12), REIS_SHAVER, "assumed", "Share of missing closeness the teller gains when distress or illness is well received")
    bond_listener: float = quantity(0.5, "1", (0, 1), (0.2, 1), COLLINS_MILLER_1994, "assumed", "What the listener gains of that toward the teller")
    known_distress: float = quantity(0.20, "1", (0, 1), (0.1, 0.4), REIS_SHAVER, "assumed", "Share of missing being known gained when distress is well received")
    known_illness: float = quantity(0.40, "1", (0, 1), (0.2, 0.7), REIS_SHAVER, "assumed", "The same for talk of the illness")
    liking_good: float = quantity(0.12, "1", (0, 2), (0.03, 0.3), COLLINS_MILLER_1994, "assumed", "Rise in liking of both when personal talk is well received (log scale)")
    liking_bad: float = quantity(0.25, "1", (0, 2), (0.05, 0.6), ASSUMED, "assumed", "Fall in the teller's liking when it is badly received (log scale)")
    quarrel: float = quantity(0.06, "1", (0, 1), (0.01, 0.15), ASSUMED, "assumed", "Share of closeness the teller loses when personal talk is badly received")
    calming: float = quantity(0.5, "1", (0, 1), (0.1, 0.8), FAN_2024, "assumed", "Share of what a quarrel costs in closeness and liking that staff, where they are enough, prevent (section 2.1)")
    trust_start: float = quantity(0.20, "1", (0, 1), (0.05, 0.4), ASSUMED, "assumed", "Trust in a stranger of the same centre, to which trust wanes")
    trust_ordinary: float = quantity(0.010, "1", (0, 1), (0.002, 0.03), DUNBAR_2012, "assumed", "Share of missing trust gained by an hour of talk")
    trust_good: float = quantity(0.15, "1", (0, 1), (0.05, 0.3), ASSUMED, "assumed", "Share of missing trust gained when personal talk is well received")
    trust_listener: float = quantity(0.5, "1", (0, 1), (0.2, 1), COLLINS_MILLER_1994, "assumed", "What the listener gains of that, toward the one who told (disclosure breeds liking both ways; the size is assumed)")
    trust_bad: float = quantity(0.25, "1", (0, 1), (0.05, 0.5), ASSUMED, "assumed", "Share of trust lost when it is badly received")
    threshold_good: float = quantity(0.02, "1", (0, 1), (0.005, 0.05), FAN_2024, "assumed", "Share by which the threshold falls when distress or illness is well received")
    threshold_bad: float = quantity(0.08, "1", (0, 1), (0.02, 0.2), FAN_2024, "assumed", "Share of the way to the top by which the threshold rises when it is badly received")
    threshold_days: float = quantity(120.0, "day", (1, 3650), (30, 365), ASSUMED, "assumed", "How slowly the threshold drifts back to what is usual for the person")
    acceptance_gain: float = quantity(0.24, "1", (0, 1), (0.02, 0.3), FAN_2024, "calibrated", "Share of missing acceptance gained by talk of the illness well received (section 3.1.3)")
    fate_gain: float = quantity(0.04, "1", (0, 1), (0.01, 0.1), FAN_2024, "assumed", "Share of missing group identity gained by both: not fighting this war alone (section 3.1.2, P4)")
    stigma_relief: float = quantity(0.020, "1", (0, 1), (0.005, 0.05), RUESCH_KOESTERS_2021, "assumed", "Share of self-stigma shed when distress or illness is well received (programmes: -0.17 to -0.24 SD)")
    stigma_hurt: float = quantity(0.015, "1", (0, 1), (0.003, 0.05), ASSUMED, "assumed", "Share of the way to the top by which self-stigma rises when it is badly received")
    hope_story: float = quantity(0.03, "1", (0, 1), (0.005, 0.08), VAN_GESTEL_2012, "assumed", "Share of missing hope gained by both when talk of the illness is well received: others have come through it")
    worth_gain: float = quantity(0.05, "1", (0, 1), (0.01, 0.12), FAN_2024, "assumed", "Share of missing self-worth gained by talk of strengths well received (section 3.1.2, P5)")
    relief: float = quantity(0.5, "1", (0, 1), (0.2, 0.8), FAN_2024, "assumed", "Share of the need to be heard that good reception meets (section 3.1.2, P4)")
    hurt: float = quantity(0.12, "1", (0, 1), (0.03, 0.3), ASSUMED, "assumed", "Share of mood lost when personal talk is badly received")
    lift: float = quantity(0.06, "1", (0, 1), (0.01, 0.15), ASSUMED, "assumed", "Share of missing mood gained when personal talk is well received")
    pleasure: float = quantity(0.05, "1", (0, 1), (0.01, 0.15), FAN_2024, "assumed", "Share of missing mood gained by an hour of ordinary talk (section 3.1.1, P4)")
    listening_load: float = quantity(0.5, "1", (0, 10), (0.2, 1.5), FAN_2024, "assumed", "Load of listening to distress or illness (section 3.2.2, P13)")
    leak_rate: float = quantity(0.05, "1", (0, 1), (0.005, 0.2), ASSUMED, "assumed", "Chance that a listener without discretion passes a confidence on")
    leak_learned: float = quantity(0.5, "1", (0, 1), (0.1, 0.9), ASSUMED, "assumed", "Chance that the one betrayed learns of it")
    leak_trust: float = quantity(0.5, "1", (0, 1), (0.2, 0.9), ASSUMED, "assumed", "Share of trust in the listener lost by the one betrayed")
    leak_closeness: float = quantity(0.20, "1", (0, 1), (0.05, 0.5), ASSUMED, "assumed", "Share of closeness lost by the one betrayed")
    leak_stigma: float = quantity(0.04, "1", (0, 1), (0.01, 0.1), ASSUMED, "assumed", "Share of the way to the top by which self-stigma of the one betrayed rises")
    leak_threshold: float = quantity(0.20, "1", (0, 1), (0.05, 0.4), ASSUMED, "assumed", "Share of the way to the top by which the threshold of the one betrayed rises")
    hearsay_threshold: float = quantity(0.04, "1", (0, 1), (0.01, 0.1), ASSUMED, "assumed", "The same for the one who hears what was leaked")


class Support(Section):
    """Who asks, who helps, and the effects on both (phase 6)."""

    visible_need: float = quantity(0.30, "1", (0, 1), (0.1, 0.5), ASSUMED, "assumed", "Size from which a need is asked for or noticed")
    ask_base: float = quantity(-1.5, "1", (-10, 10), (-3, 0), ASSUMED, "assumed", "Log odds a day that a visible need is voiced, without stigma and at no need")
    ask_need: float = quantity(2.5, "1", (0, 20), (1, 4), ASSUMED, "assumed", "Rise in those log odds per unit of need")
    ask_stigma: float = quantity(1.5, "1", (0, 20), (0, 3), ASSUMED, "assumed", "Fall in those log odds per unit of self-stigma")
    ask_worth: float = quantity(0.8, "1", (0, 20), (0, 2), ASSUMED, "assumed", "Rise in those log odds per unit of self-worth above the middle")
    ask_hope: float = quantity(0.8, "1", (0, 20), (0, 2), ASSUMED, "assumed", "Rise in those log odds per unit of hope above the middle")
    notice: float = quantity(0.15, "1", (0, 1), (0.02, 0.4), FAN_2024, "assumed", "Chance that a fully empathic partner notices an unvoiced visible need (section 3.3.2)")
    choose_trust: float = quantity(2.0, "1", (0, 20), (0.5, 4), ASSUMED, "assumed", "Pull of trust in the choice of whom to ask")
    choose_closeness: float = quantity(3.0, "1", (0, 20), (1, 6), FEI_1992, "assumed", "Pull of closeness in that choice, when chaxugeju is one half")
    choose_skill: float = quantity(1.0, "1", (0, 20), (0, 2), ASSUMED, "assumed", "Pull of listening skill in that choice")
    choose_capacity: float = quantity(1.0, "1", (0, 20), (0, 2), ASSUMED, "assumed", "Pull of spare capacity in that choice")
    accept_base: float = quantity(-1.0, "1", (-10, 10), (-2.5, 1), ASSUMED, "assumed", "Log odds that one asked helps, without inclination, empathy or closeness")
    accept_inclination: float = quantity(2.0, "1", (0, 20), (0.5, 4), ASSUMED, "assumed", "Rise in those log odds per unit of helping inclination")
    accept_empathy: float = quantity(1.5, "1", (0, 20), (0, 3), FAN_2024, "assumed", "Rise in those log odds per unit of empathy, learned empathy included (section 3.3.2)")
    accept_closeness: float = quantity(3.0, "1", (0, 20), (1, 6), FEI_1992, "assumed", "Rise in those log odds per unit of closeness; learned empathy takes its place")
    accept_burden: float = quantity(3.0, "1", (0, 20), (1, 6), ASSUMED, "assumed", "Fall in those log odds per unit of the helper's burden")
    accept_returned: float = quantity(1.0, "1", (0, 20), (0, 3), WARREN_2021, "assumed", "Rise in those log odds toward one who has helped the helper before (direct reciprocity)")
    accept_reputation: float = quantity(0.0, "1", (0, 20), (0, 3), WARREN_2021, "assumed", "Rise in those log odds per unit by which the asker has helped others (indirect reciprocity); 0 switches it off")
    accept_norm: float = quantity(1.5, "1", (0, 20), (0, 4), ASSUMED, "assumed", "Rise in those log odds per unit of the centre's norm of help above the middle")
    profit_stigma: float = quantity(0.5, "1", (0, 1), (0.1, 0.9), VERHAEGHE_2008, "assumed", "Share of the benefit of being helped that full self-stigma takes away")
    effect: float = quantity(0.7, "1", (0, 1), (0.3, 0.95), ASSUMED, "assumed", "Share of a need met by help from one of full skill")
    effect_floor: float = quantity(0.5, "1", (0, 1), (0.2, 0.8), ASSUMED, "assumed", "How well help without skill works, as a share of that")
    helper_worth: float = quantity(0.017, "1", (0, 1), (0.005, 0.06), FAN_2024, "calibrated", "Share of missing self-worth the helper gains by effective help, when thanked (section 3.3.1)")
    helped_worth: float = quantity(0.0112, "1", (0, 1), (0.001, 0.02), BRACKE_2008, "calibrated", "Share of missing self-worth the helped gain from one whom they have helped before; from others they gain none")
    unreturned_worth: float = quantity(0.0195, "1", (0, 1), (0, 0.03), BRACKE_2008, "calibrated", "Share of self-worth the helped lose by help from one whom they have never helped: to receive without a return can hurt")
    hope_help: float = quantity(0.006, "1", (0, 1), (0.001, 0.02), VAN_GESTEL_2012, "assumed", "Share of missing hope that helper and helped gain by an act of help")
    act_hours: float = quantity(0.25, "h", (0, 5), (0.05, 0.6), ASSUMED, "assumed", "Time an act of help takes the two")
    bond_emotional: float = quantity(0.3, "h", (0, 20), (0.1, 1.5), HALL_2019, "assumed", "Effective hours toward closeness that an act of emotional help counts for, for both")
    bond_informational: float = quantity(0.8, "h", (0, 20), (0.1, 1.5), ASSUMED, "assumed", "The same for advice")
    bond_esteem: float = quantity(0.2, "h", (0, 20), (0.05, 0.8), ASSUMED, "assumed", "The same for encouragement and teaching")
    bond_network: float = quantity(0.2, "h", (0, 20), (0.05, 1), ASSUMED, "assumed", "The same for keeping company")
    bond_tangible: float = quantity(0.4, "h", (0, 20), (0.1, 2), FAN_2024, "assumed", "The same for practical help (section 3.2.2, P12)")
    liking_help: float = quantity(0.0296, "1", (0, 2), (0.005, 0.1), ASSUMED, "calibrated", "Rise in liking of both by an act of help (log scale)")
    relief_burden: float = quantity(0.04, "1", (0, 1), (0.01, 0.12), FAN_2024, "assumed", "Share of burden taken off the helped by help of full effect (section 3.1.3, P14: the debt)")
    trust_gain: float = quantity(0.06, "1", (0, 1), (0.01, 0.15), ASSUMED, "assumed", "Share of missing trust in the helper gained by effective help")
    returned_from: float = quantity(0.1, "1", (0, 10), (0.02, 0.5), ASSUMED, "calibrated", "Discounted acts of help from which the other counts as having helped before")
    empathy_gain: float = quantity(0.010, "1", (0, 1), (0.002, 0.03), FAN_2024, "assumed", "Share of missing learned empathy gained by an exchange between two who help each other (section 3.3.2)")
    empathy_days: float = quantity(365.0, "day", (1, 36500), (120, 1500), ASSUMED, "assumed", "How slowly learned empathy wanes without use")
    load_emotional: float = quantity(1.0, "1", (0, 10), (0.5, 2), ASSUMED, "assumed", "Load of emotional help, in units of one ordinary helping act")
    load_informational: float = quantity(0.5, "1", (0, 10), (0.2, 1), ASSUMED, "assumed", "Load of advice")
    load_esteem: float = quantity(0.4, "1", (0, 10), (0.1, 1), ASSUMED, "assumed", "Load of encouragement")
    load_network: float = quantity(0.4, "1", (0, 10), (0.1, 1), ASSUMED, "assumed", "Load of keeping company")
    load_tangible: float = quantity(1.5, "1", (0, 10), (0.5, 4), FAN_2024, "assumed", "Load of practical help (section 3.2.2, P12: prescriptions, washing, visits)")
    unwell_load_ratio: float = quantity(2.0, "1", (1, 20), (1, 4), FAN_2024, "assumed", "How many times heavier it is to help one who is unwell (section 3.2.2, P12)")
    helped_load: float = quantity(0.15, "1", (0, 10), (0, 0.5), ASSUMED, "assumed", "Load on the helped: an exchange costs both")
    teach_rate: float = quantity(0.30, "1", (0, 1), (0.05, 0.6), FAN_2024, "assumed", "Chance a session that a fully inclined user teaches the own speciality to a partner (section 3.3.1, P2)")
    teach_load: float = quantity(0.15, "1", (0, 10), (0, 0.5), ASSUMED, "assumed", "Load of teaching, or of showing a newcomer the ropes")
    welcome_rate: float = quantity(0.30, "1", (0, 1), (0.05, 0.6), FAN_2024, "assumed", "Chance that a fully inclined senior helps a newcomer met in a session (section 3.3.1, P4)")
    remind_rate: float = quantity(0.33, "1", (0, 1), (0.02, 0.4), FAN_2024, "assumed", "Chance that a friend met in a session reminds one of medication (sections 3.1.3 and 3.3.3, P1)")
    memory_days: float = quantity(90.0, "day", (1, 3650), (30, 365), ASSUMED, "assumed", "How long help given is remembered: the discount behind roles and reciprocity")
    staff_talk: float = quantity(0.176, "1", (0, 1), (0.03, 0.5), FAN_2024, "calibrated", "Chance a day that staff, where they are enough, take time for one present with a visible need (section 2.1)")
    staff_effect: float = quantity(0.5, "1", (0, 1), (0.2, 0.8), ASSUMED, "assumed", "Share of that need which staff meet")


class Proximity(Section):
    """Ties that are too near or too far (phase 7)."""

    band: float = quantity(0.10, "1", (0, 1), (0.02, 0.25), ASSUMED, "assumed", "How much nearer than wanted a tie may come before one withdraws")
    withdraw_rate: float = quantity(0.30, "/day", (0, 10), (0.05, 1), ASSUMED, "assumed", "Hazard of withdrawing per unit of nearness beyond that")
    return_rate: float = quantity(0.05, "/day", (0, 10), (0.01, 0.2), ASSUMED, "assumed", "Hazard of turning back to one from whom one has withdrawn")
    mediation: float = quantity(0.5, "1", (0, 10), (0, 1.5), FAN_2024, "assumed", "Rise in the hazard of turning back where staff are enough to mediate, as a share")
    cooling_rate: float = quantity(0.010, "/day", (0, 1), (0.002, 0.03), ASSUMED, "assumed", "How fast the one who withdraws lets closeness cool")
    one_way_cooling: float = quantity(3.51, "/year", (0, 50), (1, 5), VAN_DE_BUNT_1999, "calibrated", "Rate at which closeness falls toward what the other feels, when that is less (one-way ties end sooner)")
    rebuff: float = quantity(0.004, "1", (0, 1), (0, 0.02), FAN_2024, "assumed", "Share of trust and mood lost each day by the one from whom a friend has withdrawn (section 3.2.2, P14)")
    approach_weight: float = quantity(0.8, "1", (0, 20), (0, 2), ASSUMED, "assumed", "Pull toward approaching one with whom one is less close than one wants, once they are friends")
    beyond_gain: float = quantity(0.30, "1", (0, 1), (0.1, 0.8), ASSUMED, "assumed", "What an hour counts with one who is already as close as one wants")
    demand_weight: float = quantity(1.0, "1", (0, 20), (0.3, 3), FAN_2024, "assumed", "Demand felt on a day of contact per unit by which the other wants to be closer, times how close the other feels (section 3.2.2, P13)")
    romance_share: float = quantity(0.04, "1", (0, 1), (0, 0.15), ASSUMED, "assumed", "Share of pairs of opposite sex in which one could feel attracted; 0 switches it off")
    romance_distance: float = quantity(0.5, "1", (0, 1), (0, 1), FAN_2024, "assumed", "Share of wanted closeness given up toward one who attracts, at full self-stigma (section 3.2.2, P11)")


class Contact(Section):
    """Contact by phone out of hours (phase 8)."""

    closeness_from: float = quantity(0.45, "1", (0, 0.95), (0.35, 0.6), ASSUMED, "assumed", "Mutual closeness from which two call each other")
    daily_rate: float = quantity(0.25, "1", (0, 1), (0.05, 0.6), ASSUMED, "assumed", "Chance a day that two confidants are in touch by phone, at the friend-confidant border and rising to twice that")
    minutes: float = quantity(20.0, "min", (0, 1440), (5, 45), ASSUMED, "assumed", "Mean length of a contact between two who have just become confidants")
    minutes_slope: float = quantity(3.0, "1", (0, 20), (1, 5), FAN_2024, "assumed", "Rise in log length per unit of closeness: two to three hours daily at the far end (section 3.2.2, P14)")
    longest: float = quantity(240.0, "min", (1, 1440), (120, 360), ASSUMED, "assumed", "Longest contact a day")
    hour_weight: float = quantity(0.6, "1", (0, 5), (0.2, 1), HALL_2019, "assumed", "What an hour by phone counts against an hour of talk face to face")
    relief: float = quantity(0.25, "1", (0, 1), (0.05, 0.5), FAN_2024, "assumed", "Share of the need to be heard that an hour by phone meets (section 3.1.3, P14)")
    hour_load: float = quantity(0.4, "1", (0, 10), (0.1, 1.5), FAN_2024, "assumed", "Load of an hour by phone for the one who wants it less (section 3.2.2, P13)")


class Wellbeing(Section):
    """Loneliness, burden, mood, self-worth, acceptance (phase 9)."""

    lonely_base: float = quantity(-0.1, "1", (-1, 1), (-0.3, 0.3), CALIBRATED, "calibrated", "Loneliness of a user with all ties wanted, full family support and no self-stigma")
    lonely_emotional: float = quantity(0.39, "1", (0, 2), (0.1, 0.8), SOLANO_1982, "calibrated", "How much lonelier a user is who is near and known to nobody, than a user who is so to three people")
    known_weight: float = quantity(0.6, "1", (0, 1), (0.3, 0.9), SOLANO_1982, "assumed", "Share of what a close tie does for emotional loneliness that depends on being known in it")
    lonely_social: float = quantity(0.31, "1", (0, 2), (0.05, 0.4), CALIBRATED, "calibrated", "Loneliness per unit by which the number of ties falls short of what is wanted")
    lonely_longing: float = quantity(0.15, "1", (0, 2), (0, 0.4), FAN_2024, "assumed", "Loneliness per unit of closeness felt and not returned (section 3.2.2)")
    lonely_need: float = quantity(0.12, "1", (0, 2), (0.02, 0.4), CUTRONA_SUHR_1992, "calibrated", "Loneliness per unit of needs for comfort, esteem and company left open")
    lonely_identity: float = quantity(0.45, "1", (0, 2), (0.05, 0.8), CRUWYS_2014, "calibrated", "Loneliness taken away per unit of group identity above the middle")
    lonely_worth: float = quantity(0.205, "1", (0, 2), (0, 0.6), MASI_2011, "calibrated", "Loneliness taken away per unit of self-worth above the middle: how one sees oneself among others")
    lonely_family: float = quantity(0.15, "1", (0, 2), (0.05, 0.3), ASSUMED, "assumed", "Loneliness taken away by full family support")
    lonely_stigma: float = quantity(0.377, "1", (0, 2), (0.1, 0.6), CALIBRATED, "calibrated", "Loneliness per unit of self-stigma (Switaj 2014: direction)")
    lonely_company: float = quantity(0.03, "1", (0, 2), (0.01, 0.15), FAN_2024, "assumed", "Loneliness taken away by as much company as one can take (section 3.1.1: a conversational partner)")
    lonely_days: float = quantity(45.0, "day", (1, 3650), (20, 120), ASSUMED, "assumed", "How slowly loneliness follows")
    company_days: float = quantity(14.0, "day", (1, 365), (7, 30), ASSUMED, "assumed", "How long company is remembered")
    satiety: float = quantity(0.235, "h", (0.01, 24), (0.1, 2), BAUMEISTER_LEARY_1995, "calibrated", "Hours of company a day at which a further hour counts half: company satiates")
    burden_gain: float = quantity(0.0335, "1", (0, 1), (0.005, 0.1), ASSUMED, "calibrated", "Share of missing burden added per unit of load above capacity")
    burden_demand: float = quantity(0.120, "1", (0, 1), (0.01, 0.3), ASSUMED, "assumed", "Share of missing burden added per unit of unwanted demand")
    burden_illness: float = quantity(0.019, "1", (0, 1), (0.003, 0.03), HAYES_SKEEM_2022, "calibrated", "Share of missing burden added by a day of an unwell spell")
    burden_unaccepted: float = quantity(0.02, "1", (0, 1), (0.002, 0.02), FAN_2024, "assumed", "Share of missing burden added a day by an illness that is not accepted at all (section 3.1.3, P3: acceptance and inner tranquillity)")
    burden_need: float = quantity(0.020, "1", (0, 1), (0.003, 0.06), ASSUMED, "assumed", "Share of missing burden added a day by all needs fully open")
    burden_trouble: float = quantity(0.04, "1", (0, 1), (0.01, 0.1), FAN_2024, "assumed", "Share of missing burden added a day by trouble at home at its worst (section 3.2.2, P12)")
    unwell_strain: float = quantity(1.5, "1", (0, 20), (0.3, 3), HAYES_SKEEM_2022, "assumed", "How much heavier load weighs on one who is unwell, as a share")
    burden_days: float = quantity(20.0, "day", (1, 3650), (7, 60), ASSUMED, "assumed", "How slowly burden falls back to what life outside leaves")
    rest_ratio: float = quantity(1.5, "1", (1, 20), (1, 3), FAN_2024, "assumed", "How many times faster burden falls on a day at home (section 3.2.1, P2)")
    mood_days: float = quantity(5.0, "day", (1, 365), (2, 14), ASSUMED, "assumed", "How slowly mood returns to its set point")
    mood_need: float = quantity(0.25, "1", (0, 1), (0.05, 0.5), ASSUMED, "assumed", "Fall of the set point at all needs fully open")
    mood_burden: float = quantity(0.25, "1", (0, 1), (0.05, 0.5), ASSUMED, "assumed", "Fall of the set point per unit of burden")
    mood_stigma: float = quantity(0.10, "1", (0, 1), (0, 0.3), ASSUMED, "assumed", "Fall of the set point per unit of self-stigma")
    mood_lonely: float = quantity(0.15, "1", (0, 1), (0, 0.4), ASSUMED, "assumed", "Fall of the set point per unit of loneliness (Switaj 2014: direction)")
    mood_worth: float = quantity(0.15, "1", (0, 1), (0, 0.4), ASSUMED, "assumed", "Fall of the set point per unit by which self-worth is missing")
    mood_hope: float = quantity(0.10, "1", (0, 1), (0, 0.3), ASSUMED, "assumed", "Fall of the set point per unit by which hope is missing")
    mood_unwell: float = quantity(0.30, "1", (0, 1), (0.1, 0.5), ASSUMED, "assumed", "Fall of the set point while unwell")
    mood_noise: float = quantity(0.25, "1", (0, 5), (0.05, 0.5), ASSUMED, "assumed", "Daily chance in mood: standard deviation on the logit scale")
    worth_days: float = quantity(120.0, "day", (1, 3650), (40, 365), ASSUMED, "assumed", "How slowly self-worth returns to its set point")
    worth_stigma: float = quantity(0.30, "1", (0, 1), (0.1, 0.5), ASSUMED, "assumed", "Fall of its set point per unit of self-stigma")
    acceptance_days: float = quantity(700.0, "day", (1, 36500), (120, 1500), ASSUMED, "assumed", "How slowly acceptance of the illness returns to its set point")
    hope_days: float = quantity(90.0, "day", (1, 3650), (30, 365), ASSUMED, "assumed", "How slowly hope returns to its set point")
    hope_worth: float = quantity(0.30, "1", (0, 2), (0.05, 0.6), ASSUMED, "assumed", "Rise of the set point of hope per unit of self-worth above the middle")
    hope_identity: float = quantity(0.20, "1", (0, 2), (0, 0.5), CRUWYS_2014, "assumed", "Rise of that set point per unit of group identity above the middle")
    hope_lonely: float = quantity(0.20, "1", (0, 2), (0, 0.5), ASSUMED, "assumed", "Fall of that set point per unit of loneliness above the middle")
    hope_stigma: float = quantity(0.20, "1", (0, 2), (0, 0.5), ASSUMED, "assumed", "Fall of that set point per unit of self-stigma above the middle")
    hope_need: float = quantity(0.30, "1", (0, 2), (0.05, 0.6), ASSUMED, "assumed", "Fall of that set point per unit by which open needs, in the mean of the five kinds, exceed a quarter")


class Identity(Section):
    """Group identity, advocacy, stigma (phase 10)."""

    breadth_gain: float = quantity(0.0025, "1", (0, 1), (0.0005, 0.008), ASSUMED, "assumed", "Share of missing identity gained by a day of talk with as many partners as count")
    breadth_partners: float = quantity(2.0, "users", (0.1, 50), (1, 4), BAUMEISTER_LEARY_1995, "assumed", "Partners in a day over which that gain reaches 1 - 1/e: company satiates")
    activity_gain: float = quantity(0.0008, "1", (0, 1), (0.0002, 0.003), ASSUMED, "assumed", "Share gained by a day at the centre, whatever one does there")
    doing_gain: float = quantity(0.0015, "1", (0, 1), (0.0005, 0.006), STEFFENS_2021, "assumed", "Share gained by each talk while something is made or sung together")
    help_gain: float = quantity(0.0015, "1", (0, 1), (0.001, 0.012), CRUWYS_2014, "assumed", "Share gained by an act of help given or received")
    welcome_gain: float = quantity(0.010, "1", (0, 1), (0.002, 0.03), FAN_2024, "assumed", "Share gained by helping a newcomer (section 3.3.3, P4)")
    voice_gain: float = quantity(0.0155, "1", (0, 1), (0.002, 0.025), ASSUMED, "calibrated", "Share gained by a day of talk with as many partners as count, in a centre of which users have a full say")
    fade_days: float = quantity(300.0, "day", (1, 36500), (100, 1000), ASSUMED, "assumed", "How many days at the centre it takes until identity has returned to what the person brings along, by 1 - 1/e")
    apart_fade: float = quantity(0.2, "1", (0, 1), (0.05, 0.8), CRUWYS_2014, "assumed", "How fast it returns on a day away from the centre, as a share: to identify is not to attend")
    absence_loss: float = quantity(0.0002, "1", (0, 1), (0, 0.003), ASSUMED, "assumed", "Share lost by an opening day missed")
    alone_loss: float = quantity(0.017, "1", (0, 1), (0.003, 0.06), CRUWYS_2014, "calibrated", "Share lost by a day at the centre on which one talked with nobody: to belong is not to be there")
    conflict_loss: float = quantity(0.03, "1", (0, 1), (0.005, 0.1), ASSUMED, "assumed", "Share lost by a conflict (personal talk badly received, a confidence betrayed)")
    pull_days: float = quantity(150.0, "day", (1, 36500), (50, 1000), ASSUMED, "assumed", "How slowly identity is pulled toward that of close ties")
    advocacy_rate: float = quantity(0.05, "/day", (0, 10), (0.01, 0.2), FAN_2024, "assumed", "Hazard of an act of advocacy per unit of identity beyond the point from which it begins (section 3.3.3)")
    advocacy_from: float = quantity(0.50, "1", (0, 1), (0.3, 0.7), ASSUMED, "assumed", "Identity from which users speak up")
    advocacy_relief: float = quantity(0.02, "1", (0, 1), (0.005, 0.06), FAN_2024, "assumed", "Share of self-stigma shed by an act of advocacy (section 4.3)")
    advocacy_public: float = quantity(0.002, "1", (0, 0.1), (0, 0.01), ASSUMED, "assumed", "Share of public stigma removed by one act of advocacy per user of all centres together")
    stigma_days: float = quantity(300.0, "day", (1, 36500), (100, 900), ASSUMED, "assumed", "How slowly self-stigma returns to its set point")
    stigma_public: float = quantity(0.50, "1", (0, 2), (0.1, 1), ASSUMED, "assumed", "How much of a change in public stigma is taken into oneself")
    stigma_identity: float = quantity(0.30, "1", (0, 2), (0.1, 0.6), RUESCH_KOESTERS_2021, "assumed", "Fall of the set point of self-stigma per unit of identity above the middle")
    stigma_acceptance: float = quantity(0.68, "1", (0, 2), (0.1, 0.7), ASSUMED, "calibrated", "Fall of the set point of self-stigma per unit of acceptance above the middle")
    slight_rate: float = quantity(5.0, "/year", (0, 100), (1, 12), FAN_2024, "assumed", "How often one meets with prejudice outside, at full public stigma (section 3.3.3: significant discrimination)")
    slight_size: float = quantity(0.12, "1", (0, 1), (0.04, 0.25), ASSUMED, "assumed", "Share of the way to the top by which self-stigma rises each time")
    contagion: float = quantity(0.0, "/day", (0, 1), (0, 0.01), ASSUMED, "assumed", "Contagion of loneliness along close ties; contested, and off")


class Forgetting(Section):
    """How ties, memories and norms fade (phase 11)."""

    hours_scale: float = quantity(21.3, "h", (1, 10000), (8, 80), HALL_2019, "calibrated", "Effective hours over which closeness grows by 1 - 1/e; Hall's hours are hours together, of which only talk counts in full here and company satiates: a third to a tenth of the 116 h of hours together")
    day_hours: float = quantity(1.5, "h", (0.05, 24), (0.5, 4), BAUMEISTER_LEARY_1995, "assumed", "Effective hours a day with one person beyond which more hardly count")
    fade_strong: float = quantity(0.1625, "/year", (0, 50), (0.05, 0.3), DUNBAR_2012, "measured", "Rate at which the closeness of the closest ties falls without contact (15 % a year)")
    fade_weak: float = quantity(27, "/year", (0, 50), (3, 35), VAN_DE_BUNT_1999, "calibrated", "The same for a tie near zero closeness, when the two were both there and did not talk: friendly ties of freshmen end within weeks")
    apart_ratio: float = quantity(0.047, "1", (0, 1), (0.02, 0.5), VERGARA_HIDD_2023, "calibrated", "How fast closeness fades on a day on which the two could not meet, as a share: to be there and not to talk says more")
    known_days: float = quantity(365.0, "day", (1, 36500), (150, 1000), ASSUMED, "assumed", "How slowly being known by somebody wears off")
    trust_fade: float = quantity(0.20, "/year", (0, 50), (0.05, 0.6), DUNBAR_2012, "assumed", "Rate at which trust wanes toward what strangers get")
    norm_days: float = quantity(120.0, "day", (1, 36500), (30, 365), ASSUMED, "assumed", "How slowly the centre's norm of open talk drifts toward what is practised and expected")
    norm_practice: float = quantity(1.0, "1", (0, 20), (0, 3), ASSUMED, "assumed", "How far the norm follows the share of talks that went deep")
    norm_habit: float = quantity(0.5, "1", (0, 1), (0, 1), ASSUMED, "assumed", "How far the norms of help and welcome follow what is done, as against what the house expects")
