"""Background work: one table, one worker loop, retries and progress. Knows no feature."""
