"""Digest of the syntax of Python sources, without docstrings, comments, formatting and file placement.

Better prose, another layout, a moved module or another order of imports leave the digest unchanged; another name,
number or line of code changes it. An import counts with the contents of the imported module, so importing functions of
the same name from two modules gives two digests. So does a text that names a module, as late imports and entry points
write it ("sim.run", "sim.policies:POLICIES").
"""

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

_PLACE: Final = frozenset({"type_comment", "kind", "ctx"})


def syntax_digest(root: Path, paths: Iterable[Path], size: int = 16) -> str:
    """Return the hexadecimal digest of some sources; their order and location do not matter.

    Parameters
    ----------
    root : Path
        Folder from which the names of imported modules are resolved.
    paths : iterable of Path
        Files anywhere below `root`.
    size : int
        Length of the digest, in bytes.

    Raises
    ------
    SyntaxError
        When a file is not valid Python.
    """
    trees = {path: ast.parse(path.read_bytes()) for path in paths}
    modules = frozenset(_module(path.relative_to(root)) for path in trees)
    bodies = {_module(path.relative_to(root)): _hashed(_words(tree, modules)) for path, tree in trees.items()}
    each = sorted(
        _hashed([bodies[_module(path.relative_to(root))], *_imports(tree, bodies)])
        for path, tree in trees.items()
        if not all(map(_is_prose, tree.body))  # a package with only a docstring
    )
    return hashlib.blake2b("\0".join(each).encode(), digest_size=size).hexdigest()


def words_of(tree: ast.AST) -> Iterator[str]:
    """Yield the words of a source that matter to the program: no docstrings, comments or formatting."""
    return _words(tree, frozenset())


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _hashed(words: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _imports(tree: ast.AST, bodies: dict[str, str]) -> list[str]:
    """Return a source's imports, also in texts: modules among the sources by their contents, all others by name."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                whole = f"{node.module}.{one.name}"
                what = bodies.get(whole) or f"{bodies.get(node.module or '', node.module)} {one.name}"
                names.add(f"{what} as {one.asname or one.name}")
        elif isinstance(node, ast.Import):
            names |= {f"{one.name} as {one.asname}" for one in node.names}
        elif isinstance(node, ast.Constant) and _names_one(node.value, bodies):
            module, _, name = str(node.value).partition(":")
            names.add(f"{bodies[module]}:{name}")
    return sorted(names)


def _names_one(value: Any, modules: Collection[str]) -> bool:
    """Return whether a constant is a text that names one of the modules, or something in it."""
    return isinstance(value, str) and value.partition(":")[0] in modules


def _words(node: Any, modules: frozenset[str]) -> Iterator[str]:
    """Yield a syntax tree as words, without empty fields, so that all versions of Python yield the same."""
    if isinstance(node, list):
        for one in node:
            if not isinstance(one, ast.Import | ast.ImportFrom) and not _is_prose(one):
                yield from _words(one, modules)
    elif isinstance(node, ast.Constant) and _names_one(node.value, modules):
        yield "a module"
    elif isinstance(node, ast.AST):
        yield type(node).__name__
        for name in node._fields:
            value = getattr(node, name, None)
            if name not in _PLACE and value is not None and value != []:
                yield name
                yield from _words(value, modules)
        yield ")"
    else:
        yield repr(node)


def _is_prose(node: Any) -> bool:
    """Return whether a statement is a bare string: a docstring, or a note below a name."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
