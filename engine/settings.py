"""What the operator sets, as frozen values handed down. The environment is read in one function."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_dir
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

PORTS = 65_536


class UnusableSettings(ValueError):
    """A setting has a value nobody can use; the message says which and why, in the operator's words."""


def _comma_list(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _name_server(server: str) -> str:
    """Take a name server as `IP`, `IP:port` or `[IPv6]:port`. Raises ValueError for anything else."""
    with suppress(ValueError):
        return str(ip_address(server))
    host, _, port = server.rpartition(":")
    try:
        ip_address(host.strip("[]"))
        is_port = 0 < int(port) < PORTS
    except ValueError:
        is_port = False
    if not is_port:
        raise ValueError(f"{server!r} is no IP address, nor one with a port (192.0.2.53:5353)")
    return server


NameServer = Annotated[str, AfterValidator(_name_server)]
NameServers = Annotated[tuple[NameServer, ...], BeforeValidator(_comma_list)]
Delays = Annotated[tuple[Annotated[float, Field(ge=0)], ...], BeforeValidator(_comma_list)]


def _default_database_url() -> str:
    return f"sqlite:///{Path(user_data_dir('winnow', appauthor=False)) / 'winnow.db'}"


class Settings(BaseModel):
    """All settings; each field is the environment variable of the same name in capitals.

    Durations are in the unit their name says (`_ms`, `_seconds`, `_minutes`, `_hours`, `_days`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = Field(default_factory=_default_database_url)
    resolvers: NameServers = ()
    smtp_port: int = Field(25, ge=1, le=65535)
    source_address: str = ""
    allow_private_networks: bool = False
    validator_helo: str = ""
    validator_mail_from: str = ""
    global_concurrency: int = Field(96, ge=1)
    per_domain_concurrency: int = Field(1, ge=1)
    domain_sessions_per_minute: int = Field(10, ge=0)
    domain_rcpts_per_minute: int = Field(0, ge=0)
    rcpts_per_session: int = Field(20, ge=1)
    session_backoff_ms: int = Field(1200, ge=0)
    dns_timeout_ms: int = Field(1500, ge=1)
    smtp_connect_timeout_ms: int = Field(6000, ge=1)
    smtp_op_timeout_ms: int = Field(8000, ge=1)
    total_budget_ms: int = Field(12000, ge=1)
    greylist_retry_seconds: Delays = (45.0, 900.0, 7200.0, 28800.0)
    outage_retry_seconds: Delays = (900.0, 7200.0)
    breaker_failures: int = Field(5, ge=1)
    breaker_minutes: float = Field(45, ge=0)
    email_validation_ttl_days: float = Field(60, ge=0)
    invalid_ttl_days: float = Field(30, ge=0)
    unknown_ttl_hours: float = Field(24, ge=0)
    domain_cache_ttl_hours: float = Field(24, ge=0)
    prefer_ipv4: bool = True
    metrics_log_every: int = Field(100, ge=1)

    @property
    def helo(self) -> str:
        """The name we greet hosts with (RFC 5321, 4.1.1.1)."""
        return self.validator_helo or _own_name()

    @property
    def mail_from(self) -> str:
        """The sender we name in MAIL FROM."""
        return self.validator_mail_from or f"verify@{self.helo}"

    @property
    def is_probing_allowed(self) -> bool:
        """Whether we have a name to show: a real FQDN, or the sandbox, where names do not matter."""
        return self.allow_private_networks or "." in self.helo.strip(".")


@cache
def _own_name() -> str:
    name = socket.getfqdn()
    return name if "." in name and not name.endswith((".local", ".localdomain")) else "localhost"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read every setting from the environment; an empty variable counts as not set.

    Raises UnusableSettings with one sentence that names the variables which cannot be used.
    """
    given = {name: environ[name.upper()] for name in Settings.model_fields if environ.get(name.upper())}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(f"{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise UnusableSettings(f"These settings cannot be used: {faults}") from None
