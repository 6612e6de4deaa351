"""Organisations, people, roles, sign-in, tokens. Owns who is asking; not what they may do elsewhere."""
