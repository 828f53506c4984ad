"""Building on a Python that is too old stops with a sentence about that.

The pip that comes with Python 3.11 and older looks at the dependencies before `requires-python`, and so complains that
some package has no suitable version. Keep this file readable for the Pythons it is there to turn away.
"""

import platform
import sys

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.specifiers import SpecifierSet


class PythonCheck(BuildHookInterface):
    """Runs before anything is built; pip builds before it resolves."""

    def initialize(self, version, build_data):
        """Stop unless this Python is one that pyproject.toml allows."""
        required = self.metadata.core.requires_python
        found = platform.python_version()
        if not SpecifierSet(required).contains(found, prereleases=True):
            sys.exit(f"dayroom needs Python {required}, but this is Python {found} ({sys.executable}).")
