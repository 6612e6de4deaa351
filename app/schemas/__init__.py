"""Label schemas: drafts, immutable versions, validation of schemas and of answers."""
