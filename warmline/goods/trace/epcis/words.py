"""The standard's vocabulary: a bare word, a CURIE, an old URN and a web address are one thing."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

CBV = "https://ref.gs1.org/cbv/"
GS1 = "https://gs1.org/voc/"
NAMESPACES = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": GS1,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
PREFIX = {  # which field's words have which prefix in the vocabulary
    "bizStep": "BizStep-",
    "disposition": "Disp-",
    "set": "Disp-",
    "unset": "Disp-",
    "bizTransactionType": "BTT-",
    "sourceType": "SDT-",
    "reason": "ER-",
    "component": "Comp-",
}
OLD = {
    "urn:epcglobal:cbv:bizstep:": CBV + "BizStep-",
    "urn:epcglobal:cbv:disp:": CBV + "Disp-",
    "urn:epcglobal:cbv:btt:": CBV + "BTT-",
    "urn:epcglobal:cbv:sdt:": CBV + "SDT-",
    "urn:epcglobal:cbv:er:": CBV + "ER-",
}


@lru_cache(maxsize=4_096)
def full(word: str, field: str) -> str:
    """A word of this field as the address it stands for."""
    if "://" in word:
        return word
    if ":" in word:
        for old, new in OLD.items():
            if word.startswith(old):
                return new + word[len(old) :]
        prefix, _, rest = word.partition(":")
        return NAMESPACES[prefix] + rest if prefix in NAMESPACES else word
    if field in ("sensorType", "exception"):
        return GS1 + word
    if field in PREFIX:
        return CBV + PREFIX[field] + word
    return word


@lru_cache(maxsize=4_096)
def short(address: str) -> str:
    """The bare word, as events are written; an address outside the vocabulary stays one."""
    if address.startswith(CBV):
        head, _, word = address[len(CBV) :].partition("-")
        if word and f"{head}-" in PREFIX.values():
            return word
    return address


def schema() -> dict[str, Any]:
    """GS1's JSON Schema of EPCIS 2.0.1, as published."""
    text = Path(__file__).with_name("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
