#!/usr/bin/env python3
"""Bring in the few front-end files that others wrote, and prove that they are what we think.

    tools/vendor.py           fetch the locked versions, verify, copy, draw the icon sprite
    tools/vendor.py --check   are the committed files the ones in the lock? (needs no network)
    tools/vendor.py --lock    after a version was changed by hand in the lock: accept what arrives

Nobody who installs Warmline runs this: the copies are committed. Fetching needs `npm`.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path(__file__).with_name("vendor.lock.json")


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def pack(name: str, version: str, into: Path) -> Path:
    """The package exactly as published: one .tgz."""
    done = subprocess.run(
        ["npm", "pack", "--silent", "--ignore-scripts", f"{name}@{version}"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    return into / done.stdout.split()[-1]


def member(archive: tarfile.TarFile, path: str) -> bytes:
    file = archive.extractfile(f"package/{path}")
    assert file is not None, f"{path} is not a file"
    return file.read()


def drawing(svg: str) -> str:
    """What is inside <svg>…</svg>, on one line."""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
    assert inside is not None
    return re.sub(r"\s*\n\s*", "", inside[1]).replace(" />", "/>")


def sprite(archive: tarfile.TarFile, names: list[str]) -> bytes:
    """One file of <symbol>s; stroke and colour come from the page (`.icon` in look/icon.css)."""
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">'
        f"{drawing(member(archive, f'icons/{name}.svg').decode())}</symbol>"
        for name in names
    ]
    head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence -->'
    return ("\n".join([head, *symbols, "</svg>"]) + "\n").encode()


def bring(package: dict, *, accept: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        tarball = pack(package["name"], package["version"], Path(scratch))
        found = integrity(tarball.read_bytes())
        if accept:
            package["integrity"] = found
        if found != package["integrity"]:
            sys.exit(f"{package['name']} {package['version']} is not what the lock says: {found}")
        with tarfile.open(tarball) as archive:
            for file in package["files"]:
                content = (
                    sprite(archive, package["icons"])
                    if file["from"] == "icons/"
                    else member(archive, file["from"])
                )
                target = ROOT / file["to"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                file["sha512"] = integrity(content)
    print(f"{package['name']} {package['version']}: {len(package['files'])} files")


def strangers(packages: list[dict]) -> list[str]:
    """Files that are missing, changed, or in the vendor folder without an entry in the lock."""
    known = {file["to"]: file["sha512"] for package in packages for file in package["files"]}
    wrong = [
        f"{path}: {'changed' if (ROOT / path).exists() else 'missing'}"
        for path, sha512 in known.items()
        if not (ROOT / path).exists() or integrity((ROOT / path).read_bytes()) != sha512
    ]
    for folder in ("warmline/look/static/vendor", "tests/vendor"):
        found = {str(p.relative_to(ROOT)) for p in (ROOT / folder).rglob("*") if p.is_file()}
        wrong += [f"{path}: not in the lock" for path in sorted(found - known.keys())]
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="verify the committed files")
    parser.add_argument("--lock", action="store_true", help="accept the packages as they arrive")
    options = parser.parse_args()
    lock = json.loads(LOCK.read_text())
    if options.check:
        wrong = strangers(lock["packages"])
        sys.exit("\n".join(wrong) if wrong else 0)
    for package in lock["packages"]:
        bring(package, accept=options.lock)
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
