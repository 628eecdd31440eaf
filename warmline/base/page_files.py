"""How styles, scripts and icons are made ready for the pages: hashed names, compressed copies.

WhiteNoise's own storage does all of this too, and takes 48 seconds of a processor for it, most of
them on the source maps and the spare viewer that the API's documentation brings along.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urls: dict[str, str] = {}  # of files whose names were made when they were collected

    def url(self, name: str | None, force: bool = False) -> str:
        """A page names some forty files, and their addresses do not change while we are open."""
        if not name or name not in self.hashed_files:
            return super().url(name, force)
        found = self.urls.get(name)
        if found is None:
            found = self.urls[name] = super().url(name, force)
        return found

    def create_compressor(self, **wanted: object) -> Compressor:
        return QuickCompressor(**wanted)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files(
            path for path in paths if not path.endswith(NOT_ASKED_FOR)
        )
