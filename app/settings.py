"""Settings from the environment (prefix FASIT_). Built in `main` and `cli`, handed on as an argument."""

import os
import secrets
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.errors import Invalid, Unavailable


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
    try:
        database = make_url(value).database
    except (ArgumentError, ValueError):
        raise ValueError("must read like postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME") from None
    if value.startswith("sqlite") and database in {None, "", ":memory:"}:
        raise ValueError("must name a file, such as sqlite:///var/fasit.db")
    return value


def _media_url(value: str) -> str:
    if not value or "://" in value:
        raise ValueError("must be the path of a folder")
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValueError("must be an address such as https://fasit.example.org")
    return value.rstrip("/")


class Settings(BaseSettings):
    """One instance a process; `docs/settings.md` describes each."""

    model_config = SettingsConfigDict(env_prefix="FASIT_", extra="ignore")

    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///var/fasit.db"
    media_url: Annotated[str, AfterValidator(_media_url)] = "var/media"
    secret_key: Annotated[str, Field(min_length=16)] | None = None
    base_url: Annotated[str, AfterValidator(_base_url)] = ""
    background: Literal["serve", "workers"] = "serve"
    demo: bool = False

    @property
    def media_folder(self) -> Path:
        return Path(self.media_url)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def var_folder(self) -> Path:
        """Where what is made at run time is kept: beside the SQLite file, else beside the media."""
        if self.is_sqlite:
            return Path(self.database_url.removeprefix("sqlite:///")).parent
        return self.media_folder.parent


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment. Raises `Invalid` naming each wrong variable."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the types
    except ValidationError as refused:
        faults = "; ".join(
            f"FASIT_{'_'.join(str(step) for step in fault['loc']).upper()} {fault['msg'].removeprefix('Value error, ')}"
            for fault in refused.errors()
        )
        raise Invalid(f"A setting is wrong: {faults}.") from None


def secret_key(settings: Settings) -> bytes:
    """The key that signs cookies and addresses; made once and kept with mode 0600 when it is not set."""
    if settings.secret_key is not None:
        return settings.secret_key.encode()
    path = settings.var_folder / "secret_key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key(path)
        return path.read_bytes()
    except OSError as failure:
        raise Unavailable(
            f"The key {path} cannot be made or read ({failure.strerror}). Set FASIT_SECRET_KEY, or mend the folder."
        ) from None


def _make_key(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
