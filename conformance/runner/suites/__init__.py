"""The suites, in the order in which they run."""

from __future__ import annotations

from .base import Suite
from .microsoft_validator import MicrosoftValidator
from .okta_spec import OktaSpec
from .postman import Postman
from .scim2_tester import Scim2Tester
from .schemathesis import Schemathesis, SchemathesisOkta
from .schemathesis_admin import SchemathesisAdmin
from .scim_sanity import ScimSanity
from .transcripts import OwnTranscripts, SharedFaults, SharedTranscripts

ALL: list[Suite] = [
    Scim2Tester(),
    ScimSanity("scim-sanity", []),
    ScimSanity("scim-sanity-entra", ["--profile=entra"]),
    OktaSpec(),
    MicrosoftValidator(),
    Postman(),
    SharedTranscripts(),
    SharedFaults(),
    OwnTranscripts(),
    Schemathesis(),
    SchemathesisOkta(),
    SchemathesisAdmin(),
]
