"""Suggestions of models."""
