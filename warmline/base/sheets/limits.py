"""How much of a file we are ready to read before we say that it is too much."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a visitor may upload. All of it is checked before or while the file is read."""

    file_bytes: int = 20 * MB
    zip_entries: int = 200
    unpacked_bytes: int = 200 * MB
    ratio: int = 100
    rows: int = 100_000
    columns: int = 200
    cell_chars: int = 32_767
    memory_bytes: int = 512 * MB
    cpu_s: int = 60
    quiet_s: int = 90

    @classmethod
    def for_operator(cls) -> "Limits":
        """What whoever has the command line may read: years of sales in one file."""
        return cls(file_bytes=4096 * MB, rows=50_000_000, cpu_s=1800, quiet_s=900)
