"""Pure measures over labels. No database, no clock, no HTTP."""
