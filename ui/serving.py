"""How the pages are served: on this computer alone, or on the network over TLS. Decided by `doithoai app`."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from models import accounts, store
from models.errors import NotOnNetwork
from models.folders import home

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"
ONLY_TLS = "DOITHOAI_NETWORK"
"""Set for the server when it is open to the network: the gate then answers nothing that did not come over TLS."""
SECRETS = "secrets.toml"
"""In the data folder: how to reach the agency's own sign-in, if there is one."""
TRUSTED_PROXY = "FORWARDED_ALLOW_IPS"
"""Read by uvicorn: from whom it believes what X-Forwarded-… headers say."""


@dataclass(frozen=True)
class Serving:
    """Where the server listens, its options, and its environment beside the present one."""

    address: str
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, port: int, browser: bool) -> list[str]:
        page = Path(__file__).with_name("server.py")
        return [sys.executable, "-m", "streamlit", "run", str(page), "--server.address", self.address,
                "--server.port", str(port), "--server.headless", str(not browser).lower(),
                "--server.maxUploadSize", "4096", "--server.fileWatcherType", "none", "--server.showEmailPrompt",
                "false", "--browser.gatherUsageStats", "false", "--client.toolbarMode", "minimal",
                "--secrets.files", str(home() / SECRETS), *self.options]

    def whole_environment(self) -> dict[str, str]:
        return os.environ | self.environment


def is_on_network() -> bool:
    """Whether the pages of this server are open to other computers."""
    return bool(os.environ.get(ONLY_TLS))


def serving(network: bool, certificate: Path | None, key: Path | None, proxy: str | None) -> Serving:
    """How to serve with these options. Raises NotOnNetwork when other computers could listen in, or make the first
    account before anybody here did."""
    if not network:
        if certificate or key or proxy:
            raise NotOnNetwork("not_switched_on")
        return Serving(HERE, environment={TRUSTED_PROXY: "", ONLY_TLS: ""})
    if proxy and (certificate or key):
        raise NotOnNetwork("both")
    if proxy:
        behind = _behind(proxy)
        _refuse_without_account()
        return behind
    if certificate and key:
        _try(certificate, key)
        _refuse_without_account()
        options = ("--server.sslCertFile", str(certificate), "--server.sslKeyFile", str(key))
        return Serving(EVERYWHERE, options, {TRUSTED_PROXY: "", ONLY_TLS: "1"})
    raise NotOnNetwork("half" if certificate or key else "not_safe")


def _behind(proxy: str) -> Serving:
    """Only the named proxy is believed; it is reached on this computer alone when it runs here too."""
    try:
        is_here = ip_address(proxy).is_loopback
    except ValueError:
        raise NotOnNetwork("bad_address", proxy) from None
    return Serving(HERE if is_here else EVERYWHERE, (), {TRUSTED_PROXY: proxy, ONLY_TLS: "1"})


def run(command: list[str], environment: dict[str, str]) -> int:
    """Serves until it ends by itself, whose code is returned, or is told to end: then what serves is told, and waited
    for."""
    told: list[int] = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as server:
        def end(number: int, frame: object) -> None:
            told.append(number)
            server.terminate()

        for name in ("SIGTERM", "SIGBREAK"):  # the latter is Ctrl+Break on Windows
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), end)
        while True:
            try:
                code = server.wait()
                return 0 if told else code
            except KeyboardInterrupt:  # Ctrl+C reaches the server as well, which then ends
                told.append(signal.SIGINT)


def _refuse_without_account() -> None:
    with store.open_store() as db:
        if not accounts.any_account(db):
            raise NotOnNetwork("no_account")


def _try(certificate: Path, key: Path) -> None:
    for path in (certificate, key):
        if not path.is_file():
            raise NotOnNetwork("no_file", str(path))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        raise NotOnNetwork("bad_certificate", str(error)) from error
