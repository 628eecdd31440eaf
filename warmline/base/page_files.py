"""How styles, scripts and icons are made ready for the pages: hashed names, compressed copies.

WhiteNoise's own storage does all of this too, and takes 48 seconds of a processor for it, most of
them on the source maps and the spare viewer that the API's documentation brings along.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

NOT_ASKED_FOR = (".map", "redoc.standalone.js")


class QuickCompressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=9))


class PageFiles(CompressedManifestStaticFilesStorage):
    # Modules import each other by hashed names: a phone never mixes yesterday's with today's.
    support_js_module_import_aggregation = True
    # Only what styles refer to is renamed in them; source maps are for programmers.
    patterns: ClassVar = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""", '@import url("%(url)s")'),
            ),
        ),
    )

    def create_compressor(self, **wanted: object) -> Compressor:
        return QuickCompressor(**wanted)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files(
            path for path in paths if not path.endswith(NOT_ASKED_FOR)
        )
