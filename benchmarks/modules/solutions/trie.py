class Trie:
    def add(self, word):
        node = self.root
        for letter in word:
            node = node.children.setdefault(letter, Node())
        node.count += 1

    def find(self, prefix):
        node = self.root
        for letter in prefix:
            if letter not in node.children:
                return None
            node = node.children[letter]
        return node

    def count(self, word):
        node = self.find(word)
        return node.count if node else 0

    def words(self, prefix=""):
        node = self.find(prefix)
        if node is None:
            return []
        found = [prefix] if node.count else []
        for letter in sorted(node.children):
            found += self.words(prefix + letter)
        return found

    def complete(self, prefix, limit=3):
        return sorted(self.words(prefix), key=lambda word: (-self.count(word), word))[:limit]

    def remove(self, word):
        if not self.count(word):
            return False
        path = [self.root]
        for letter in word:
            path.append(path[-1].children[letter])
        path[-1].count = 0
        for parent, letter in reversed(list(zip(path, word))):
            node = parent.children[letter]
            if node.count or node.children:
                break
            del parent.children[letter]
        return True

    def longest_prefix(self, text):
        return next((text[:end] for end in range(len(text), 0, -1) if self.count(text[:end])), "")

    def matches(self, pattern):
        return [
            word
            for word in self.words()
            if len(word) == len(pattern) and all(p in ("?", c) for p, c in zip(pattern, word))
        ]
