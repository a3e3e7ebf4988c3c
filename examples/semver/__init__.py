"""Semantic versions (https://semver.org, 2.0.0): parse, compare, bump, and match against ranges."""

from .ranges import Comparator, parse_range, satisfies
from .version import InvalidVersionError, Version, parse

__all__ = ["Comparator", "InvalidVersionError", "Version", "parse", "parse_range", "satisfies"]
