from checking import raises, tests


def queue_of(m, *priorities):
    """A queue whose heap is as given, items named by priority."""
    queue = m.PriorityQueue()
    queue.heap = [[p, f"i{p}"] for p in priorities]
    queue.places = {f"i{p}": i for i, p in enumerate(priorities)}
    return queue


def in_order(queue):
    heap = [entry[0] for entry in queue.heap]
    assert all(heap[(i - 1) // 2] <= heap[i] for i in range(1, len(heap))), heap
    assert queue.places == {entry[1]: i for i, entry in enumerate(queue.heap)}
    return sorted(heap)


@tests("PriorityQueue.swap")
def swaps(m):
    queue = queue_of(m, 1, 2, 3)
    queue.swap(0, 2)
    assert [tuple(entry) for entry in queue.heap] == [(3, "i3"), (2, "i2"), (1, "i1")]
    assert queue.places == {"i3": 0, "i2": 1, "i1": 2}


@tests("PriorityQueue.sift_up")
def sifts_up(m):
    queue = queue_of(m, 2, 5, 3, 9, 1)
    queue.sift_up(4)
    assert in_order(queue) == [1, 2, 3, 5, 9]
    assert queue.places["i1"] == 0


@tests("PriorityQueue.sift_down")
def sifts_down(m):
    queue = queue_of(m, 9, 2, 3, 4, 5, 6)
    queue.sift_down(0)
    assert in_order(queue) == [2, 3, 4, 5, 6, 9]
    queue = queue_of(m, 9, 3, 2)
    queue.sift_down(0)
    assert in_order(queue) == [2, 3, 9]


@tests("PriorityQueue.push")
def pushes(m):
    queue = m.PriorityQueue()
    for number in (5, 3, 8, 1, 9, 2):
        queue.push(f"i{number}", number)
    assert in_order(queue) == [1, 2, 3, 5, 8, 9]
    assert raises(ValueError, queue.push, "i5", 1)


@tests("PriorityQueue.peek")
def peeks(m):
    queue = queue_of(m, 1, 2)
    assert queue.peek() == "i1"
    assert len(queue) == 2
    assert raises(IndexError, m.PriorityQueue().peek)


@tests("PriorityQueue.pop")
def pops(m):
    queue = queue_of(m, 1, 4, 2, 7, 5, 3)
    assert queue.pop() == "i1"
    assert in_order(queue) == [2, 3, 4, 5, 7]
    assert [queue.pop() for _ in range(5)] == ["i2", "i3", "i4", "i5", "i7"]
    assert raises(IndexError, queue.pop)
    assert queue.places == {}


@tests("PriorityQueue.update")
def updates(m):
    queue = queue_of(m, 1, 4, 2, 7, 5, 3)
    queue.update("i7", 0)
    assert queue.heap[0][1] == "i7"
    queue.update("i1", 10)
    assert in_order(queue) == [0, 2, 3, 4, 5, 10]
    assert raises(KeyError, queue.update, "x", 1)


@tests("PriorityQueue.remove")
def removes(m):
    queue = queue_of(m, 1, 10, 2, 11, 12, 3, 4)
    queue.remove("i11")
    assert in_order(queue) == [1, 2, 3, 4, 10, 12]
    queue.remove("i1")
    assert in_order(queue) == [2, 3, 4, 10, 12]
    assert raises(KeyError, queue.remove, "i1")


@tests("sort_by_heap")
def sorts(m):
    assert m.sort_by_heap([5, 2, 9, 2, 5, 1]) == [1, 2, 2, 5, 5, 9]
    assert m.sort_by_heap(iter([])) == []


@tests("smallest")
def finds_the_smallest(m):
    assert m.smallest([5, 2, 9, 2, 1], 3) == [1, 2, 2]
    assert m.smallest([2, 1], 5) == [1, 2]
