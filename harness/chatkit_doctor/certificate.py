"""Certificates for servers on loopback that a browser is told to trust by their key, whatever their name."""

from __future__ import annotations

import base64
import hashlib
import ssl
from typing import Final

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class LoopbackCertificate:
    """A certificate that is made for this process and dies with it."""

    def __init__(self, *names: str) -> None:
        certificate = trustme.CA().issue_cert(*names)
        self.context: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        """What a server needs to use it."""
        certificate.configure_cert(self.context)
        leaf = x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes())
        key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.spki: Final = base64.b64encode(hashlib.sha256(key).digest()).decode("ascii")
        """What Chromium's ``--ignore-certificate-errors-spki-list`` takes: base64 of sha256 of the key."""
