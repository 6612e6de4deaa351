"""Guidelines: drafts, immutable versions, numbered clauses, safe rendering."""
