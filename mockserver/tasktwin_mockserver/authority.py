"""A certificate authority that lives as long as its server."""

import shutil
import socket
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=365)
# A client whose clock is behind trusts it, too.
EARLIER = timedelta(days=1)
LOCAL = ("localhost", "127.0.0.1", "::1")
ANY = ("0.0.0.0", "::")  # noqa: S104 (what is looked for, not listened at)


class Authority:
    """Vouches for one server; `file` holds what clients have to trust, as PEM.

    `host` is where that listens; raises `UnicodeError` where it is no name. No key
    stays on the disk, and `close` removes the file.
    """

    def __init__(self, host: str) -> None:
        names = _names(host)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("tasktwin, a throw-away authority")
        self._certificate = self._signed()
        self._folder = Path(tempfile.mkdtemp(prefix="tasktwin-"))
        self.file = self._folder / "ca.pem"
        self.file.write_bytes(_pem(self._certificate))
        self.context = self._context(names)

    def close(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _context(self, names: list[x509.GeneralName]) -> ssl.SSLContext:
        """What a server of these names shows to its clients."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._vouched(key.public_key(), names)
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # The standard library reads keys from files only.
        file = self._folder / "server.pem"
        file.touch(mode=0o600)
        try:
            file.write_bytes(secret + _pem(certificate))
            context.load_cert_chain(file)
        finally:
            file.unlink()
        return context

    def _signed(self) -> x509.Certificate:
        """The authority's own certificate."""
        key = self._key.public_key()
        return (
            self._begun(self._name, key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _vouched(
        self, key: ec.EllipticCurvePublicKey, names: list[x509.GeneralName]
    ) -> x509.Certificate:
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(
            self._key.public_key()
        )
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        return (
            self._begun(_name("tasktwin"), key)
            .add_extension(
                x509.BasicConstraints(ca=False, path_length=None), critical=True
            )
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(purpose, critical=False)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _begun(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder(self._name, subject, key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - EARLIER)
            .not_valid_after(now + LIFE)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key), critical=False
            )
        )


def _names(host: str) -> list[x509.GeneralName]:
    """What clients of this machine may call a server that listens at `host`."""
    more = [socket.gethostname()] if host in ANY else []
    return [_general(name) for name in dict.fromkeys((*LOCAL, host, *more))]


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
