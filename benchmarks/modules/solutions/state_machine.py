class Machine:
    def add(self, source, event, target):
        if self.transitions.get((source, event), target) != target:
            raise ValueError(event)
        self.transitions[source, event] = target

    def states(self):
        found = {self.state}
        for (source, _), target in self.transitions.items():
            found |= {source, target}
        return sorted(found)

    def events(self, state=None):
        state = self.state if state is None else state
        return sorted(event for source, event in self.transitions if source == state)

    def fire(self, event):
        if (self.state, event) not in self.transitions:
            raise TransitionError(event)
        self.history.append(self.state)
        self.state = self.transitions[self.state, event]
        return self.state

    def undo(self):
        if not self.history:
            raise TransitionError("nothing to undo")
        self.state = self.history.pop()
        return self.state

    def run(self, events):
        state, history = self.state, list(self.history)
        try:
            for event in events:
                self.fire(event)
        except TransitionError:
            self.state, self.history = state, history
            raise
        return self.state

    def path_to(self, target):
        paths, waiting = {self.state: []}, [self.state]
        for state in waiting:
            for event in self.events(state):
                following = self.transitions[state, event]
                if following not in paths:
                    paths[following] = [*paths[state], event]
                    waiting.append(following)
        return paths.get(target)

    def unreachable(self):
        return [state for state in self.states() if self.path_to(state) is None]


def parse_machine(text):
    import re

    machine = None
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        matched = re.fullmatch(r"(.+?)\s*--\s*(.+?)\s*-->\s*(.+)", line)
        if not matched:
            raise ValueError(f"no transition: {line}")
        machine = machine or Machine(matched[1])
        machine.add(*matched.groups())
    if machine is None:
        raise ValueError("no transitions")
    return machine


def format_machine(machine):
    return "\n".join(f"{s} --{e}--> {t}" for (s, e), t in sorted(machine.transitions.items()))
