#!/usr/bin/env python3
"""Sets everything up and opens the app; with `test`, sets everything up and runs the tests.

    python3 start.py          opens the app
    python3 start.py test     lint, types and tests

Needs only Python 3.11 or newer. A second run finds what is there and takes seconds.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.txt"

RUN_PACKAGES = ("libportaudio2",)
TEST_PACKAGES = ("libportaudio2", "chromium", "libreoffice-writer", "poppler-utils", "pulseaudio",
                 "pulseaudio-utils", "libasound2-plugins", "fonts-liberation")

TOO_OLD = "Cần Python 3.11 trở lên; máy này đang dùng {version}. Hãy cài bản mới từ python.org rồi chạy lại."
NO_VENV = "Không tạo được môi trường Python; trên Debian/Ubuntu hãy chạy: sudo apt-get install python3-venv"
STEP = "• {what} …"
APT_LINE = "Cần thêm gói hệ thống; hãy chạy lệnh này rồi chạy lại:\n    sudo apt-get install {packages}"
FAILED = "Bước «{what}» không xong (mã {code}). Hãy xem dòng báo lỗi ở trên, kiểm tra mạng rồi chạy lại."
READY = "Đã cài xong trong {seconds:.0f} giây, dùng {megabytes:.0f} MB đĩa."
USAGE = "Cách dùng: python3 start.py [test]"


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python must read a sentence
        return stop(TOO_OLD.format(version=sys.version.split()[0]))
    if arguments not in ([], ["test"]):
        return stop(USAGE)
    testing = arguments == ["test"]
    set_up(testing)
    return run_tests() if testing else subprocess.call([str(PYTHON), "-m", "ui.cli", "app"], cwd=ROOT)


def set_up(testing: bool) -> None:
    """Installs what is missing, and says what it took when anything was."""
    started, before = time.monotonic(), shutil.disk_usage(ROOT).free
    system_packages(TEST_PACKAGES if testing else RUN_PACKAGES)
    installed = python_packages(testing)
    weights = [str(PYTHON), "-m", "ui.cli", "weights", "install", *(["--all"] if testing else [])]
    if installed or not weights_are_there(testing):
        step("cài các bộ nhận dạng", weights)
        taken = before - shutil.disk_usage(ROOT).free
        say(READY.format(seconds=time.monotonic() - started, megabytes=max(taken, 0) / 1e6))


def system_packages(wanted: tuple[str, ...]) -> None:
    """Gets Debian packages where that can be done without asking; otherwise says which line to run."""
    if not shutil.which("dpkg-query"):
        return
    missing = [name for name in wanted if not has_package(name)]
    if not missing:
        return
    if os.geteuid() != 0:
        return say(APT_LINE.format(packages=" ".join(missing)))
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step("đọc danh sách gói hệ thống", ["apt-get", "update", "-qq"], quiet)
    step("cài gói hệ thống " + " ".join(missing),
         ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], quiet)


def has_package(name: str) -> bool:
    query = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", name], capture_output=True, text=True, check=False)
    return "install ok installed" in query.stdout


def python_packages(testing: bool) -> bool:
    """Makes the environment and installs the pinned packages; False when that was done before."""
    stamp = f"{'test' if testing else 'run'} {fingerprint()}"
    done = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() else []
    if stamp in done:
        return False
    say(STEP.format(what="tạo môi trường Python"))
    if not PYTHON.exists():
        try:
            venv.create(VENV, with_pip=True)
        except (subprocess.CalledProcessError, OSError):
            raise SystemExit(stop(NO_VENV)) from None
    target = f"{ROOT}[test]" if testing else str(ROOT)
    step("cài các gói Python (vài phút ở lần đầu)",
         [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
          "--constraint", str(ROOT / "constraints.txt"), "--editable", target])
    STAMP.write_text("\n".join([*(line for line in done if line.endswith(fingerprint())), stamp]), encoding="utf-8")
    return True


def fingerprint() -> str:
    """Changes whenever what must be installed changes."""
    content = b"".join((ROOT / name).read_bytes() for name in ("constraints.txt", "pyproject.toml"))
    return hashlib.sha256(content + str(ROOT).encode()).hexdigest()


def weights_are_there(testing: bool) -> bool:
    listed = subprocess.run([str(PYTHON), "-c", CHECK_WEIGHTS, "all" if testing else "default"], cwd=ROOT, check=False)
    return listed.returncode == 0


CHECK_WEIGHTS = """
import sys, transcribe.weights, summarize.weights
from models.weights import is_installed
wanted = [w for w in (*transcribe.weights.ALL, *summarize.weights.ALL) if w.default or sys.argv[1] == "all"]
sys.exit(not all(map(is_installed, wanted)))
"""


def run_tests() -> int:
    """Lint, types, tests: the first that fails ends the run."""
    for command in (["-m", "ruff", "check"], ["-m", "mypy"]):
        code = subprocess.call([str(PYTHON), *command], cwd=ROOT)
        if code:
            return code
    return run_pytest()


TWO_FILES = ["--numprocesses", "2", "--dist", "loadfile"]


def run_pytest() -> int:
    """Tests of sound and browsers mostly wait: beside them run, standing back and with one thread each, all others, two
    files at a time, which are told of last."""
    tests = [str(PYTHON), "-m", "pytest", "-m"]
    standing_back = ["nice"] if shutil.which("nice") else []
    with tempfile.TemporaryFile() as told:
        others = subprocess.Popen([*standing_back, *tests, "not real_time", *TWO_FILES], cwd=ROOT, stdout=told,
                                  stderr=told, env={**os.environ, "OMP_NUM_THREADS": "1"})
        code = subprocess.call([*tests, "real_time"], cwd=ROOT)
        code = others.wait() or code
        told.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(told, sys.stdout.buffer)
    return code


def step(what: str, command: list[str], environment: dict[str, str] | None = None) -> None:
    """Runs one step aloud; a failure ends everything with a sentence."""
    say(STEP.format(what=what))
    code = subprocess.call(command, cwd=ROOT, env=environment)
    if code:
        raise SystemExit(stop(FAILED.format(what=what, code=code)))


def say(sentence: str) -> None:
    print(sentence, flush=True)


def stop(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    raise SystemExit(main(sys.argv[1:]))
