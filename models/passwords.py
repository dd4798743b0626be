"""Passwords: only what argon2id makes of them is kept (RFC 9106), never they themselves."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import BadAccount
from models.folding import fold, nfc

LEAST, MOST = 10, 200
"""Characters. Length is what protects; rules about signs and capitals make people write passwords down."""

HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16)
"""argon2id with the parameters that RFC 9106 recommends where memory is scarce (section 4, second option: 64 MiB); a
hash made with others is made anew when its owner signs in (`needs_rehash`)."""
AT_ONCE = BoundedSemaphore(2)
"""So many are worked out at a time: strangers who try many logins at once must not fill the memory."""


def checked(password: str, *not_like: str) -> str:
    """The password as it is hashed: one form for letters with tone marks, whatever keyboard wrote them.

    Raises BadAccount when it is too short, too long, or one of `not_like`.
    """
    password = nfc(password)
    if len(password) < LEAST:
        raise BadAccount("short_password", LEAST)
    if len(password) > MOST:
        raise BadAccount("long_password", MOST)
    if fold(password) in map(fold, not_like):
        raise BadAccount("password_is_login")
    return password


def hashed(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(nfc(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one behind a hash; without one it takes the same time and is never right."""
    kept_or_nobodys = kept or _nobodys()
    try:
        with AT_ONCE:
            return HASHER.verify(kept_or_nobodys, nfc(password[:MOST])) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """A hash that no account has, made with the parameters of the others."""
    return HASHER.hash("nobody has this password")
