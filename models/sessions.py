"""Signing in, and staying so: failures are counted and sessions kept in the store, so a restart forgets neither.

Of a session only the SHA-256 of its token is kept: who reads the file cannot use it to sign in.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from models import passwords
from models.accounts import account, login_of
from models.errors import SignInLocked, SignInRefused
from models.rights import Account
from models.store import now, writing

FAILURES, LOCKED_FOR, LONGEST_LOCK = 5, timedelta(minutes=15), timedelta(hours=4)
"""So many failures lock a login for this time, whether there is such an account or not; each further one for twice as
long as the one before, up to the longest."""
FORGOTTEN = timedelta(hours=8)
"""A failure counts for so long, or until the login succeeds or its password is set anew."""
IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)
"""A session ends after so long without use, and after so long in any case."""
NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use is noted: not each click should write to the disk."""


def sign_in(db: Database, login: str, password: str) -> str:
    """The token of a new session.

    Raises SignInLocked and SignInRefused, the latter alike and about as slowly for an unknown login, a wrong
    password and a disabled account.
    """
    login = login_of(login)[:64]
    _count_try(db, login)
    row = next(db.table("accounts").rows_where("login = ?", [login]), None)
    is_right = passwords.is_right(password, row["password"] if row else None)
    if row is None or not is_right or row["disabled"]:
        raise SignInRefused
    better = passwords.hashed(password) if passwords.needs_rehash(row["password"]) else row["password"]
    with writing(db):
        unchanged = [row["id"], row["password"]]
        if not db.table("accounts").count_where("id = ? and password = ? and not disabled", unchanged):
            raise SignInRefused  # reset or disabled while the password was looked at
        db.table("sign_in_failures").delete_where("login = ?", [login])
        db.table("accounts").update(row["id"], {"password": better})
        return _opened(db, row["id"])


def open_session(db: Database, account_id: int) -> str:
    """A session of an account whose owner has shown who they are; returns its token."""
    with writing(db):
        return _opened(db, account_id)


def _opened(db: Database, account_id: int) -> str:
    token = secrets.token_urlsafe(32)
    db.table("sessions").delete_where("seen < ? or created < ?", [_ago(IDLE), _ago(LONGEST)])
    db.table("sessions").insert({"token": _kept(token), "account": account_id, "created": now(), "seen": now()})
    return token


def signed_in(db: Database, token: str, is_use: bool = True) -> Account | None:
    """Whose session this is, which counts as used now unless `is_use` says that no person is behind it; None when there
    is none or it has expired."""
    if not token:
        return None
    where = "token = ? and seen >= ? and created >= ?"
    for row in db.table("sessions").rows_where(where, [_kept(token), _ago(IDLE), _ago(LONGEST)]):
        found = account(db, row["account"])
        if is_use and row["seen"] < _ago(NOTED_EVERY):
            with writing(db):
                db.execute("update sessions set seen = ? where token = ?", [now(), row["token"]])
        return None if found.is_disabled else found
    return None


def end_session(db: Database, token: str) -> None:
    with writing(db):
        db.table("sessions").delete_where("token = ?", [_kept(token)])


def _count_try(db: Database, login: str) -> None:
    """Counts a try as failed before it is looked at, so that many at once are not more than one after another.

    Raises SignInLocked.
    """
    failures = db.table("sign_in_failures")
    with writing(db):
        failures.delete_where("at < ?", [_ago(FORGOTTEN)])
        tries = [row["at"] for row in failures.rows_where("login = ?", [login], order_by="at")]
        left = _lock_of(len(tries)) - (datetime.now(UTC) - datetime.fromisoformat(tries[-1])) if tries else timedelta()
        if left <= timedelta():
            failures.insert({"login": login, "at": now()})
            return
    raise SignInLocked(-int(-left.total_seconds() // 60))


def _lock_of(failures: int) -> timedelta:
    """For how long a login is locked after so many failures."""
    if failures < FAILURES:
        return timedelta()
    return min(LOCKED_FOR * int(2 ** (failures - FAILURES)), LONGEST_LOCK)


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _ago(time: timedelta) -> str:
    """The moment so long ago, as the store writes it."""
    return (datetime.now(UTC) - time).isoformat(timespec="milliseconds")
