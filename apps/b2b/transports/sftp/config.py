"""What has to be known of a buyer's SFTP server, and a mapping to begin with."""

from __future__ import annotations

from typing import Any

from apps.b2b.transports.contracts import Setting
from apps.b2b.transports.csv_email.config import TEMPLATE as CSV_TEMPLATE

SETTINGS = (
    Setting("host", "Host", "Its name, without sftp://"),
    Setting("port", "Port", required=False, default="22"),
    Setting("folder", "Folder", "Where files are put", required=False, default="."),
    Setting("username", "User name"),
    Setting("password", "Password", "Or a private key", required=False, secret=True),
    Setting("private_key", "Private key", "In PEM or OpenSSH form", required=False, secret=True),
    Setting(
        "host_key",
        "Fingerprint of the host",
        "SHA256:… as ssh-keyscan | ssh-keygen -lf - shows it; another host gets nothing",
    ),
)
TEMPLATE: dict[str, Any] = dict(CSV_TEMPLATE)
