"""Words behind a result that name its type or its notation: "4 (as a string)", "[3, 3] as a tuple", "11 (hex)"."""

from __future__ import annotations

import re

from jitc_import.checks.examples.literals import value_of

_TYPES: dict[str, tuple[type, ...]] = {
    "str|strings?|text": (str,),
    "bytes?|bytearrays?": (bytes, bytearray),
    "ints?|integers?|floats?|numbers?|decimals?": (int, float, complex),
    "bools?|booleans?": (bool,),
    "lists?|arrays?": (list,),
    "tuples?|namedtuples?": (tuple,),
    "sets?|frozensets?": (set, frozenset),
    "dicts?|dictionar(?:y|ies)|mappings?": (dict,),
    "generators?|iterators?|iterables?|deques?|fractions?|dataframes?|tensors?|coroutines?": (),
}
"""Names of types, and which literals are of them; of some, none is."""

_TYPE = "|".join(_TYPES)
_NOTATION = (
    r"binary|hex(?:adecimal)?|octal|unary|roman|ascii|percent(?:age)?|per[ ]cent|(?:base|radix)[ -](?!(?:10|ten)\b)\w+"
)
_LEAD = r"[`*'\"]*[.]?(?:[ ]*\n)?[ ]*(?:[,(;\#]|//|--?|[\u2013\u2014])?[ ]*(?:(?:that|which|it)[ ]is[ ]+|i\.e\.,?[ ]+)?"
_ENDS = (
    r"(?=[`*]*[ ]*(?:\n|\Z|[.,;:)]"
    r"|(?:of|with|not|and|here|because|since|objects?|values?|instances?|notation|form(?:at)?|digits?)\b))"
)
_KIND = re.compile(
    rf"{_LEAD}(?:"
    # An adjective, only behind "as": "0 (empty list)" tells of the argument.
    rf"as[ ]+(?:an?[ ]+)?(?:(?!(?:of|in|for|to|from|is|has)\b)[\w-]+[ ]+){{0,2}}?[`*]*(?P<as>{_TYPE})"
    rf"|(?:an?[ ]+)?[`*]*(?P<type>{_TYPE})"
    # "(100 in binary)" may explain a count, "(5 in binary)" tells what is shown.
    r"|(?:(?![01]+[ ])\d+[ ]+(?=in[ ]))?(?:(?:as|in|written|given|an?)[ ]+){0,3}(?:\w+[ ]+)?"
    rf"(?P<notation>{_NOTATION})"
    rf"){_ENDS}",
    re.IGNORECASE,
)
_OF_A_CLASS = re.compile(rf"{_LEAD}(?-i:as[ ]+an?[ ]+[`*]*[A-Z]\w+)", re.IGNORECASE)
_WRITTEN_SO = re.compile(r"[-+]?0[xXbBoO]|['\"]|[rR]['\"]")
"""Literals that may well be in the notation that is named."""


def is_of_another_kind(literal: str, rest: str) -> bool:
    """Whether the text behind a literal says that what is meant has another type, or that it is no decimal number."""
    match = _KIND.match(rest)
    if match is None:
        return _OF_A_CLASS.match(rest) is not None
    if match["notation"]:
        return _WRITTEN_SO.match(literal) is None
    named = match["as"] or match["type"]
    types = next(types for words, types in _TYPES.items() if re.fullmatch(words, named, re.IGNORECASE))
    value = value_of(literal)
    return not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
