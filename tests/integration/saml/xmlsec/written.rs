//! Documents: what attackers make of a signed one, and many ways to write one that is then signed.

/// The first element of this name, tags and all.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let begin = xml.find(&format!("<{name} ")).or_else(|| xml.find(&format!("<{name}>")))?;
    let close = format!("</{name}>");
    let end = begin + xml[begin..].find(&close)? + close.len();
    Some(&xml[begin..end])
}

fn evil(xml: &str) -> String {
    xml.replacen(" ID=\"_", " ID=\"_evil", 1).replace("jane@kong.example", "eve@evil.example")
}

/// Wrapped, moved, doubled, written otherwise. What does not fit a document leaves it as it is.
pub fn attacks(xml: &str) -> Vec<String> {
    let signature = element(xml, "ds:Signature").unwrap_or_default();
    let assertion = element(xml, "saml:Assertion").unwrap_or_default();
    let bare = assertion.replacen(signature, "", 1);
    let replaced = |from: &str, to: &str| xml.replacen(from, to, 1);
    let object = |inner: &str| {
        signature
            .replace("</ds:Signature>", &format!("<ds:Object>{inner}</ds:Object></ds:Signature>"))
    };
    let key_value = "<ds:KeyInfo><ds:KeyName>other</ds:KeyName></ds:KeyInfo>";
    let key_info = element(xml, "ds:KeyInfo").unwrap_or("<none>");
    let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    let transform = |algorithm: &str| format!("<ds:Transform Algorithm=\"{algorithm}\"/>");
    vec![
        // Wrapping, in the classic forms.
        replaced(assertion, &format!("{}{assertion}", evil(&bare))),
        replaced(assertion, &format!("{assertion}{}", evil(&bare))),
        replaced(
            assertion,
            &evil(&bare).replacen("</saml:Assertion>", &format!("{assertion}</saml:Assertion>"), 1),
        ),
        replaced(
            assertion,
            &evil(&bare).replacen("<saml:Subject>", &format!("{}<saml:Subject>", object(&bare)), 1),
        ),
        replaced(
            assertion,
            &format!("<samlp:Extensions>{assertion}</samlp:Extensions>{}", evil(&bare)),
        ),
        replaced(assertion, &format!("{}<saml:Advice>{bare}</saml:Advice>", evil(assertion))),
        // Doubled ids, signatures and names.
        replaced(assertion, &assertion.repeat(2)),
        replaced(signature, &signature.repeat(2)),
        replaced(signature, &object("<a/>")),
        replaced(signature, ""),
        xml.replace("<saml:Subject>", "<saml:Subject><saml:NameID>eve@evil.example</saml:NameID>"),
        // Content.
        xml.replace("jane@", "jane<!-- -->@"),
        xml.replace("jane@", "jane<?a b?>@"),
        xml.replace("jane@", "<![CDATA[jane]]>@"),
        xml.replace("jane@", "&#106;ane@"),
        xml.replace("jane@", "jane&#x40;"),
        xml.replace("jane@", " jane@"),
        xml.replace("jane@", "jane\u{200b}@"),
        xml.replace("jane@", "jäne@"),
        xml.replace("10:05:00", "11:05:00"),
        // Blanks, quotes, order.
        xml.replace("><", ">\n<"),
        xml.replace("/>", " />"),
        xml.replace('"', "'"),
        xml.replace(" Version=\"2.0\"", "\n  Version = \"2.0\""),
        xml.replace("Version=\"2.0\"", "Version=\"&#50;.0\""),
        xml.replace("Version=\"2.0\"", "Version=\" 2.0\""),
        xml.replace('\n', "\r\n"),
        format!("<?xml version=\"1.0\"?>\n{xml}\n"),
        format!("\u{feff}{xml}"),
        format!("<!DOCTYPE a>{xml}"),
        format!("<!DOCTYPE a [<!ENTITY e \"jane\">]>{}", xml.replace("jane@", "&e;@")),
        format!("<!DOCTYPE a [<!ATTLIST saml:Assertion x CDATA \"y\">]>{xml}"),
        format!("<!-- -->{xml}"),
        // Namespaces.
        replaced("<saml:Assertion ", "<saml:Assertion xmlns:unused=\"urn:x\" "),
        replaced("<saml:Assertion ", "<saml:Assertion xmlns=\"urn:x\" "),
        replaced(
            "<saml:Assertion ",
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ",
        ),
        replaced("<saml:Subject>", "<saml:Subject xmlns:saml=\"urn:x\">"),
        replaced(
            "<saml:Subject>",
            "<saml:Subject xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
        ),
        replaced("<saml:Subject>", "<saml:Subject xml:lang=\"en\">"),
        replaced("<samlp:Response ", "<samlp:Response xml:lang=\"en\" xmlns:b=\"urn:b\" "),
        xml.replace("saml:", "s2:").replace("xmlns:saml=", "xmlns:s2="),
        xml.replace("ds:", "sig:").replace("xmlns:ds=", "xmlns:sig="),
        xml.replace("<ds:", "<").replace("</ds:", "</").replace("xmlns:ds=", "xmlns="),
        // Algorithms, transforms, references, keys.
        xml.replace("xmlenc#sha256", "xmlenc#sha512"),
        xml.replace(
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2000/09/xmldsig#sha1",
        ),
        xml.replace("rsa-sha256", "rsa-sha512"),
        xml.replace("xml-exc-c14n#", "xml-exc-c14n#WithComments"),
        xml.replace(
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        ),
        replaced(exclusive, ""),
        replaced(exclusive, &transform("http://www.w3.org/2000/09/xmldsig#base64")),
        replaced(exclusive, &transform("http://www.w3.org/TR/1999/REC-xpath-19991116")),
        replaced("URI=\"#", "URI=\""),
        replaced("<ds:Reference URI=\"#", "<ds:Reference URI=\"\" x=\"#"),
        replaced("<ds:Reference ", "<ds:Reference Type=\"x\" "),
        replaced(key_info, ""),
        replaced(key_info, key_value),
        xml.replace("<ds:DigestValue>", "<ds:DigestValue>\n"),
        xml.replace("<ds:SignatureValue>", "<ds:SignatureValue>\n "),
        xml.replace("<ds:SignatureValue>", "<ds:SignatureValue>A"),
        xml.replace("<ds:DigestValue>", "<ds:DigestValue>A"),
    ]
}

const SIGNATURE: &str = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
    <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
    <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>\
    <ds:Reference URI=\"#_a\"><ds:Transforms>\
    <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
    <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>\
    <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/>\
    </ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>";

const RESPONSE: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_r\" Version=\"2.0\" \
    IssueInstant=\"2026-11-24T10:00:00Z\" Destination=\"https://scim.example/sso/saml/con_1/acs\" \
    InResponseTo=\"_request\"><saml:Issuer>https://idp.example/metadata</saml:Issuer><samlp:Status>\
    <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
    <saml:Assertion ID=\"_a\" Version=\"2.0\" IssueInstant=\"2026-11-24T10:00:00Z\">\
    <saml:Issuer>https://idp.example/metadata</saml:Issuer>SIGNATURE<saml:Subject>\
    <saml:NameID>jane@kong.example</saml:NameID>\
    <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
    <saml:SubjectConfirmationData NotOnOrAfter=\"2026-11-24T10:05:00Z\" InResponseTo=\"_request\" \
    Recipient=\"https://scim.example/sso/saml/con_1/acs\"/></saml:SubjectConfirmation></saml:Subject>\
    <saml:Conditions><saml:AudienceRestriction>\
    <saml:Audience>https://scim.example/sso/saml/con_1/metadata</saml:Audience>\
    </saml:AudienceRestriction></saml:Conditions>\
    <saml:AuthnStatement AuthnInstant=\"2026-11-24T10:00:00Z\"/><saml:AttributeStatement>\
    <saml:Attribute Name=\"other\"><saml:AttributeValue>VALUE</saml:AttributeValue></saml:Attribute>\
    </saml:AttributeStatement></saml:Assertion></samlp:Response>";

/// Responses to be signed: each writes something that canonicalisation has to get right.
pub fn templates() -> Vec<String> {
    let values = [
        "x",
        " \t x \n y ",
        "&#13;&#10;&#9;",
        "&amp;&lt;&gt;&quot;&apos;",
        "<![CDATA[<&>]]]]><![CDATA[>]]>",
        "äöü 😀 \u{200b}\u{2028}",
        "]]&gt;",
        "<a xmlns=\"\"/>",
        "<a xmlns=\"urn:d\"><b/><c xmlns=\"\"/></a>",
        "<p:a xmlns:p=\"urn:p\" p:z=\"1\" a=\"2\" xmlns:b=\"urn:b\" b:a=\"3\"/>",
        "<p:a xmlns:p=\"urn:p\"><p:b xmlns:p=\"urn:q\"/><p:b/></p:a>",
        "<a b=\"&#13;&#10;&#9; x  y \" c='\"' d=\"&lt;&gt;&amp;'\"/>",
        "<a b=\"1\n2\t3\"/>",
        "<a xml:lang=\"en\" xml:space=\"preserve\"> <b/> </a>",
        "<saml:a xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" saml:b=\"1\"/>",
        "<a xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xs=\"urn:xs\" xsi:type=\"xs:string\">1</a>",
        "<a></a><b />",
        "<samlp:x/>",
        "<a xmlns:z=\"urn:z\" xmlns:y=\"urn:a\" y:b=\"1\" z:a=\"2\" c=\"3\"/>",
    ];
    let mut templates: Vec<String> = values
        .iter()
        .map(|value| RESPONSE.replace("VALUE", value).replace("SIGNATURE", SIGNATURE))
        .collect();
    let sha = |from: &str, to: &str| SIGNATURE.replace(from, to);
    let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    let prefixes = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">\
        <ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"samlp saml #default\"/></ds:Transform>";
    let signatures = [
        sha("rsa-sha256", "rsa-sha384"),
        sha("rsa-sha256", "rsa-sha512"),
        sha("xmlenc#sha256", "xmlenc#sha512"),
        sha(
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
        ),
        sha(
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        ),
        sha("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
        sha(
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>",
        ),
        sha(
            exclusive,
            "<ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>",
        ),
        sha(exclusive, ""),
        sha(exclusive, prefixes),
        sha("#_a", ""),
        sha("#_a", "#_r"),
        sha("#_a", "#xpointer(id('_a'))"),
        sha("><ds:", ">\n  <ds:"),
        SIGNATURE.replace("ds:", "").replace("xmlns:ds", "xmlns"),
    ];
    templates.extend(
        signatures.iter().map(|one| RESPONSE.replace("VALUE", "x").replace("SIGNATURE", one)),
    );
    templates
}
