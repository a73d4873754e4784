"""Who asks, what they may do, what is recorded of it, and what a learner may demand of us."""
