"""Secrets that are shown once and kept as their SHA-256: sign-in cookies, links, bearer tokens."""

import hashlib
import secrets

BEARER_PREFIX = "fasit_"


def new_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
