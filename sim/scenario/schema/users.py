"""The users of a centre: their background (Table 2 of the study) and their traits, which nobody has measured there.

A trait is a `Spread`: a mean and a standard deviation over users. Traits in [0, 1] follow a beta distribution, positive
traits a gamma distribution, so no value has to be clipped.
"""

from typing import Any, ClassVar, Final, Literal

from pydantic import model_validator

from sim.language import say
from sim.scenario.schema.quantity import Parameter, Section, parameters, quantity
from sim.sources import ASSUMED, CALIBRATED, FAN_2024, PALUMBO_2015, STIGMA_CHINA, WANG_2023

Law = Literal["beta", "gamma"]


class Spread(Section):
    """Mean and standard deviation of a trait over users; a bare number in a scenario sets the mean."""

    law: ClassVar[Law] = "beta"
    mean: float
    sd: float

    @model_validator(mode="before")
    @classmethod
    def _bare_number(cls, given: Any) -> Any:
        return {"mean": given} if isinstance(given, int | float | str) and not isinstance(given, bool) else given

    @model_validator(mode="after")
    def _possible(self) -> "Spread":
        if self.law == "beta" and self.sd**2 >= 0.95 * self.mean * (1 - self.mean):
            raise ValueError(
                say("sd {sd} is too wide for a trait between 0 and 1 with mean {mean}; allowed is below {value:.3f}", sd=self.sd, mean=self.mean, value=0.97 * (self.mean * (1 - self.mean)) ** 0.5)
            )
        return self


class DisclosureThreshold(Spread):
    """How sure users must be before they say something personal."""

    mean: float = quantity(0.534, "1", (0.01, 0.99), (0.35, 0.65), CALIBRATED, "calibrated", "Mean disclosure threshold")
    sd: float = quantity(0.24, "1", (0, 0.49), (0.1, 0.25), CALIBRATED, "calibrated", "Its standard deviation over users")


class DesiredCloseness(Spread):
    """Proximity preference: how close a tie a user wants."""

    mean: float = quantity(0.585, "1", (0.01, 0.99), (0.4, 0.7), CALIBRATED, "calibrated", "Mean desired closeness")
    sd: float = quantity(0.205, "1", (0, 0.49), (0.1, 0.25), CALIBRATED, "calibrated", "Its standard deviation over users")


class DesiredTies(Spread):
    """Number of close ties at the centre that a user wants."""

    law: ClassVar[Law] = "gamma"
    mean: float = quantity(3.4, "users", (0.1, 50), (2, 5), PALUMBO_2015, "assumed", "Mean number of close ties wanted (3.4 friends are had, studies 1-5)")
    sd: float = quantity(1.5, "users", (0, 50), (0.8, 2.5), ASSUMED, "assumed", "Its standard deviation over users")


class Sociability(Spread):
    """Chance that a user turns to somebody in a session."""

    mean: float = quantity(0.65, "1", (0.01, 0.99), (0.4, 0.85), ASSUMED, "assumed", "Mean sociability")
    sd: float = quantity(0.18, "1", (0, 0.49), (0.1, 0.25), ASSUMED, "assumed", "Its standard deviation over users")


class Empathy(Spread):
    """Feeling what a peer feels, as on arrival."""

    mean: float = quantity(0.50, "1", (0.01, 0.99), (0.3, 0.7), FAN_2024, "assumed", "Mean empathy (section 3.3.2 affirms it, without a number)")
    sd: float = quantity(0.17, "1", (0, 0.49), (0.1, 0.25), ASSUMED, "assumed", "Its standard deviation over users")


class ListeningSkill(Spread):
    """Taking in what others tell."""

    mean: float = quantity(0.40, "1", (0.01, 0.99), (0.2, 0.6), FAN_2024, "assumed", "Mean listening skill (section 3.3.3, P4: skills fall short)")
    sd: float = quantity(0.17, "1", (0, 0.49), (0.1, 0.25), ASSUMED, "assumed", "Its standard deviation over users")


class Confidentiality(Spread):
    """Keeping what others tell to oneself."""

    mean: float = quantity(0.65, "1", (0.01, 0.99), (0.4, 0.9), ASSUMED, "assumed", "Mean confidentiality")
    sd: float = quantity(0.18, "1", (0, 0.49), (0.1, 0.25), ASSUMED, "assumed", "Its standard deviation over users")


class HelpingInclination(Spread):
    """Wish to help."""

    mean: float = quantity(0.50, "1", (0.01, 0.99), (0.3, 0.7), FAN_2024, "assumed", "Mean helping inclination (section 3.3.1: most tell of helping)")
    sd: float = quantity(0.20, "1", (0, 0.49), (0.1, 0.25), ASSUMED, "assumed", "Its standard deviation over users")


class SupportCapacity(Spread):
    """Daily load of helping that costs nothing."""

    law: ClassVar[Law] = "gamma"
    mean: float = quantity(0.5, "1", (0.01, 50), (0.2, 1.2), ASSUMED, "assumed", "Mean support capacity, in ordinary helping acts a day")
    sd: float = quantity(0.3, "1", (0, 50), (0.1, 0.6), ASSUMED, "assumed", "Its standard deviation over users")


class LonelyDisposition(Spread):
    """Loneliness that nobody at the centre causes or cures; 0.5 adds nothing."""

    mean: float = quantity(0.50, "1", (0.01, 0.99), (0.45, 0.55), ASSUMED, "assumed", "Mean disposition to loneliness")
    sd: float = quantity(0.0644, "1", (0, 0.49), (0.02, 0.12), CALIBRATED, "calibrated", "Its standard deviation over users")


class MoodDisposition(Spread):
    """Set point of mood, before anything lowers or raises it."""

    mean: float = quantity(0.70, "1", (0.01, 0.99), (0.55, 0.8), ASSUMED, "assumed", "Mean disposition of mood")
    sd: float = quantity(0.12, "1", (0, 0.49), (0.05, 0.2), ASSUMED, "assumed", "Its standard deviation over users")


class OutsideBurden(Spread):
    """Burden from life outside the centre: ageing parents, money, illness."""

    mean: float = quantity(0.18, "1", (0.01, 0.99), (0.1, 0.4), FAN_2024, "assumed", "Mean outside burden (section 3.3.3, P11: who will care when parents age)")
    sd: float = quantity(0.07, "1", (0, 0.49), (0.03, 0.15), ASSUMED, "calibrated", "Its standard deviation over users")


class InitialIdentity(Spread):
    """Group identity on arrival, to which identity returns over time."""

    mean: float = quantity(0.25, "1", (0.01, 0.99), (0.1, 0.4), ASSUMED, "assumed", "Mean group identity brought along")
    sd: float = quantity(0.12, "1", (0, 0.49), (0.05, 0.2), ASSUMED, "assumed", "Its standard deviation over users")


class WorthDisposition(Spread):
    """Set point of self-worth without self-stigma."""

    mean: float = quantity(0.55, "1", (0.01, 0.99), (0.4, 0.7), ASSUMED, "assumed", "Mean disposition of self-worth")
    sd: float = quantity(0.13, "1", (0, 0.49), (0.05, 0.2), ASSUMED, "assumed", "Its standard deviation over users")


class StigmaDisposition(Spread):
    """Set point of self-stigma at the current public stigma."""

    mean: float = quantity(0.4, "1", (0.01, 0.99), (0.3, 0.55), STIGMA_CHINA, "assumed", "Mean self-stigma (37 % high; scale mapped by us)")
    sd: float = quantity(0.113, "1", (0, 0.49), (0.05, 0.2), STIGMA_CHINA, "calibrated", "Its standard deviation over users")


class AcceptanceDisposition(Spread):
    """Set point of acceptance of the illness."""

    mean: float = quantity(0.45, "1", (0.01, 0.99), (0.3, 0.6), WANG_2023, "assumed", "Mean acceptance of the illness")
    sd: float = quantity(0.17, "1", (0, 0.49), (0.1, 0.25), ASSUMED, "assumed", "Its standard deviation over users")


class HopeDisposition(Spread):
    """Set point of hope before anything at the centre raises or lowers it."""

    mean: float = quantity(0.50, "1", (0.01, 0.99), (0.35, 0.65), ASSUMED, "assumed", "Mean disposition of hope")
    sd: float = quantity(0.12, "1", (0, 0.49), (0.05, 0.2), ASSUMED, "assumed", "Its standard deviation over users")


class FamilySupport(Spread):
    """Support from parents and other family."""

    mean: float = quantity(0.50, "1", (0.01, 0.99), (0.3, 0.7), FAN_2024, "assumed", "Mean family support (section 5: parents carry most)")
    sd: float = quantity(0.18, "1", (0, 0.49), (0.1, 0.25), ASSUMED, "assumed", "Its standard deviation over users")


class Interest(Spread):
    """Interest in an activity."""

    mean: float = quantity(0.50, "1", (0.01, 0.99), (0.3, 0.7), ASSUMED, "assumed", "Mean interest in an activity")
    sd: float = quantity(0.25, "1", (0, 0.49), (0.1, 0.35), ASSUMED, "assumed", "Its standard deviation over users and activities")


class Users(Section):
    """Background, as in Table 2 of the study, and traits."""

    women: float = quantity(4 / 14, "1", (0, 1), (0.15, 0.5), FAN_2024, "measured", "Share of women (4 of 14)")
    schizophrenia: float = quantity(10 / 14, "1", (0, 1), (0.5, 0.78), FAN_2024, "measured", "Share with schizophrenia (10 of 14)")
    bipolar: float = quantity(2 / 14, "1", (0, 1), (0.03, 0.21), FAN_2024, "measured", "Share with bipolar disorder (2 of 14)")
    ocd: float = quantity(1 / 14, "1", (0, 1), (0.01, 0.14), FAN_2024, "measured", "Share with obsessive-compulsive disorder (1 of 14); the rest have an epileptic mental disorder")
    age_mean: float = quantity(40.6, "year", (18, 65), (37, 44), FAN_2024, "measured", "Mean age")
    age_sd: float = quantity(6.45, "year", (0.1, 20), (4.5, 10), FAN_2024, "measured", "Standard deviation of age")
    ill_mean: float = quantity(20.0, "year", (1, 45), (16, 24), FAN_2024, "measured", "Mean years ill")
    ill_sd: float = quantity(7.8, "year", (0.1, 15), (5.5, 11), FAN_2024, "measured", "Standard deviation of years ill")
    tenure_mean: float = quantity(7.64, "year", (0.6, 14.4), (3, 9), FAN_2024, "measured", "Mean years in the centre (long-stayers over-sampled)")
    tenure_sd: float = quantity(4.01, "year", (0.1, 6.9), (2, 5), FAN_2024, "measured", "Standard deviation of years in the centre")
    age_ill_r: float = quantity(0.71, "1", (-0.95, 0.95), (0.2, 0.85), FAN_2024, "measured", "Correlation of age and years ill (Table 2, ages at the middle of their range)")
    age_tenure_r: float = quantity(0.31, "1", (-0.95, 0.95), (-0.3, 0.7), FAN_2024, "measured", "Correlation of age and years in the centre (Table 2)")
    ill_tenure_r: float = quantity(0.45, "1", (-0.95, 0.95), (-0.1, 0.8), FAN_2024, "measured", "Correlation of years ill and years in the centre (Table 2)")
    part_time: float = quantity(4 / 14, "1", (0, 1), (0.1, 0.5), FAN_2024, "measured", "Share with part-time or voluntary work (4 of 14)")
    retired: float = quantity(1 / 14, "1", (0, 1), (0.01, 0.25), FAN_2024, "measured", "Share retired (1 of 14), the oldest")
    alone: float = quantity(1 / 14, "1", (0, 1), (0.01, 0.25), FAN_2024, "measured", "Share living alone (1 of 14)")
    with_child: float = quantity(1 / 14, "1", (0, 1), (0.01, 0.25), FAN_2024, "measured", "Share living with a child (1 of 14); the rest live with parents")
    divorced: float = quantity(2 / 14, "1", (0, 1), (0.03, 0.35), FAN_2024, "measured", "Share divorced (2 of 14); the rest are unmarried")
    only_child: float = quantity(0.5, "1", (0, 1), (0.3, 0.8), FAN_2024, "assumed", "Share of only children (a considerable number, section 3.3.3)")
    disclosure_threshold: DisclosureThreshold = DisclosureThreshold()
    desired_closeness: DesiredCloseness = DesiredCloseness()
    desired_ties: DesiredTies = DesiredTies()
    sociability: Sociability = Sociability()
    empathy: Empathy = Empathy()
    listening_skill: ListeningSkill = ListeningSkill()
    confidentiality: Confidentiality = Confidentiality()
    helping_inclination: HelpingInclination = HelpingInclination()
    support_capacity: SupportCapacity = SupportCapacity()
    interest: Interest = Interest()
    lonely_disposition: LonelyDisposition = LonelyDisposition()
    mood_disposition: MoodDisposition = MoodDisposition()
    outside_burden: OutsideBurden = OutsideBurden()
    initial_identity: InitialIdentity = InitialIdentity()
    worth_disposition: WorthDisposition = WorthDisposition()
    stigma_disposition: StigmaDisposition = StigmaDisposition()
    acceptance_disposition: AcceptanceDisposition = AcceptanceDisposition()
    family_support: FamilySupport = FamilySupport()
    hope_disposition: HopeDisposition = HopeDisposition()

    @model_validator(mode="after")
    def _backgrounds_possible(self) -> "Users":
        for name, low, high in (("age", 18.0, 65.0), ("ill", 1.0, 45.0), ("tenure", 0.5, 14.5)):
            mean, sd = getattr(self, f"{name}_mean"), getattr(self, f"{name}_sd")
            if sd**2 >= 0.95 * (mean - low) * (high - mean):
                raise ValueError(
                    say("{name}_sd {sd:g} is too wide for {name}_mean {mean:g} between {low:g} and {high:g}; allowed is below {value:.3g}", name=name, sd=sd, mean=mean, low=low, high=high, value=0.97 * max(0.0, (mean - low) * (high - mean)) ** 0.5)
                )
        return self

    @model_validator(mode="after")
    def _shares_add_up(self) -> "Users":
        for names in (("schizophrenia", "bipolar", "ocd"), ("part_time", "retired"), ("alone", "with_child")):
            total = sum(getattr(self, name) for name in names)
            if total > 1 + 1e-9:
                raise ValueError(say("the shares {names} add up to {total:.3f}; allowed is at most 1", names=', '.join(names), total=total))
        return self


USER_PARAMETERS: Final[tuple[Parameter, ...]] = tuple(parameters(Users))
"""Every parameter of background and traits; paths have the form `name` or `trait.mean`."""
