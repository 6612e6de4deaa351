"""Labels: revisions, timing, record hashes and their chain. Not who is handed what."""
