"""Watching background work: what waits, runs and failed, and what to do about it. The work itself belongs to others."""
