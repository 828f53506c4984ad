"""Dayroom from Python: everything the documentation uses, under one name.

`__init__.pyi`, beside this file, lists the public names and where each one lives. Type checkers read that list, and so
does this module: it imports a name from its home on first use, so `import dayroom` loads neither the model nor pandas.
"""

from importlib import import_module
from pathlib import Path


def _homes() -> dict[str, tuple[str, str]]:
    """Return, for each public name, its module and its name in that module.

    The list holds only `from ... import ...`, so its text is split: importing `ast` would take most of the time.
    """
    homes = {}
    imports, _, _ = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8").partition("\n__all__")
    for statement in imports.split("\nfrom ")[1:]:
        module, _, names = statement.partition(" import ")
        for name in names.strip(" ()\n,").split(","):
            inner, _, public = name.strip().partition(" as ")
            homes[public or inner] = module, inner
    return homes


_HOMES = _homes()
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import a public name from its home on first use, and keep it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dayroom' has no attribute {name!r}")
    module, inner = _HOMES[name]
    home = import_module(module)
    globals()[name] = getattr(home, inner) if hasattr(home, inner) else import_module(f"{module}.{inner}")
    return globals()[name]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
