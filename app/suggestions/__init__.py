"""Machines' answers to ads, by model and version, and which of them were shown to whom. What becomes of them in a label is
the label's; models and their quality are known elsewhere.
"""
