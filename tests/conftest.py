"""Settings every test shares."""

from hypothesis import HealthCheck, settings

# The first call of a kernel may compile it, so no deadline; the same examples every time, so that a failure is one for everybody.
settings.register_profile("dayroom", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dayroom")
