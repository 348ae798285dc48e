"""Prompts and grammars, read from the data in ``prompts`` and filled with what they declare."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from assistant.llm.base import Message


@dataclass(frozen=True, slots=True)
class Prompt:
    """A chat prompt with declared variables.

    Args:
        version: changes whenever the words do; reported in ``versions``.
        system: the fixed rules.
        user: the template of the turn.
        variables: what the template must be filled with.
    """

    version: str
    system: str
    user: str
    variables: frozenset[str]

    @classmethod
    def load(cls, name: str) -> Self:
        """Read ``prompts/{name}.toml``.

        Raises:
            ValueError: the template and the declared variables differ.
        """
        data = tomllib.loads(_read(f"{name}.toml"))
        prompt = cls(
            version=data["version"],
            system=data["system"].strip(),
            user=data["user"].strip(),
            variables=frozenset(data["variables"]),
        )
        if any(f"{{{name}}}" not in prompt.user for name in prompt.variables):
            raise ValueError(f"prompt {name} does not use all of {sorted(prompt.variables)}")
        return prompt

    def messages(self, **values: str) -> tuple[Message, ...]:
        """Fill the template.

        Raises:
            ValueError: a variable is missing or not declared.
        """
        if set(values) != self.variables:
            raise ValueError(f"prompt wants {sorted(self.variables)}, got {sorted(values)}")
        # In one go: a notice that says “{question}” must not be filled in turn.
        names = re.compile("|".join(re.escape(f"{{{name}}}") for name in sorted(values)))
        turn = names.sub(lambda match: values[match[0][1:-1]], self.user) if values else self.user
        return (Message("system", self.system), Message("user", turn))


def load_grammar(name: str, **alternatives: Iterable[str]) -> str:
    """Read ``prompts/{name}.gbnf`` and fill each placeholder with a choice of literals.

    Args:
        name: without its ending.
        alternatives: placeholder → literals, of which there is at least one.
    """
    choices = {key: " | ".join(map(_literal, values)) for key, values in alternatives.items()}
    return _read(f"{name}.gbnf").format(**choices)


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _read(name: str) -> str:
    return files("prompts").joinpath(name).read_text("utf-8")
