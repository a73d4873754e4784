"""What can be earned, what it takes, what it counts for, and where each fact comes from."""
