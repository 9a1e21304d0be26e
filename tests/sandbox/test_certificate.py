import ssl

import pytest

from sandbox.certificate import host_context, server_context


def _presented_by(server: ssl.SSLContext) -> ssl.SSLContext:
    """Shake hands in memory and trust exactly the certificate that the server shows."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    client = blind.wrap_bio(to_client, to_server, server_hostname="mx.plum.sandbox")
    host = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, host, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(client.getpeercert(binary_form=True)))
    return trusting


def _shake_hands(server: ssl.SSLContext, trusting: ssl.SSLContext, name: str) -> None:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname=name)
    host = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, host, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue


def test_a_certificate_names_its_host():
    server = server_context("mx.plum.sandbox")
    trusting = _presented_by(server)

    _shake_hands(server, trusting, "mx.plum.sandbox")
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        _shake_hands(server, trusting, "mx.pear.sandbox")


def test_a_certificate_may_be_expired():
    server = server_context("mx.plum.sandbox", is_expired=True)

    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        _shake_hands(server, _presented_by(server), "mx.plum.sandbox")


def test_the_hosts_of_a_sandbox_share_one_certificate():
    assert host_context() is host_context()
