"""Directed graphs with weights: {node: {next node: weight}}."""

# jitc: enable all
from __future__ import annotations

Graph = dict[str, dict[str, float]]


class CycleError(ValueError):
    """A graph that should have no cycle has one."""


def parse_graph(text: str) -> Graph:
    """Read a graph from edges like "a>b:3, b>c"; the weight is 1 where none is given.

    Every node is a key, those without edges out of them too.

    >>> parse_graph("a>b:3, b>c")
    {'a': {'b': 3.0}, 'b': {'c': 1.0}, 'c': {}}
    """


def reverse(graph: Graph) -> Graph:
    """The graph with every edge turned round; all nodes stay.

    >>> reverse({"a": {"b": 2}, "b": {}})
    {'a': {}, 'b': {'a': 2}}
    """


def reachable(graph: Graph, start: str) -> set[str]:
    """All nodes that can be reached from one, itself included.

    >>> sorted(reachable({"a": {"b": 1}, "b": {}, "c": {"a": 1}}, "a"))
    ['a', 'b']
    """


def shortest_hops(graph: Graph, start: str, goal: str) -> list[str] | None:
    """The path with the fewest edges, as its nodes from start to goal; None if there is none.

    >>> shortest_hops({"a": {"b": 1, "c": 1}, "b": {"d": 1}, "c": {}, "d": {}}, "a", "d")
    ['a', 'b', 'd']
    """


def distances(graph: Graph, start: str) -> dict[str, float]:
    """The smallest sum of weights on a path to each node that can be reached; weights are not negative.

    >>> distances({"a": {"b": 5, "c": 1}, "b": {}, "c": {"b": 2}}, "a") == {"a": 0, "b": 3, "c": 1}
    True
    """


def lightest_path(graph: Graph, start: str, goal: str) -> list[str] | None:
    """The path with the smallest sum of weights, as its nodes; None if there is none.

    >>> lightest_path({"a": {"b": 5, "c": 1}, "b": {}, "c": {"b": 2}}, "a", "b")
    ['a', 'c', 'b']
    """


def has_cycle(graph: Graph) -> bool:
    """Whether some node can be reached from itself along at least one edge.

    >>> has_cycle({"a": {"b": 1}, "b": {"a": 1}})
    True
    """


def topological_order(graph: Graph) -> list[str]:
    """All nodes in an order in which every edge leads forward, the first by name wherever there is a choice.

    Raises CycleError if there is none.

    >>> topological_order({"c": {}, "b": {"c": 1}, "a": {"c": 1}})
    ['a', 'b', 'c']
    """


def components(graph: Graph) -> list[set[str]]:
    """The groups of nodes that are connected if the direction of edges does not matter; the largest group first.

    >>> [sorted(group) for group in components({"a": {}, "b": {"c": 1}, "c": {}})]
    [['b', 'c'], ['a']]
    """
