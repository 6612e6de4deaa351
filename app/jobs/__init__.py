"""Background work: one table, one worker a process, leases, retries and progress. Knows no feature."""
