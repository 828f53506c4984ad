"""A Dask cluster: `cluster` connects to it, `batches` sends work and repeats lost work, `on_worker` does it."""
