"""The four ways to a buyer, against real servers on loopback."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from django.core import mail as django_mail

from apps.b2b.actions.sending import parcel_send
from apps.b2b.standins.files import PASSWORD, file_buyers
from apps.b2b.standins.mail import mail_buyers
from apps.b2b.transports.contracts import Parcel
from apps.b2b.transports.registry import TRANSPORTS, transport_of
from apps.core.embedded.processes import free_port
from apps.core.errors import Misconfigured, Permanent, Unreachable
from apps.core.signatures import is_signed
from solar_crm.settings.mail import delivery_mail

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KEY = "0192f000-0000-7000-8000-0000000000d1"


@pytest.fixture(autouse=True)
def _loopback(settings) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def parcel(body: bytes = b"{}", **changed) -> Parcel:
    return Parcel(
        **{
            "key": KEY, "body": body, "content_type": "application/json", "endpoint": {},
            "credentials": {}, "now": NOW,
        } | changed
    )  # fmt: skip


@pytest.mark.parametrize("method", TRANSPORTS)
def test_every_transport_has_the_same_face(method: str) -> None:
    transport = transport_of(method)
    assert transport.label
    assert transport.body in {"json", "csv"}
    assert {one.name for one in transport.settings}
    assert transport.template


# --- webhook --------------------------------------------------------------------------------------


def test_a_webhook_is_signed_as_the_doors_check_it(buyers) -> None:
    heard: dict = {}
    receive = buyers.memory.receive

    def listening(buyer, key, lead):
        heard["key"] = key
        return receive(buyer, key, lead)

    buyers.memory.receive = listening
    reply = transport_of("webhook").send(
        parcel(
            b'{"a": 1}',
            endpoint={"url": f"{buyers.url}/accept/leads"},
            credentials={"signing_secret": "whsec_c2VjcmV0IG9mIHR3bw=="},
        )
    )
    assert (reply.status, json.loads(reply.body)["outcome"]) == (200, "accepted")
    assert heard["key"] == KEY


def test_the_signature_of_a_webhook_is_one_the_other_side_can_check() -> None:
    from apps.core.signatures import sign

    timestamp = int(NOW.timestamp())
    made = sign("whsec_c2VjcmV0", message_id=KEY, timestamp=timestamp, body=b"{}")
    known = {"message_id": KEY, "timestamp": str(timestamp), "now": NOW.timestamp()}
    assert is_signed("whsec_c2VjcmV0", signatures=made, body=b"{}", **known)
    assert not is_signed("whsec_c2VjcmV0", signatures=made, body=b"{ }", **known)


def test_a_webhook_without_a_secret_is_not_sent(buyers) -> None:
    with pytest.raises(Misconfigured):
        transport_of("webhook").send(parcel(endpoint={"url": f"{buyers.url}/accept/leads"}))
    assert buyers.memory.calls == {}


# --- mail -----------------------------------------------------------------------------------------


@pytest.fixture
def mailbox(settings):
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS = "", False
    with mail_buyers(port) as box:
        yield box


def attached(message: Message) -> str:
    [file] = [part for part in message.walk() if part.get_content_type() == "text/csv"]
    return file.get_payload(decode=True).decode()


def test_a_mail_carries_the_file_and_is_the_same_mail_on_every_try(mailbox) -> None:
    sent = parcel(b"Name\r\nPat\r\n", endpoint={"to": "a@acme.example, b@acme.example",
                                               "subject": "Lead"})  # fmt: skip
    for _ in range(2):
        assert transport_of("csv_email").send(sent).status is None
    [mail] = mailbox.mails.values()
    assert mailbox.calls == 2
    assert mail["To"] == "a@acme.example, b@acme.example"
    assert attached(mail).splitlines() == ["Name", "Pat"]


@pytest.mark.parametrize(
    ("address", "error"), [("bounce@acme.example", Permanent), ("later@acme.example", Unreachable)]
)
def test_what_the_mail_server_does_not_take_is_told_apart(mailbox, address, error) -> None:
    with pytest.raises(error):
        transport_of("csv_email").send(parcel(endpoint={"to": address}))
    assert mailbox.mails == {}


def test_mails_to_buyers_may_have_a_server_of_their_own(settings, monkeypatch, tmp_path) -> None:
    port = free_port()
    monkeypatch.setenv("DELIVERY_EMAIL_URL", f"smtp://127.0.0.1:{port}")
    settings.DELIVERY_MAIL = delivery_mail()
    with mail_buyers(port, tmp_path) as box:
        transport_of("csv_email").send(
            parcel(b"Name\r\nPat\r\n", endpoint={"to": "a@acme.example"})
        )
        assert transport_of("csv_email").reach({}, {})
    assert len(box.mails) == 1
    [file] = tmp_path.iterdir()
    assert file.name == f"{KEY}.eml"
    assert attached(message_from_bytes(file.read_bytes())).splitlines() == ["Name", "Pat"]
    assert django_mail.outbox == []  # nothing goes the way of the other mails


def test_without_one_they_go_as_all_others_do(monkeypatch) -> None:
    monkeypatch.delenv("DELIVERY_EMAIL_URL", raising=False)
    assert delivery_mail() == {}
    transport_of("csv_email").send(parcel(endpoint={"to": "a@acme.example"}))
    assert [mail.to for mail in django_mail.outbox] == [["a@acme.example"]]


def test_no_mail_server_is_no_answer_at_all(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with pytest.raises(Unreachable):
        transport_of("csv_email").send(parcel(endpoint={"to": "a@acme.example"}))


def test_without_an_address_nothing_is_mailed(mailbox) -> None:
    with pytest.raises(Permanent):
        transport_of("csv_email").send(parcel(endpoint={"to": " , "}))


# --- SFTP -----------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path):
    with file_buyers(tmp_path) as running:
        yield running


def test_a_file_arrives_whole_and_once(server) -> None:
    sent = parcel(b"Name\r\nPat\r\n", endpoint=server.endpoint, credentials={"password": PASSWORD})
    for _ in range(2):
        assert transport_of("sftp").send(sent).status is None
    assert server.files == {f"lead-{KEY}.csv": b"Name\r\nPat\r\n"}
    assert "answers" in transport_of("sftp").reach(server.endpoint, {"password": PASSWORD})


def test_another_host_than_was_meant_gets_nothing(server) -> None:
    endpoint = server.endpoint | {"host_key": "SHA256:somebodyelse"}
    with pytest.raises(Permanent, match="Another host answers"):
        transport_of("sftp").send(parcel(endpoint=endpoint, credentials={"password": PASSWORD}))
    assert server.files == {}


def test_a_wrong_password_is_for_a_person_to_mend(server) -> None:
    with pytest.raises(Permanent, match="refused"):
        transport_of("sftp").send(parcel(endpoint=server.endpoint, credentials={"password": "x"}))


def test_nobody_there_means_nothing_was_taken() -> None:
    endpoint = {"host": "127.0.0.1", "port": str(free_port()), "host_key": "x", "username": "x"}
    with pytest.raises(Unreachable):
        transport_of("sftp").send(parcel(endpoint=endpoint, credentials={"password": "x"}))


def test_a_private_address_is_refused_outside_development(settings) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    endpoint = {"host": "127.0.0.1", "port": "22", "host_key": "x", "username": "x"}
    with pytest.raises(Permanent, match="private network"):
        transport_of("sftp").send(parcel(endpoint=endpoint, credentials={"password": "x"}))


# --- what was set up wrongly ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "endpoint", "credentials"),
    [
        ("json_api", {}, {}),
        ("webhook", {"url": ""}, {"signing_secret": "whsec_c3RhbmQtaW4gYnV5ZXJzIG9ubHk="}),
        ("sftp", {"host": "127.0.0.1", "port": "abc"}, {}),
        ("sftp", {"host": "127.0.0.1", "port": "70000"}, {}),
        ("sftp", {}, {}),
        ("csv_email", {"to": ""}, {}),
    ],
)
def test_what_is_set_up_wrongly_is_refused_as_it_is(
    method, endpoint, credentials, settings
) -> None:
    """Nothing was sent: so nobody has to ask the buyer whether it arrived."""
    settings.DELIVERY_MAIL = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    sent = parcel_send(method, parcel(endpoint=endpoint, credentials=credentials), {})
    assert sent.reading.outcome == "refused"
    assert sent.reading.words


def test_a_subject_is_one_line_and_every_line_an_address(mailbox) -> None:
    sent = parcel(endpoint={"to": "a@acme.example\nb@acme.example", "subject": "New\r\nBcc: x@y.z"})
    transport_of("csv_email").send(sent)
    [mail] = mailbox.mails.values()
    assert (mail["To"], mail["Subject"], mail["Bcc"]) == (
        "a@acme.example, b@acme.example", "New Bcc: x@y.z", None,
    )  # fmt: skip


# --- nobody there ---------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/leads", "https://{host}/leads"])
def test_without_a_connection_nothing_was_sent(buyers, address: str) -> None:
    """Refused, or no TLS where TLS was to be."""
    url = address.format(host=buyers.url.removeprefix("http://"))
    reading = parcel_send("json_api", parcel(endpoint={"url": url}), {}).reading
    assert (reading.outcome, reading.nobody_there) == ("failed", True)
    assert buyers.memory.calls == {}


@pytest.mark.parametrize("behaviour", ["down", "limited", "garbage"])
def test_who_answers_is_there(buyers, behaviour: str) -> None:
    endpoint = {"url": f"{buyers.url}/{behaviour}/leads"}
    reading = parcel_send("json_api", parcel(endpoint=endpoint), {}).reading
    assert not reading.nobody_there


def test_a_mailbox_that_wants_it_later_is_there(mailbox) -> None:
    reading = parcel_send("csv_email", parcel(endpoint={"to": "later@acme.example"}), {}).reading
    assert (reading.outcome, reading.nobody_there) == ("failed", False)
