def parse_time(text):
    import re

    matched = re.fullmatch(r"\s*(\d{1,2})(?::(\d\d))?\s*(am|pm)?\s*", text.lower())
    if not matched or not (matched[2] or matched[3]):
        raise ValueError(text)
    hours, minutes = int(matched[1]), int(matched[2] or 0)
    if matched[3]:
        if not 1 <= hours <= 12:
            raise ValueError(text)
        hours = hours % 12 + (12 if matched[3] == "pm" else 0)
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    return hours * 60 + minutes


def format_time(minutes):
    if not 0 <= minutes <= DAY:
        raise ValueError(minutes)
    return f"{minutes // 60:02}:{minutes % 60:02}"


class Event:
    def overlaps(self, other):
        return self.start < other.end and other.start < self.end

    def __str__(self):
        return f"{format_time(self.start)}-{format_time(self.end)} {self.title}"


class Calendar:
    def conflicts(self, event):
        return [other for other in self.events if other.overlaps(event)]

    def add(self, event):
        if event.end <= event.start or self.conflicts(event):
            raise ValueError(event)
        self.events.append(event)
        self.events.sort()

    def cancel(self, title):
        kept = [event for event in self.events if event.title != title]
        count = len(self.events) - len(kept)
        self.events = kept
        return count

    def free(self, start=0, end=DAY):
        slots = []
        for event in self.events:
            if event.start > start:
                slots.append((start, min(event.start, end)))
            start = max(start, event.end)
            if start >= end:
                break
        if start < end:
            slots.append((start, end))
        return [(a, b) for a, b in slots if a < b]

    def find_slot(self, minutes, start=0, end=DAY):
        return next((a for a, b in self.free(start, end) if b - a >= minutes), None)

    def busy_minutes(self):
        return sum(event.end - event.start for event in self.events)

    def next_event(self, now):
        return min((event for event in self.events if event.start >= now), default=None)
