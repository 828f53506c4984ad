"""Settings every test shares."""

from hypothesis import HealthCheck, settings

# The first call of a kernel may compile it, so no deadline. The same examples every time: a failure is everybody's.
settings.register_profile("dayroom", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dayroom")
