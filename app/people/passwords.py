"""Hashing and checking passwords with argon2, at the same cost whoever is asked about."""

from pwdlib import PasswordHash

HASHER = PasswordHash.recommended()

# The hash of a password nobody has, made as every other: an unknown e-mail costs the same work as a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$Bg7Tfpm7Q7EGIbQQPkXvwQ$GFcaUYA+nUqvXnYEClhtNL1X+WKYIf1vSQ1PYnnf8Vg"


def hashed(password: str) -> str:
    return HASHER.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Whether this is the password; never for a person who has none, but as slowly."""
    matches = HASHER.verify(password, password_hash or NOBODY)
    return matches and password_hash is not None
