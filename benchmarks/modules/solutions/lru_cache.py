class LRUCache:
    def get(self, key, default=None):
        if key not in self.data:
            self.misses += 1
            return default
        self.hits += 1
        self.data.move_to_end(key)
        return self.data[key]

    def put(self, key, value):
        self.data[key] = value
        self.data.move_to_end(key)
        if len(self.data) > self.capacity:
            self.data.popitem(last=False)

    def delete(self, key):
        if key not in self.data:
            return False
        del self.data[key]
        return True

    def keys(self):
        return list(self.data)

    def resize(self, capacity):
        if capacity < 1:
            raise ValueError(capacity)
        self.capacity = capacity
        gone = []
        while len(self.data) > capacity:
            gone.append(self.data.popitem(last=False)[0])
        return gone

    def hit_rate(self):
        calls = self.hits + self.misses
        return self.hits / calls if calls else 0.0

    def __contains__(self, key):
        return key in self.data

    def __len__(self):
        return len(self.data)


def memoize(capacity):
    import functools

    def decorate(function):
        cache = LRUCache(capacity)

        @functools.wraps(function)
        def remembering(*arguments):
            if arguments not in cache:
                cache.put(arguments, function(*arguments))
            return cache.get(arguments)

        remembering.cache = cache
        return remembering

    return decorate
