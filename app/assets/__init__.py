"""Ads and their parts: store, probe, derive, serve. Owns the media files; not what is asked about them."""
