"""The interactive page: choose and change a scenario, watch a centre day by day, compare it with the base."""
