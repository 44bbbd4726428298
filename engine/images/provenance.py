"""Writes into a picture's file where it comes from, and reads it back, without touching the pixels.

PNG gets the JSON as iTXt and an XMP packet, JPEG and WebP the packet, which holds the same JSON and the kind of source
in IPTC's words, so that other programs can disclose it. Pure functions over bytes. Sources: PNG 3rd edition 11.3.3.4,
XMP specification part 3, the WebP container specification, IPTC's digital source types.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape, unescape

from engine.errors import PropmasterError
from engine.images.webp_chunks import find_webp_chunk, with_webp_xmp

KEYWORD = "propmaster:provenance"
NAMESPACE = "urn:propmaster:provenance:1:"

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_XMP = "XML:com.adobe.xmp"
_JPEG = b"\xff\xd8"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_SEGMENT_MAX = 65_533
_STANDALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
_RDF_END = "</rdf:RDF>"
_OURS = re.compile(r"<rdf:Description[^>]*urn:propmaster:provenance:1:.*?</rdf:Description>\s*", re.DOTALL)
_HELD = re.compile(r"<propmaster:json>(.*?)</propmaster:json>", re.DOTALL)


class SourceType(StrEnum):
    """IPTC's digital source types, as far as compositions are of them."""

    GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    GENERATED_FROM_PICTURES = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    PASTED_TOGETHER = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture"


class ProvenanceImpossible(PropmasterError):
    """The file is none that can carry a provenance, or the provenance is too long for it."""

    code = "provenance_impossible"


def with_provenance(data: bytes, provenance: Mapping[str, Any], source: SourceType) -> bytes:
    """Return the file with its provenance, in place of any it had. Raises ProvenanceImpossible."""
    text = json.dumps(provenance, ensure_ascii=False, sort_keys=True)
    packet = _packet(_find_packet(data), text, source)
    if data.startswith(_PNG):
        return _with_png_texts(data, {KEYWORD: text, _PNG_XMP: packet})
    if data.startswith(_JPEG):
        return _with_jpeg_xmp(data, packet.encode())
    if data[8:12] == b"WEBP":
        return with_webp_xmp(data, packet.encode())
    raise ProvenanceImpossible("Only PNG, JPEG and WebP carry their provenance.", "Save the picture as PNG.")


def find_provenance(data: bytes) -> dict[str, Any] | None:
    """Return what `with_provenance` wrote into a file, None where nothing or nothing legible is."""
    text = _find_png_text(data, KEYWORD) if data.startswith(_PNG) else None
    if text is None:
        held = _HELD.search(_find_packet(data) or "")
        text = unescape(held[1]) if held else None
    try:
        found = json.loads(text) if text is not None else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _packet(existing: str | None, text: str, source: SourceType) -> str:
    ours = (
        f'<rdf:Description rdf:about="" xmlns:propmaster="{NAMESPACE}"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>"
        f"<propmaster:json>{escape(text)}</propmaster:json></rdf:Description>"
    )
    if existing is not None and _RDF_END in existing:
        before, end, after = _OURS.sub("", existing).rpartition(_RDF_END)
        return f"{before}{ours}{end}{after}"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{ours}{_RDF_END}</x:xmpmeta>'
        '<?xpacket end="w"?>'
    )


def _find_packet(data: bytes) -> str | None:
    if data.startswith(_PNG):
        return _find_png_text(data, _PNG_XMP)
    packet = None
    if data.startswith(_JPEG):
        segments = (data[start:end] for start, end in _jpeg_segments(data))
        packet = next((one[4 + len(_JPEG_XMP) :] for one in segments if one[4:].startswith(_JPEG_XMP)), None)
    elif data[8:12] == b"WEBP":
        packet = find_webp_chunk(data, b"XMP ")
    return None if packet is None else packet.decode("utf-8", "replace")


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Yield kind, content, start and end of each chunk up to IEND or the file's end."""
    position = len(_PNG)
    while position + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, position)
        end = position + 12 + length
        yield data[position + 4 : position + 8], data[position + 8 : end - 4], position, end
        position = end


def _with_png_texts(data: bytes, texts: Mapping[str, str]) -> bytes:
    parts = [_PNG]
    for kind, content, start, end in _png_chunks(data):
        if kind == b"iTXt" and content.partition(b"\0")[0].decode("latin-1") in texts:
            continue
        parts.append(data[start:end])
        if kind == b"IHDR":
            parts += [_png_text(keyword, text) for keyword, text in texts.items()]
    return b"".join(parts)


def _png_text(keyword: str, text: str) -> bytes:
    content = b"iTXt" + keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))


def _find_png_text(data: bytes, keyword: str) -> str | None:
    """Return an uncompressed iTXt, which is how this module and XMP writers write."""
    wanted = keyword.encode("latin-1")
    for kind, content, _, _ in _png_chunks(data):
        if kind != b"iTXt" or not content.startswith(wanted + b"\0\0"):
            continue
        fields = content[len(wanted) + 3 :].split(b"\0", 2)
        return fields[2].decode("utf-8", "replace") if len(fields) == 3 else None
    return None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each marker segment before the first scan."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker in (0xDA, 0xD9):
            return
        if marker in _STANDALONE or marker == 0xFF:
            position += 1 if marker == 0xFF else 2
            continue
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        yield position, end
        position = end


def _with_jpeg_xmp(data: bytes, packet: bytes) -> bytes:
    content = _JPEG_XMP + packet
    if len(content) > _JPEG_SEGMENT_MAX:
        raise ProvenanceImpossible(
            f"The provenance of {len(packet):,} bytes does not fit into a JPEG.", "Shorten the prompt, or save as PNG."
        )
    parts, position = [_JPEG], 2
    segment = b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
    for start, end in _jpeg_segments(data):
        is_header = data[start + 1] in (0xE0, 0xE1)
        if segment and not is_header:
            parts.append(segment)
            segment = b""
        if not data[start + 4 :].startswith(_JPEG_XMP):
            parts.append(data[start:end])
        position = end
    return b"".join([*parts, segment, data[position:]])
