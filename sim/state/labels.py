"""What tables, graphs and agents call a user."""

from collections.abc import Mapping


def label(uid: int, names: Mapping[int, str]) -> str:
    """Return the name of a listed user, or "user" and the number within the centre for a sampled one."""
    return names.get(uid) or f"user {uid & 0xFFFF}"
