class PriorityQueue:
    def swap(self, i, j):
        self.heap[i], self.heap[j] = self.heap[j], self.heap[i]
        self.places[self.heap[i][1]] = i
        self.places[self.heap[j][1]] = j

    def sift_up(self, i):
        while i > 0 and self.heap[(i - 1) // 2][0] > self.heap[i][0]:
            self.swap(i, (i - 1) // 2)
            i = (i - 1) // 2

    def sift_down(self, i):
        while 2 * i + 1 < len(self.heap):
            child = min(range(2 * i + 1, min(2 * i + 3, len(self.heap))), key=lambda j: self.heap[j][0])
            if self.heap[child][0] >= self.heap[i][0]:
                return
            self.swap(i, child)
            i = child

    def push(self, item, priority):
        if item in self.places:
            raise ValueError(item)
        self.heap.append([priority, item])
        self.places[item] = len(self.heap) - 1
        self.sift_up(len(self.heap) - 1)

    def peek(self):
        return self.heap[0][1]

    def pop(self):
        item = self.peek()
        self.remove(item)
        return item

    def update(self, item, priority):
        i = self.places[item]
        self.heap[i] = [priority, item]
        self.sift_up(i)
        self.sift_down(self.places[item])

    def remove(self, item):
        i, last = self.places[item], len(self.heap) - 1
        self.swap(i, last)
        self.heap.pop()
        del self.places[item]
        if i < last:
            self.sift_up(i)
            self.sift_down(i)


def sort_by_heap(values):
    queue = PriorityQueue()
    for number, value in enumerate(values):
        queue.push((number, value), value)
    return [queue.pop()[1] for _ in range(len(queue))]


def smallest(values, count):
    return sort_by_heap(values)[:count]
