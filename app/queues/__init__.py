"""Queues, tasks, slots, claims and the labeling page: what comes next, for whom."""
