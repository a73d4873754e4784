"""Badge to course: proposals with evidence and a calibrated probability, made for people who decide."""
