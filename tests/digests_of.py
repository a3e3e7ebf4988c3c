"""Print one line a function of some files: where it is and its spec digest. Needs nothing but the standard library."""

from __future__ import annotations

import ast
import sys

sys.path.insert(0, sys.argv[1])
sys.modules["libcst"] = None  # type: ignore[assignment]

from jitc_import.source.checksum import source_digest  # noqa: E402
from jitc_import.source.definitions import definitions  # noqa: E402
from jitc_import.source.spec import spec_digest  # noqa: E402

for path in sys.argv[2:]:
    with open(path, "rb") as file:
        source = file.read()
    sys.stdout.write(f"{path} {source_digest(source)}\n")
    for key, node in definitions(ast.parse(source)):
        draft = spec_digest(node, hints=["a hint"], options={"seed": 1, "temperature": 0.5, "model": None})
        sys.stdout.write(f"{path} {key} {draft}\n")
