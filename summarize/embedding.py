"""Sentences to vectors: the installed encoder, or any other sentence-transformers model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import WeightsMissing
from models.weights import require
from summarize.weights import E5

Vectors = npt.NDArray[np.float32]


class Embedder:
    """Turns texts into vectors of length one, so that their dot product is their cosine.

    The e5 family was trained with "query: " before what is looked for and "passage: " before
    where it is looked for; other models get the texts as they are.
    """

    def __init__(self, model: Any, generator: str, query: str = "", passage: str = "") -> None:
        self.generator = generator
        self._model = model
        self._query = query
        self._passage = passage

    def queries(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, d): what is looked for, such as questions."""
        return self._encode([self._query + text for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, d): where it is looked for, such as descriptions."""
        return self._encode([self._passage + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension()), dtype=np.float32)
        vectors = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def open_embedder(model: str | None = None) -> Embedder:
    """The installed encoder, or the sentence-transformers model in the folder (or of the name) `model`.

    Raises WeightsMissing when the encoder is not installed, or the named model is not on this machine.
    """
    if model is None:
        return Embedder(_load(str(require(E5))), f"sentence-transformers/{E5.name}/{_version()}",
                        query="query: ", passage="passage: ")
    try:
        loaded = _load(model)
    except OSError as error:
        raise WeightsMissing(model) from error
    name = Path(model).name
    if "e5" in name.lower().replace("_", "-").split("-"):
        return Embedder(loaded, f"sentence-transformers/{name}/{_version()}", query="query: ", passage="passage: ")
    return Embedder(loaded, f"sentence-transformers/{name}/{_version()}")


def _load(model: str) -> Any:
    """Imported here because the import alone takes seconds; nothing may be fetched over the network."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    # The encoder has no pooler, and transformers would say so at length.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(model, device="cpu", local_files_only=True)


def _version() -> str:
    from importlib.metadata import version

    return version("sentence-transformers")
