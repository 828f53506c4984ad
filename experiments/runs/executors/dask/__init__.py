"""Runs on a Dask cluster: `cluster` connects, `batches` sends work and repeats lost work, `on_worker` performs it."""
