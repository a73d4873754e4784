"""Badge to course, decided by people: courses, the queue of matches, decisions only ever added, agreements that come of them."""
