"""The project's own benchmarks: one file each, run by `fasit bench NAME`, JSON out.

A figure that compares is a ratio of two sides measured in one run, in turn; the other side is as good as we can make it.
"""
