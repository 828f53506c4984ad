"""The house: staff listen to users in need, and norms drift toward practice."""

from benchmarks.plain_mesa.agents import Centre, User


def staff_listen(model: Centre, present: list[User]) -> None:
    """Let staff, by chance and as far as there are enough, meet visible needs of the users present."""
    p = model.rules.support
    for user in present:
        kind = user.largest_need
        if user.needs[kind] >= p.visible_need and model.random.random() < p.staff_talk * model.staffed:
            user.needs[kind] *= 1.0 - p.staff_effect
            model.today["staff_talks"] += 1


def drift_of_norms(model: Centre) -> None:
    """Move each norm toward the practice and expectation of the house, on days on which the practice occurs."""
    p, house, today = model.rules.forgetting, model.house, model.today
    if today["talks"]:
        practice = min(1.0, p.norm_practice * today["deep_talks"] / today["talks"])
        model.norm += (house.norm + practice * (1.0 - house.norm) - model.norm) / p.norm_days
    if not model.on.living_house:
        return
    if today["asked"]:
        practice = today["granted"] / today["asked"]
        target = house.norm_help + p.norm_habit * (practice - house.norm_help)
        model.norm_help += (target - model.norm_help) / p.norm_days
    if today["newcomers_met"]:
        practice = min(1.0, today["welcomes"] / today["newcomers_met"])
        target = house.norm_welcome + p.norm_habit * (practice - house.norm_welcome)
        model.norm_welcome += (target - model.norm_welcome) / p.norm_days
