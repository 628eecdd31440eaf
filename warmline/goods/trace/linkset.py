"""What a code leads to, in the words of GS1's resolvers (RFC 9264): a page, a journey, a recall."""

from typing import Any

VOC = "https://gs1.org/voc/"
TYPES = {
    "pip": "Product information",
    "traceability": "Where it has been",
    "certificationInfo": "Certificates of the lot",
    "recallStatus": "Whether it is recalled",
    "registerProduct": "Register it to your baby",
    "verificationService": "Whether the code is known",
    "epcis": "The repository for partners",
}
PARTS = {
    "pip": "",
    "traceability": "#journey",
    "certificationInfo": "#papers",
    "recallStatus": "#state",
    "registerProduct": "#register",
    "verificationService": "#state",
}


def targets(page: str, epcis: str) -> dict[str, str]:
    """Where each link type leads for one code."""
    found = {f"gs1:{name}": page + part for name, part in PARTS.items()}
    return found | {"gs1:defaultLink": page, "gs1:epcis": epcis}


def linkset(anchor: str, page: str, epcis: str) -> dict[str, Any]:
    """The whole set, in both languages where there is a page."""
    links: dict[str, Any] = {"anchor": anchor}
    links[f"{VOC}defaultLink"] = [{"href": page, "title": "Warmline", "type": "text/html"}]
    for name, part in PARTS.items():
        links[VOC + name] = [
            {
                "href": page + part,
                "title": TYPES[name],
                "type": "text/html",
                "hreflang": ["zh", "en"],
            }
        ]
    links[f"{VOC}epcis"] = [{"href": epcis, "title": TYPES["epcis"], "type": "application/json"}]
    return {"linkset": [links]}


def description(root: str) -> dict[str, Any]:
    """`/.well-known/gs1resolver`"""
    return {
        "name": "Warmline",
        "resolverRoot": root,
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [{"namespace": VOC, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": True,
        "supportsLanguageVariants": True,
        "validatesAIcombinations": True,
        "activeLinkTypes": {
            "en": {
                f"gs1:{name}": {"title": title, "url": VOC + name} for name, title in TYPES.items()
            }
        },
    }
