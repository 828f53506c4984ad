"""The compiled module and a browser for all tests of the live page."""

import pytest

from experiments.live.module import module
from tests.browser import chromium

__all__ = ["chromium"]


@pytest.fixture(scope="session")
def wasm() -> bytes:
    """Return the module, compiled once and then kept beside the kernels."""
    return module()
