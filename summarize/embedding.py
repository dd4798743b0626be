"""Sentences to vectors: the installed encoder, or any other sentence-transformers model."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import WeightsMissing
from models.weights import require
from summarize.weights import E5

ATTUNED = Path(__file__).parent / "attuned.npz"
"""Learned by `benchmarks/encoder.py`: for each matrix two thin ones, `.down` (rank, inputs), `.up` (outputs, rank)."""
ATTUNED_VERSION = 3
MOST_KNOWN = 20_000  # texts remembered: some 30 MB
BATCH = 8  # texts of like length: in larger batches long ones make short ones longer
Vectors = npt.NDArray[np.float32]


class Embedder:
    """Turns texts into vectors of length one, so that their dot product is their cosine.

    The e5 family was trained with "query: " before what is looked for and "passage: " before
    where it is looked for; other models get the texts as they are. What was encoded before is
    remembered: while a meeting goes on, the same topics and questions are asked for again and again.
    """

    def __init__(self, model: Any, generator: str, query: str = "", passage: str = "") -> None:
        self.generator = generator
        self._model = model
        self._query = query
        self._passage = passage
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def queries(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, d): what is looked for, such as questions."""
        return self._encode([self._query + text for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, d): where it is looked for, such as descriptions."""
        return self._encode([self._passage + text for text in texts])

    def attuned(self) -> Embedder:
        """The same encoder, taught how people ask and answer at meetings: what understanding them rests on.

        Search keeps to the encoder as it is, so that stored vectors outlive what is taught.
        """
        shared = self._model.tokenizer  # as is the word table: together most of what an encoder takes
        model = copy.deepcopy(self._model, {id(shared): shared})
        _change(model[0].auto_model)
        taught = Embedder(model, f"{self.generator}+attuned-{ATTUNED_VERSION}", self._query, self._passage)
        taught.know(*shipped())
        return taught

    def know(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Remembers what `known` told of before."""
        self._known.update(zip(texts, vectors, strict=True))

    def known(self) -> tuple[list[str], Vectors]:
        """All texts remembered, with what the encoder wants before them, and their vectors, float32 (n, d)."""
        return list(self._known), np.stack(list(self._known.values()))

    def forget(self) -> None:
        """Encodes anew what is asked for next."""
        self._known.clear()

    def _encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension()), dtype=np.float32)
        if len(self._known) + len(texts) > MOST_KNOWN:
            self.forget()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            with _one_thread() if len(new) == 1 else nullcontext():
                vectors = self._model.encode(new, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
            self._known.update(zip(new, np.asarray(vectors, dtype=np.float32), strict=True))
        return np.stack([self._known[text] for text in texts])


@contextmanager
def _one_thread() -> Iterator[None]:
    """A single short text is no work to share: on a busy machine its threads would only wait for one another."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def open_embedder(model: str | None = None) -> Embedder:
    """The installed encoder, or the sentence-transformers model in the folder (or of the name) `model`.

    Raises WeightsMissing when the encoder is not installed, or the named model is not on this machine.
    """
    if model is None:
        return Embedder(_load_light(str(require(E5))), f"sentence-transformers/{E5.name}/{_version()}",
                        query="query: ", passage="passage: ")
    try:
        loaded = _load(model)
    except OSError as error:
        raise WeightsMissing(model) from error
    name = Path(model).name
    if "e5" in name.lower().replace("_", "-").split("-"):
        return Embedder(loaded, f"sentence-transformers/{name}/{_version()}", query="query: ", passage="passage: ")
    return Embedder(loaded, f"sentence-transformers/{name}/{_version()}")


def shipped() -> tuple[list[str], Vectors]:
    """What the attuned encoder makes of the catalogue and of what people say of it, (n) and float32 (n, d), written by
    `benchmarks/known.py`: each process would spend seconds on them before its first question."""
    with resources.files("summarize").joinpath("known.npz").open("rb") as file:
        stored = np.load(file)
        return stored["texts"].tolist(), stored["vectors"]


def _change(network: Any) -> None:
    """Adds to the layers' matrices what was learned (LoRA: Hu et al. 2021, arXiv 2106.09685)."""
    import torch

    with np.load(ATTUNED) as thin, torch.no_grad():
        for name in {key.rpartition(".")[0] for key in thin.files}:
            down, up = (torch.from_numpy(thin[f"{name}.{side}"].astype(np.float32)) for side in ("down", "up"))
            network.get_submodule(name).weight += up @ down


def _load_light(model: str) -> Any:
    """A model stored in half precision, its word table kept so: four fifths of its weights are that table.

    Rows are made single precision as they are looked up, everything else at once, so that the vectors
    are those of the whole model in single precision, to the last bit, in a quarter less memory.
    """
    import torch

    loaded = _load(model, dtype=torch.float16)
    network = loaded[0].auto_model
    table = network.embeddings.word_embeddings.weight.detach()
    network.embeddings.word_embeddings = torch.nn.Identity()
    network.float()

    class Rows(torch.nn.Module):
        def forward(self, words: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.embedding(words, table).float()

    network.embeddings.word_embeddings = Rows()
    return loaded


def _load(model: str, **options: Any) -> Any:
    """Imported here because the import alone takes seconds; nothing may be fetched over the network."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    # The encoder has no pooler, and transformers would say so at length.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(model, device="cpu", local_files_only=True, model_kwargs=options)


def _version() -> str:
    from importlib.metadata import version

    return version("sentence-transformers")
