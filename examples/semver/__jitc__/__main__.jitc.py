# jitc companion 1
# The bodies of __main__.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in __main__.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: dddb23443bcf1f5458dda2423f602968


# --- build_parser
# spec: ac694ae372ee3bcbf011fd421502768f
# body: ad5ca18769313fa01a4632d4de706267
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports
# date: 2026-11-23
# tokens: 2046 read, 651 written, for 3 stubs
def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="semver")
    commands = parser.add_subparsers(dest="command", required=True)
    sort = commands.add_parser("sort")
    sort.add_argument("versions", nargs="+")
    # likewise: bump with part (choices=) and version; match with range and versions (nargs="+")


# --- bump
# spec: d52939f685feb1f51e19dbe98119268e
# body: 55a5afdf69f603353b7ad9294670c759
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports
# date: 2026-11-23
# tokens: 2046 read, 651 written, for 3 stubs
def bump(version: Version, part: str) -> Version:
    if part == "major":
        return Version(version.major + 1, 0, 0)
    elif part == "minor":
        return Version(version.major, version.minor + 1, 0)
    elif part == "patch":
        return Version(version.major, version.minor, version.patch + 1)
    else:
        raise ValueError("Invalid part")


# --- run
# spec: df1f596d3d25e067467d4fb195aed319
# body: 6506cba0ca1116bda296a0110c3c8480
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports
# date: 2026-11-23
# tokens: 2046 read, 651 written, for 3 stubs
def run(arguments: argparse.Namespace) -> list[str]:
    if arguments.command == "bump":
        return [str(bump(parse(arguments.version), arguments.part))]
    versions = [parse(text) for text in arguments.versions]
    # now sort, or match
    if arguments.command == "sort":
        return sorted(versions)
    elif arguments.command == "match":
        return [version for version in versions if satisfies(version, arguments.range)]


# --- end of file
