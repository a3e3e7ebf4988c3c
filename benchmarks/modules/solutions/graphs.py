def parse_graph(text):
    graph = {}
    for part in text.split(","):
        if part.strip():
            edge, _, weight = part.strip().partition(":")
            start, _, end = edge.partition(">")
            graph.setdefault(start.strip(), {})[end.strip()] = float(weight or 1)
            graph.setdefault(end.strip(), {})
    return graph


def reverse(graph):
    result = {node: {} for node in graph}
    for node, edges in graph.items():
        for other, weight in edges.items():
            result.setdefault(other, {})[node] = weight
    return result


def reachable(graph, start):
    seen, waiting = {start}, [start]
    while waiting:
        for other in graph.get(waiting.pop(), {}):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def shortest_hops(graph, start, goal):
    before, waiting = {start: None}, [start]
    for node in waiting:
        for other in graph.get(node, {}):
            if other not in before:
                before[other] = node
                waiting.append(other)
    if goal not in before:
        return None
    path = [goal]
    while before[path[-1]] is not None:
        path.append(before[path[-1]])
    return path[::-1]


def distances(graph, start):
    import heapq

    known, heap = {}, [(0, start)]
    while heap:
        distance, node = heapq.heappop(heap)
        if node not in known:
            known[node] = distance
            for other, weight in graph.get(node, {}).items():
                heapq.heappush(heap, (distance + weight, other))
    return known


def lightest_path(graph, start, goal):
    import heapq

    done, heap = set(), [(0, [start])]
    while heap:
        distance, path = heapq.heappop(heap)
        if path[-1] == goal:
            return path
        if path[-1] not in done:
            done.add(path[-1])
            for other, weight in graph.get(path[-1], {}).items():
                heapq.heappush(heap, (distance + weight, [*path, other]))
    return None


def has_cycle(graph):
    try:
        topological_order(graph)
    except CycleError:
        return True
    return False


def topological_order(graph):
    before = {node: set(edges) for node, edges in reverse(graph).items()}
    order = []
    while before:
        free = sorted(node for node, others in before.items() if not others)
        if not free:
            raise CycleError(before)
        order.append(free[0])
        del before[free[0]]
        for others in before.values():
            others.discard(free[0])
    return order


def components(graph):
    both = reverse(graph)
    for node, edges in graph.items():
        both[node].update(edges)
    found, left = [], set(both)
    while left:
        group = reachable(both, next(iter(left)))
        found.append(group)
        left -= group
    return sorted(found, key=len, reverse=True)
