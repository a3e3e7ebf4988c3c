from checking import raises, tests


def day(m):
    return m.Calendar([m.Event(540, 600, "a"), m.Event(600, 630, "b"), m.Event(720, 780, "a")])


@tests("parse_time")
def parses_times(m):
    times = ["9:05", "00:00", "23:59", "9am", "12pm", "12:30 am", "11:59 PM"]
    assert [m.parse_time(text) for text in times] == [545, 0, 1439, 540, 720, 30, 1439]
    for text in ("", "noon", "25:00", "9:75", "13pm"):
        assert raises(ValueError, m.parse_time, text), text


@tests("format_time")
def formats_times(m):
    assert [m.format_time(n) for n in (0, 545, 1440)] == ["00:00", "09:05", "24:00"]
    assert raises(ValueError, m.format_time, -1)
    assert raises(ValueError, m.format_time, 1441)


@tests("Event.overlaps")
def overlaps(m):
    event = m.Event(10, 20)
    others = [(0, 10), (20, 30), (0, 11), (19, 30), (12, 13), (0, 90)]
    assert [event.overlaps(m.Event(*other)) for other in others] == [False, False, True, True, True, True]


@tests("Event.__str__")
def is_shown(m):
    assert str(m.Event(5, 1439, "Long day")) == "00:05-23:59 Long day"


@tests("Calendar.conflicts")
def finds_conflicts(m):
    assert [event.start for event in day(m).conflicts(m.Event(590, 601))] == [540, 600]
    assert day(m).conflicts(m.Event(630, 720)) == []


@tests("Calendar.add")
def adds(m):
    calendar = day(m)
    calendar.add(m.Event(640, 650, "c"))
    assert [event.start for event in calendar.events] == [540, 600, 640, 720]
    for bad in ((599, 700), (5, 5), (8, 7)):
        assert raises(ValueError, calendar.add, m.Event(*bad))
    assert len(calendar.events) == 4


@tests("Calendar.cancel")
def cancels(m):
    calendar = day(m)
    assert (calendar.cancel("a"), calendar.cancel("x")) == (2, 0)
    assert [event.title for event in calendar.events] == ["b"]


@tests("Calendar.free")
def tells_what_is_free(m):
    assert day(m).free() == [(0, 540), (630, 720), (780, 1440)]
    assert day(m).free(550, 750) == [(630, 720)]
    assert day(m).free(640, 650) == [(640, 650)]
    assert day(m).free(540, 630) == []


@tests("Calendar.find_slot")
def finds_slots(m):
    assert day(m).find_slot(60) == 0
    assert day(m).find_slot(90, 500) == 630
    assert day(m).find_slot(91, 500, 800) is None


@tests("Calendar.busy_minutes")
def counts_busy_minutes(m):
    assert day(m).busy_minutes() == 150
    assert m.Calendar().busy_minutes() == 0


@tests("Calendar.next_event")
def finds_the_next(m):
    assert [day(m).next_event(now).start for now in (0, 540, 541, 720)] == [540, 540, 600, 720]
    assert day(m).next_event(721) is None
