"""Makes a certificate when it is needed: signed by itself, as many mail hosts have one."""

import datetime as dt
import ssl
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

DAY = dt.timedelta(days=1)


@cache
def host_context() -> ssl.SSLContext:
    """Give the TLS context that all hosts of a sandbox share."""
    return server_context("mx.sandbox")


def server_context(name: str, *, is_expired: bool = False) -> ssl.SSLContext:
    """Make a server's TLS context with a fresh certificate for a host name."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "host.pem"
        file.write_bytes(key_and_certificate(name, is_expired=is_expired))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
    return context


def key_and_certificate(name: str, *, is_expired: bool) -> bytes:
    """Write a private key and a certificate as PEM; it holds for a day, or held until yesterday."""
    from cryptography import x509  # only here: a sandbox without TLS starts without it
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    holder = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    ends_at = dt.datetime.now(dt.UTC) + (-DAY if is_expired else DAY)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(holder)
        .issuer_name(holder)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends_at - 2 * DAY)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain_key = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return plain_key + certificate.public_bytes(serialization.Encoding.PEM)
