"""Foreign bytes are decoded only here: in a child process with limits, no files, no network, killed at a time limit."""
