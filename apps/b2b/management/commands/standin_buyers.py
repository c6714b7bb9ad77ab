"""`manage.py standin_buyers`: buyers here that accept, reject, hang and talk nonsense."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.b2b.standins.files import file_buyers, standin_folder
from apps.b2b.standins.mail import mail_buyers
from apps.b2b.standins.web import web_buyers


class Command(BaseCommand):
    help = "Stand-in buyers over real HTTP, SFTP and SMTP on loopback, for development and tests"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8090, help="HTTP")
        parser.add_argument("--files-port", type=int, default=0, help="SFTP; 0: none")
        parser.add_argument("--mail-port", type=int, default=0, help="SMTP; 0: none")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("Stand-in buyers have no place in production.")
        with ExitStack() as servers:
            if options["files_port"]:
                files = servers.enter_context(file_buyers(standin_folder(), options["files_port"]))
                self.stdout.write(f"SFTP at port {options['files_port']}, files in {files.folder}")
            if options["mail_port"]:
                folder = standin_folder() / "mails"
                servers.enter_context(mail_buyers(options["mail_port"], folder))
                self.stdout.write(f"SMTP at port {options['mail_port']}, mails in {folder}")
            server = servers.enter_context(web_buyers(options["port"]))
            self.stdout.write(f"HTTP at {server.url}")
            server.serve_forever()
