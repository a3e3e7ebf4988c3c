from checking import raises, tests


def cache_of(m, capacity, **values):
    cache = m.LRUCache(capacity)
    cache.data.update(values)
    return cache


@tests("LRUCache.get")
def gets(m):
    cache = cache_of(m, 3, a=1, b=None, c=3)
    assert cache.get("a") == 1
    assert cache.get("b", 5) is None
    assert cache.get("x", 7) == 7
    assert cache.get("y") is None
    assert (cache.hits, cache.misses) == (2, 2)
    assert list(cache.data) == ["c", "a", "b"]


@tests("LRUCache.put")
def puts(m):
    cache = cache_of(m, 2, a=1, b=2)
    cache.put("a", 10)
    cache.put("c", 3)
    assert list(cache.data.items()) == [("a", 10), ("c", 3)]
    assert (cache.hits, cache.misses) == (0, 0)


@tests("LRUCache.delete")
def deletes(m):
    cache = cache_of(m, 2, a=1, b=None)
    assert cache.delete("b") is True
    assert cache.delete("b") is False
    assert dict(cache.data) == {"a": 1}


@tests("LRUCache.keys")
def lists_keys(m):
    assert cache_of(m, 2, a=1, b=2).keys() == ["a", "b"]


@tests("LRUCache.resize")
def resizes(m):
    cache = cache_of(m, 3, a=1, b=2, c=3)
    assert cache.resize(1) == ["a", "b"]
    assert (cache.capacity, list(cache.data)) == (1, ["c"])
    assert cache.resize(5) == []
    assert cache.capacity == 5
    assert raises(ValueError, cache.resize, 0)


@tests("LRUCache.hit_rate")
def tells_the_hit_rate(m):
    cache = m.LRUCache(1)
    assert cache.hit_rate() == 0.0
    cache.hits, cache.misses = 3, 1
    assert cache.hit_rate() == 0.75


@tests("LRUCache.__contains__")
def contains(m):
    cache = cache_of(m, 2, a=None, b=2)
    assert "a" in cache
    assert "x" not in cache
    assert (cache.hits, cache.misses, list(cache.data)) == (0, 0, ["a", "b"])


@tests("LRUCache.__len__")
def has_a_length(m):
    assert len(cache_of(m, 5, a=1, b=2)) == 2


@tests("memoize")
def memoizes(m):
    calls = []

    @m.memoize(2)
    def add(x, y):
        calls.append((x, y))
        return None if x == y else x + y

    assert [add(1, 2), add(1, 2), add(3, 3), add(3, 3)] == [3, 3, None, None]
    assert calls == [(1, 2), (3, 3)]
    add(5, 6)
    assert list(add.cache.data) == [(3, 3), (5, 6)]
    add(1, 2)
    assert len(calls) == 4
