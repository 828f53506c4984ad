"""Runs on a Dask cluster: `cluster` connects, `dispatch` sends work and repeats lost work, `on_worker` performs it."""
