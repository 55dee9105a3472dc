"""Writes the fixture that is signed with ECDSA: `python3 fixtures_ec.py DIRECTORY`.

Needs signxml, an implementation of XML signatures independent of the one that fixtures.mjs uses.
Run it after fixtures.mjs, whose fixture `assertion-signed.xml` it signs anew.
"""

import pathlib
import sys

from lxml import etree
from signxml import SignatureMethod, XMLSigner, methods

DIRECTORY = pathlib.Path(sys.argv[1])
KEYS = pathlib.Path(__file__).parent / "keys"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"

response = etree.fromstring((DIRECTORY / "assertion-signed.xml").read_bytes())
assertion = response.find(f"{SAML}Assertion")
assertion.remove(assertion.find(f"{DSIG}Signature"))
signer = XMLSigner(
    method=methods.enveloped,
    signature_algorithm=SignatureMethod.ECDSA_SHA256,
    c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
)
signed = signer.sign(
    assertion,
    key=(KEYS / "ec.key").read_bytes(),
    cert=(KEYS / "ec.crt").read_text(),
    reference_uri=assertion.get("ID"),
    id_attribute="ID",
)
response.replace(assertion, signed)
(DIRECTORY / "ecdsa.xml").write_bytes(etree.tostring(response))
