"""Events as they were told, kept small: sixteen together, pressed against words they all share.

A partner gets back what it sent, to the letter (but for what a server adds), and a row costs a tenth
of its JSON.
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any

TOGETHER = 16
# The commonest words stand last: near things are referred to shortest.
SHARED = (
    b'"errorDeclaration":{"declarationTime":"persistentDisposition":{"set":["transformationID":'
    b'"inputEPCList":["outputEPCList":["inputQuantityList":["outputQuantityList":['
    b'"sensorElementList":[{"sensorMetadata":{"time":"sensorReport":[{"type":"Temperature","value":'
    b'"uom":"CEL""quantityList":[{"epcClass":"https://id.gs1.org/01/0","quantity":1,"uom":"KGM"}]'
    b'"ilmd":{"cbvmda:lotNumber":"","cbvmda:itemExpirationDate":"2027-","certificationInfo":"https://'
    b'"sourceList":[{"type":"possessing_party","source":"https://id.gs1.org/417/69'
    b'"destinationList":[{"type":"possessing_party","destination":"https://id.gs1.org/417/69'
    b'"bizTransactionList":[{"type":"inv","bizTransaction":"urn:epcglobal:cbv:bt:69'
    b'"type":"AggregationEvent","parentID":"https://id.gs1.org/00/0069"childEPCs":['
    b'"action":"DELETE","bizStep":"unpacking","action":"ADD","bizStep":"packing",'
    b'"disposition":"container_closed","disposition":"in_transit","bizStep":"shipping",'
    b'"bizStep":"receiving","bizStep":"commissioning","disposition":"active","bizStep":"stocking",'
    b'"bizStep":"retail_selling","disposition":"retail_sold",'
    b'"readPoint":{"id":"https://id.gs1.org/414/69"},"bizLocation":{"id":"https://id.gs1.org/414/69"},'
    b'"eventID":"ni:///sha-256;"eventID":"urn:uuid:'
    b'{"type":"ObjectEvent","eventTime":"2026-11-22T10:00:00+08:00","eventTimeZoneOffset":"+08:00",'
    b'"action":"OBSERVE","epcList":["https://id.gs1.org/01/0690'
)

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def press(events: Sequence[Any]) -> bytes:
    """These events as bytes; raises ValueError for what JSON cannot say."""
    return press_text(_encode(events))


def press_text(text: str) -> bytes:
    """The same for events that are JSON already, without blanks between.

    The window is as wide as the text and no wider: to clear a wide one costs more than to press.
    """
    said = text.encode()
    window = min(15, max(9, (len(said) + len(SHARED)).bit_length()))
    pressing = zlib.compressobj(level=6, wbits=-window, zdict=SHARED)
    return pressing.compress(said) + pressing.flush()


def unpress(body: bytes) -> list[Any]:
    text = zlib.decompressobj(wbits=-15, zdict=SHARED).decompress(body)
    events: list[Any] = json.loads(text)
    return events
