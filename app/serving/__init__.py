"""Running what `main` builds: the server, the demo, the store's check, progress bars. Knows no feature's rules."""
