"""What can go wrong, named. The words a person reads for each are in `ui/errors.py`."""

from __future__ import annotations

from pathlib import Path


class DoiThoaiError(Exception):
    """The root of every error that is explained to a person in one sentence."""


class BadFile(DoiThoaiError):
    """A file that cannot be used; `reason` is a short key and `detail` what it is about."""

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(f"{path}: {reason} {detail}".strip())
        self.path = path
        self.reason = reason
        self.detail = detail


class BadMeeting(BadFile):
    """A meeting file: not_found, not_yaml, too_large, not_mapping, unknown_key, missing_key, bad_value,
    bad_date, duplicate_topic."""


class BadSound(BadFile):
    """A sound file: not_found, empty, not_sound, no_speech."""


class BadVoice(DoiThoaiError):
    """A sample that no voice can be kept from; `reason` is short (too little speech) or several (people)."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(f"{reason}: {seconds:.1f} s")
        self.reason = reason
        self.seconds = seconds


class BadTranscript(BadFile):
    """A transcript: not_found, not_json, missing_key, bad_value, empty."""


class BadTemplate(BadFile):
    """A Word template: not_docx, unknown_field (`detail` names it), broken_field."""


class BadScan(BadFile):
    """A paper that cannot be kept beside minutes: unapproved, not_scan, too_large."""


class BadParticulars(DoiThoaiError):
    """What was filled in before signing is wrong: number, order (ended before it began); `detail` names it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class BadBackup(BadFile):
    """A backup or its place: no_data, inside, not_found, not_backup, damaged, unsafe, too_large,
    not_empty (`detail` names the file inside)."""


class NoPdf(DoiThoaiError):
    """A paper could not be printed as PDF; `reason` is missing (no LibreOffice) or failed."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class WrongFormat(DoiThoaiError):
    """A paper that is not made in this format; `formats` are those it is made in."""

    def __init__(self, suffix: str, formats: tuple[str, ...]) -> None:
        super().__init__(f"{suffix}: {', '.join(formats)}")
        self.suffix = suffix
        self.formats = formats


class NothingToWrite(DoiThoaiError):
    """The meeting has nothing for this kind of paper."""

    def __init__(self, paper: str) -> None:
        super().__init__(paper)
        self.paper = paper


class BadSetting(BadFile):
    """A settings file: not_yaml, unknown_key, bad_value, not_here (`detail` names it)."""


class BadModel(BadFile):
    """The folder of a Whisper model: not_found, incomplete (`detail` names the missing file)."""


class WeightsMissing(DoiThoaiError):
    """Weights that are not installed, or whose files do not carry the expected SHA-256."""

    def __init__(self, name: str, reason: str = "missing") -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class WeightsUnreachable(DoiThoaiError):
    """The package that carries the weights could not be downloaded."""

    def __init__(self, name: str, package: str, detail: str) -> None:
        super().__init__(f"{name}: {package}: {detail}")
        self.name = name
        self.package = package
        self.detail = detail


class DiskFull(DoiThoaiError):
    """No room left at `path`; `needed` bytes would have been enough (0 when unknown)."""

    def __init__(self, path: Path, needed: int = 0) -> None:
        super().__init__(f"{path}: {needed} bytes needed")
        self.path = path
        self.needed = needed


class Busy(DoiThoaiError):
    """Another process is already at work on `what`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NotFound(DoiThoaiError):
    """No record of this kind has this id."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind} {key}")
        self.kind = kind
        self.key = key


class StaleEdit(DoiThoaiError):
    """An edit based on an older version: `yours` was typed while `theirs` was saved."""

    def __init__(self, field: str, theirs: str, yours: str) -> None:
        super().__init__(field)  # neither text: an error may come into a log
        self.field = field
        self.theirs = theirs
        self.yours = yours


class KeptSecret(DoiThoaiError):
    """What a denunciation holds would be kept secret no longer."""


class FrozenMinutes(DoiThoaiError):
    """Minutes that nobody changes any more; `reason` is signed (they wait for the chair) or approved."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotApprovable(DoiThoaiError):
    """A step towards official minutes that cannot be taken.

    `reason`: right (the account may not), stale (someone took a step or edited meanwhile), already_signed,
    already_approved, already_published, unsigned, unapproved, unreviewed (`detail`: how many questions), empty (nothing
    was understood), no_reason, no_correction (nothing is approved yet), same_person (who signed approves for nobody
    else), changed (`detail`: the file that was changed from outside).
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class NoCluster(DoiThoaiError):
    """A cluster that cannot be used; `reason` is missing (not installed here) or unreachable."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class OtherEngine(DoiThoaiError):
    """A machine of a cluster hears with another engine, model or version: its words may differ."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"{found} instead of {wanted}")
        self.found = found
        self.wanted = wanted


class NotReplaceable(DoiThoaiError):
    """A transcript that must stay: approved, approved_summaries, edited_words,
    edited_questions (`detail` names them), dropped_questions (`detail` says how many).
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class SignInRefused(DoiThoaiError):
    """No account has this login and password, or it is disabled: which of them is not told."""

    def __init__(self) -> None:
        super().__init__("refused")


class SignInLocked(DoiThoaiError):
    """Too many failures for this login; `minutes` until it may be tried again."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"{minutes} minutes")
        self.minutes = minutes


class BadAccount(DoiThoaiError):
    """An account that cannot be kept as typed: no_login, bad_login, login_taken, no_name, name_taken, no_roles,
    email_taken, last_administrator, not_first, short_password (`least` characters), long_password,
    password_is_login."""

    def __init__(self, reason: str, least: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.least = least


class NotAllowed(DoiThoaiError):
    """The account that is signed in may not do this (`act` of `models.rights`)."""

    def __init__(self, act: str) -> None:
        super().__init__(act)
        self.act = act


class NotNamedForDenunciations(DoiThoaiError):
    """Something of a denunciation was asked for by an account that is not named for them."""

    def __init__(self) -> None:
        super().__init__("denunciation")


class NotOnNetwork(DoiThoaiError):
    """The pages cannot be opened to other computers like this: not_safe, both, half, not_switched_on, no_account,
    no_file, bad_certificate or bad_address (`detail` names it)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class NoLanguageModel(DoiThoaiError):
    """The language model on this machine did not help: off, not_here, unreachable, slow, refused, unreadable."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail
