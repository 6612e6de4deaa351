"""Fasit: an annotation platform for ad creatives. See docs/architecture.md."""
