"""Boosted decision trees that were fitted elsewhere, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from assistant.judge.logistic import Features, logistic


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree; the first one is its root.

    Args:
        feature: the name of what is looked at; ``""`` in a leaf.
        threshold: up to it, the way is left.
        left, right: numbers of the nodes below.
        value: log-odds that a leaf adds.
    """

    feature: str
    threshold: float
    left: int
    right: int
    value: float


@dataclass(frozen=True, slots=True)
class Trees:
    """Adds up what trees say of the same features: log-odds (gradient boosting, Friedman 2001).

    Args:
        base: log-odds before any tree.
        trees: the nodes of each.
    """

    base: float
    trees: tuple[tuple[Node, ...], ...]

    @property
    def names(self) -> frozenset[str]:
        """The features that are looked at."""
        return frozenset(node.feature for nodes in self.trees for node in nodes if node.feature)

    def probability(self, features: Features) -> float:
        """Return the probability, in (0, 1).

        Raises:
            KeyError: a feature that the trees look at is missing.
        """
        return logistic(self.base + sum(_leaf(nodes, features) for nodes in self.trees))

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Return what ``to_json`` wrote.

        Raises:
            KeyError: something is missing.
            ValueError: a node has no feature, or its way doesn't lead down to a leaf.
        """
        names: Sequence[str] = told["features"]
        trees = (tuple(_node(row, names) for row in nodes) for nodes in told["trees"])
        return cls(told["base"], tuple(map(_checked, trees)))

    def to_json(self) -> dict[str, Any]:
        """Return plain data: a leaf is ``[value]``, another node ``[feature, threshold, …]``."""
        names = sorted(self.names)
        return {
            "base": self.base,
            "features": names,
            "trees": [
                [
                    [names.index(node.feature), node.threshold, node.left, node.right]
                    if node.feature
                    else [node.value]
                    for node in nodes
                ]
                for nodes in self.trees
            ],
        }


def _node(row: Sequence[Any], names: Sequence[str]) -> Node:
    if len(row) == 1:
        return Node("", 0.0, 0, 0, row[0])
    feature, threshold, left, right = row
    if not 0 <= feature < len(names):
        raise ValueError(f"no feature {feature}")
    return Node(names[feature], threshold, left, right, 0.0)


def _checked(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return nodes whose ways all lead down: one that leads up would never end."""
    for at, node in enumerate(nodes):
        if node.feature and not at < min(node.left, node.right) <= max(node.left, node.right) < len(
            nodes
        ):
            raise ValueError(f"node {at} leads to {node.left} and {node.right}")
    if not nodes:
        raise ValueError("a tree without nodes")
    return nodes


def _leaf(nodes: Sequence[Node], features: Features) -> float:
    node = nodes[0]
    while node.feature:
        node = nodes[node.left if features[node.feature] <= node.threshold else node.right]
    return node.value
