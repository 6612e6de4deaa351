"""The sample ads and the script that makes them: `python -m sample_media.make`."""
