"""Encodes what is the same for every meeting, the catalogue and what people say of it, and stores the vectors.

    python benchmarks/known.py

To be run again whenever these texts or the encoder change: until then they are encoded anew in every process.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from summarize.catalogue import fixed_texts
from summarize.embedding import open_embedder

TARGET = Path(__file__).parents[1] / "summarize" / "known.npz"


def main() -> None:
    embedder, (passages, queries) = open_embedder().attuned(), fixed_texts()
    embedder.forget()
    embedder.passages(passages)
    embedder.queries(queries)
    texts, vectors = embedder.known()
    np.savez_compressed(TARGET, texts=np.array(texts), vectors=vectors)
    print(f"{len(texts)} vectors, {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
