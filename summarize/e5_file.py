"""Reads the 4-bit file of multilingual-e5-small and writes it as sentence-transformers loads it.

The file begins with "E5S1" and the sizes of the network, followed by the SentencePiece
vocabulary, a character map (NFKC and the folding of spaces, which is how it is written out
here), a directory of tensors, and the tensors. Type 0 is float32; type 1 is Q4_0, blocks of
one float16 scale and 32 nibbles, where a value is (nibble - 8) x scale, the low nibbles first.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

HalfFloats = npt.NDArray[np.float16]

BLOCK = 32  # values that share one scale
BLOCK_BYTES = 2 + BLOCK // 2
BLOCKS_AT_ONCE = 100_000  # keeps memory low while the largest tensor is read

CONTROL_CHARACTERS = "[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x{8f}\\x{9f}]"
SPACES = "[\\t\\n\\x0c\\r\\x{1680}\\x{200b}-\\x{200f}\\x{2028}\\x{2029}\\x{2581}\\x{feff}\\x{fffd}]"

LAYER_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}
EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight", "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight", "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True)
class Sizes:
    """How large the network is, as its file says."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """SentencePiece unigrams with their log-probabilities, and the places of the special ones."""

    pieces: list[tuple[str, float]]
    start: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True)
class Tensor:
    """Where one tensor lies in the file, and how many values it has."""

    name: str
    quantised: bool
    count: int
    offset: int


def convert(source: Path, target: Path) -> None:
    """Writes the folder `target` that `SentenceTransformer(str(target))` loads.

    Every byte written follows from the source alone, so the files are the same on every machine.
    Raises ValueError when `source` is not such a file.
    """
    with source.open("rb") as file:
        sizes = _read_sizes(file)
        vocabulary = _read_vocabulary(file)
        _skip_character_map(file)
        tensors = _read_directory(file)
        with (target / "model.safetensors").open("wb") as out:
            _write_tensors(file, tensors, sizes, out)
    _write_json(target / "tokenizer.json", _tokenizer(vocabulary))
    _write_json(target / "tokenizer_config.json", _tokenizer_config(sizes))
    _write_json(target / "config.json", _network_config(sizes, vocabulary))
    _write_json(target / "modules.json", _modules())
    (target / "1_Pooling").mkdir()
    _write_json(target / "1_Pooling" / "config.json",
                {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True})
    _write_json(target / "sentence_bert_config.json", {"max_seq_length": sizes.positions, "do_lower_case": False})


def _take(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    """The next values of the file, little-endian and unpadded."""
    return struct.unpack("<" + layout, file.read(struct.calcsize("<" + layout)))


def _read_sizes(file: BinaryIO) -> Sizes:
    if file.read(4) != b"E5S1":
        raise ValueError("not an E5S1 file")
    _version, *sizes, block = _take(file, "I7ifi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} values")
    return Sizes(*sizes)


def _read_vocabulary(file: BinaryIO) -> Vocabulary:
    count, start, end, padding, unknown, size = _take(file, "5iQ")
    offsets = np.frombuffer(file.read(4 * (count + 1)), "<u4")
    scores = np.frombuffer(file.read(4 * count), "<f4")
    text = file.read(size)
    pieces = [(text[offsets[i]:offsets[i + 1]].decode(), float(scores[i])) for i in range(count)]
    return Vocabulary(pieces, start, end, padding, unknown)


def _skip_character_map(file: BinaryIO) -> None:
    _count, size = _take(file, "iI")
    file.seek(size, 1)


def _read_directory(file: BinaryIO) -> list[Tensor]:
    tensors = []
    (count,) = _take(file, "i")
    for _ in range(count):
        (length,) = _take(file, "H")
        name = file.read(length).decode()
        kind, values, offset, _size = _take(file, "BIQQ")
        tensors.append(Tensor(name, kind == 1, values, offset))
    return tensors


def _write_tensors(file: BinaryIO, tensors: list[Tensor], sizes: Sizes, out: BinaryIO) -> None:
    """The safetensors format: length of the header, header in JSON, then the values."""
    header, end = {}, 0
    for tensor in tensors:
        begin, end = end, end + 2 * tensor.count
        header[_full_name(tensor.name)] = {
            "dtype": "F16", "shape": _shape(tensor, sizes), "data_offsets": [begin, end]}
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    text += b" " * (-len(text) % 8)  # values begin on a multiple of eight
    out.write(struct.pack("<Q", len(text)) + text)
    for tensor in tensors:
        for values in _values(file, tensor):
            out.write(values.astype("<f2").tobytes())


def _full_name(name: str) -> str:
    """The tensor's name in a BertModel."""
    if name in EMBEDDING_NAMES:
        return EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def _shape(tensor: Tensor, sizes: Sizes) -> list[int]:
    """Matrices are stored by rows; a feed-forward's second matrix has rows of the inner size."""
    is_matrix = tensor.quantised or tensor.name in ("emb.pos", "emb.type")
    row = sizes.inner if tensor.name.endswith(".fo.w") else sizes.hidden
    return [tensor.count // row, row] if is_matrix else [tensor.count]


def _values(file: BinaryIO, tensor: Tensor) -> Iterator[HalfFloats]:
    """The tensor's values in order, a stretch at a time."""
    file.seek(tensor.offset)
    if not tensor.quantised:
        yield np.frombuffer(file.read(4 * tensor.count), "<f4").astype(np.float16)
        return
    blocks = tensor.count // BLOCK
    for first in range(0, blocks, BLOCKS_AT_ONCE):
        yield _dequantise(file.read(BLOCK_BYTES * min(BLOCKS_AT_ONCE, blocks - first)))


def _dequantise(data: bytes) -> HalfFloats:
    raw = np.frombuffer(data, np.uint8).reshape(-1, BLOCK_BYTES)
    scale = np.ascontiguousarray(raw[:, :2]).view("<f2").astype(np.float32)
    nibbles = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8) * scale).astype(np.float16)


def _tokenizer(vocabulary: Vocabulary) -> dict[str, Any]:
    """The tokenizer as the `tokenizers` library reads it."""
    names = [piece for piece, _ in vocabulary.pieces]
    start, end = names[vocabulary.start], names[vocabulary.end]
    special = [0, 1, 2, 3, len(names) - 1]  # <s> <pad> </s> <unk> … <mask>
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [
            {"id": i, "content": names[i], "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for i in special],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Replace", "pattern": {"Regex": CONTROL_CHARACTERS}, "content": ""},
            {"type": "Replace", "pattern": {"Regex": SPACES}, "content": " "},
            {"type": "NFKC"},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [_template(start), {"Sequence": {"id": "A", "type_id": 0}}, _template(end)],
            "pair": [_template(start), {"Sequence": {"id": "A", "type_id": 0}}, _template(end),
                     _template(end), {"Sequence": {"id": "B", "type_id": 0}}, _template(end)],
            "special_tokens": {name: {"id": name, "ids": [names.index(name)], "tokens": [name]}
                               for name in (start, end)}},
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": vocabulary.unknown, "byte_fallback": False,
                  "vocab": vocabulary.pieces},
    }


def _template(name: str) -> dict[str, Any]:
    return {"SpecialToken": {"id": name, "type_id": 0}}


def _tokenizer_config(sizes: Sizes) -> dict[str, Any]:
    return {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": sizes.positions,
            "bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>",
            "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>",
            "model_input_names": ["input_ids", "attention_mask"]}


def _network_config(sizes: Sizes, vocabulary: Vocabulary) -> dict[str, Any]:
    return {"architectures": ["BertModel"], "model_type": "bert", "dtype": "float32", "hidden_act": "gelu",
            "hidden_size": sizes.hidden, "num_hidden_layers": sizes.layers, "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.inner, "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions, "type_vocab_size": sizes.types,
            "layer_norm_eps": sizes.epsilon, "pad_token_id": vocabulary.padding,
            "bos_token_id": vocabulary.start, "eos_token_id": vocabulary.end}


def _modules() -> list[dict[str, Any]]:
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return [{"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(kinds)]


def _write_json(path: Path, content: Any) -> None:
    """Line ends are written as they are, so that Windows makes the same bytes."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=None), encoding="utf-8", newline="\n")
