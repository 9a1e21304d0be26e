import ssl

import pytest

from engine.tls import fault_of, lenient_context


def test_all_sessions_share_one_context():
    assert lenient_context() is lenient_context()


def test_any_certificate_and_old_versions_and_ciphers_will_do():
    context = lenient_context()

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_NONE, False)
    assert context.minimum_version is ssl.TLSVersion.MINIMUM_SUPPORTED
    assert context.security_level == 0
    assert {"AES128-SHA", "ECDHE-RSA-AES128-SHA"} <= {cipher["name"] for cipher in context.get_ciphers()}


def test_the_machines_own_rules_for_tls_are_left_alone():
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def _refused() -> Exception:
    """Shake hands in memory with somebody who speaks no TLS."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = lenient_context().wrap_bio(incoming, outgoing)
    incoming.write(b"220 hello, I know no TLS\r\n")
    with pytest.raises(ssl.SSLError) as caught:
        client.do_handshake()
    return caught.value


def test_a_failed_handshake_is_told_in_plain_words():
    fault = fault_of(_refused())

    assert fault in {"wrong version number", "record layer failure"}
    assert fault_of(ConnectionAbortedError("SSL handshake is taking longer")) == "no answer in time"
    assert fault_of(ConnectionResetError()) == "the connection broke off"
