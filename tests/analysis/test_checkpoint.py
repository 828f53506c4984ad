"""Checkpoints: a reader finds the old or the new one, and no other files."""

import os
from pathlib import Path

import pytest

from experiments.runs.checkpoint import CheckpointError, read_json_whole, write_json_whole


@pytest.mark.parametrize(
    ("broken", "told"), [(KeyboardInterrupt(), KeyboardInterrupt), (OSError(28, ""), CheckpointError)]
)
def test_what_stops_the_writing_leaves_the_old_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: BaseException, told: type[BaseException]
) -> None:
    path = tmp_path / "kept.json"
    write_json_whole(path, {"round": 1})

    def fsync(file: int) -> None:
        raise broken

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(told):
        write_json_whole(path, {"round": 2})
    assert read_json_whole(path) == {"round": 1}
    assert list(tmp_path.iterdir()) == [path]
