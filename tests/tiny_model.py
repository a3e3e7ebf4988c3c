"""A language model of some 100 KB that llama.cpp loads in no time, and that always says the same.

Its one layer changes nothing: each token leads to REPLY, which is one token, and that one to the end. Where a grammar
forbids REPLY, the grammar decides.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

WIDTH = 32
_U32, _I32, _F32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
_FLOAT = 0
_ALIGNMENT = 32


def write_tiny_model(path: Path, reply: str, *, context: int = 32_768) -> Path:
    """Write a GGUF file of the llama architecture whose model answers `reply`, whatever it is asked."""
    words = [
        "<unk>",
        "<s>",
        "</s>",
        *(f"<0x{byte:02X}>" for byte in range(256)),
        "\u2581",
        reply.replace(" ", "\u2581"),
    ]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *([_BYTE] * 256), _NORMAL, _NORMAL]
    facts = [
        ("general.architecture", _STRING, "llama"),
        ("llama.context_length", _U32, context),
        ("llama.embedding_length", _U32, WIDTH),
        ("llama.block_count", _U32, 1),
        ("llama.feed_forward_length", _U32, WIDTH),
        ("llama.attention.head_count", _U32, 2),
        ("llama.attention.head_count_kv", _U32, 2),
        ("llama.rope.dimension_count", _U32, WIDTH // 2),
        ("llama.attention.layer_norm_rms_epsilon", _F32, 1e-5),
        ("tokenizer.ggml.model", _STRING, "llama"),
        ("tokenizer.ggml.tokens", _STRING, words),
        ("tokenizer.ggml.scores", _F32, [0.0] * len(words)),
        ("tokenizer.ggml.token_type", _I32, kinds),
        ("tokenizer.ggml.bos_token_id", _U32, 1),
        ("tokenizer.ggml.eos_token_id", _U32, 2),
        ("tokenizer.ggml.unknown_token_id", _U32, 0),
        ("tokenizer.ggml.add_space_prefix", _BOOL, False),
    ]
    tensors = _tensors(len(words))
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(facts))
    head += b"".join(_text(name) + _typed(kind, value) for name, kind, value in facts)
    offset = 0
    for name, shape, data in tensors:
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, _FLOAT, offset)
        offset += len(_padded(data))
    path.write_bytes(_padded(head) + b"".join(_padded(data) for _, _, data in tensors))
    return path


def _tensors(tokens: int) -> list[tuple[str, tuple[int, ...], bytes]]:
    """Name, shape (the row's length first) and numbers of each tensor."""
    plain, last = [1.0, *[0.0] * (WIDTH - 1)], [0.0, 1.0, *[0.0] * (WIDTH - 2)]
    nothing = [0.0] * WIDTH
    square, row, table = (WIDTH, WIDTH), (WIDTH,), (WIDTH, tokens)
    zeros, ones = _floats([0.0] * WIDTH**2), _floats([1.0] * WIDTH)
    blocks = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
    return [
        ("token_embd.weight", table, _floats(plain * (tokens - 1) + last)),
        ("output_norm.weight", row, ones),
        ("output.weight", table, _floats(nothing * 2 + last + nothing * (tokens - 4) + plain)),
        ("blk.0.attn_norm.weight", row, ones),
        ("blk.0.ffn_norm.weight", row, ones),
        *((f"blk.0.{name}.weight", square, zeros) for name in blocks),
    ]


def _typed(kind: int, value: object) -> bytes:
    if isinstance(value, list):
        return struct.pack("<IIQ", _ARRAY, kind, len(value)) + b"".join(_plain(kind, item) for item in value)
    return struct.pack("<I", kind) + _plain(kind, value)


def _plain(kind: int, value: object) -> bytes:
    return (
        _text(str(value))
        if kind == _STRING
        else struct.pack({_U32: "<I", _I32: "<i", _F32: "<f", _BOOL: "<?"}[kind], value)
    )


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _floats(numbers: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(numbers)}f", *numbers)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % _ALIGNMENT)
