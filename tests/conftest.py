"""What all tests share."""

from hypothesis import HealthCheck, settings

# how long an example takes to make says something of the machine's other work, and nothing of ours
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
