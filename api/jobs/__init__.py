"""Caseloads: many questions at once, answered by a pool of processes on this machine, resumed after a restart."""
