"""Who is asking: a named caller and what the caller may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique

__all__ = ["LOCAL_NAME", "Caller", "Scope", "local_caller"]

LOCAL_NAME = "local"


@unique
class Scope(StrEnum):
    """What a key lets its holder do."""

    ASK = "ask"
    READ = "read"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller, known by a key or because the service runs for this machine alone.

    Attributes:
        name: Name under which the key was made; owns conversations and audit records.
        scopes: What the caller may do.
        origins: Web origins (``https://host[:port]``) the key is bound to; empty for a
            key that is kept secret by a program.
        per_minute: Requests a minute allowed, or None for as many as the settings allow.
    """

    name: str
    scopes: frozenset[Scope]
    origins: tuple[str, ...] = ()
    per_minute: int | None = None

    def may(self, scope: Scope) -> bool:
        """Return whether the caller holds a scope.

        Args:
            scope: The scope an action asks for. Scopes do not imply one another.

        Returns:
            True if the caller may do it.
        """
        return scope in self.scopes


def local_caller() -> Caller:
    """Return the caller of a service that only listens to its own machine.

    Returns:
        A caller named ``local`` that may do everything.
    """
    return Caller(LOCAL_NAME, frozenset(Scope))
