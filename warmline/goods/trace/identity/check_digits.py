"""The last digit of a GS1 key, by which a slip of the finger is found out."""

from functools import lru_cache


@lru_cache(maxsize=65_536)
def check_digit(body: str) -> str:
    """Weights 3 and 1 in turn, counted from the right; the same for every GS1 key."""
    odd = sum(map(int, body[-1::-2]))
    even = sum(map(int, body[-2::-2]))
    return str(-(3 * odd + even) % 10)


@lru_cache(maxsize=65_536)
def is_whole(key: str) -> bool:
    """Whether these digits end with the digit that they should."""
    return key.isascii() and key.isdigit() and len(key) > 1 and check_digit(key[:-1]) == key[-1]
