"""Phase 3: who comes today, and in which order they have their turns."""

from .scales import logistic, logit, staffed
from .world import House, Person

TALLIES = (
    "attends", "talk_hours", "phone_hours", "partners", "turns", "doing", "helping", "load", "demand", "conflicts",
    "welcomed",
)  # fmt: skip


def attendance_chance(house: House, one: Person) -> float:
    rules = house.rules.attendance
    x = logit(rules.base_share) + rules.mood_slope * (one.mood - 0.5) + rules.identity_slope * (one.identity - 0.5)
    x += rules.habit_slope * (one.habit - rules.base_share) - rules.burden_slope * (one.burden - 0.25)
    x -= rules.unwell_penalty * one.unwell + rules.work_penalty * (one.occupation == 1)
    if one.missed >= rules.noticed_after:
        x += rules.noticed * staffed(house)
    if one.missed >= one.outreach_after:
        x += one.outreach
    return logistic(x)


def attendance(house: House) -> None:
    """Draw who comes, and put those present in the order of the day."""
    for one in house.users:
        for name in TALLIES:
            setattr(one, name, 0)
        if house.is_open:
            _come_or_stay(house, one)
    present = [one for one in house.users if one.attends]
    house.order = sorted(present, key=lambda one: house.draw("ORDER", one.uid)[0])
    house.counts["attended"] = len(present)
    house.counts["newcomers_met"] = sum(house.newcomer(one) for one in present)


def _come_or_stay(house: House, one: Person) -> None:
    one.attends = int(house.draw("ATTENDANCE", one.uid)[0] < attendance_chance(house, one))
    one.missed = 0 if one.attends else one.missed + 1
    one.open_days += 1
    one.days_attended += one.attends
    one.habit += (one.attends - one.habit) / house.rules.attendance.habit_days
