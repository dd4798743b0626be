"""Who may use the program: accounts, their roles and passwords. Every change stands in the history.

What a role may do is said in `models.rights`; how one signs in and stays so, in `models.sessions`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlite_utils import Database

from models import history, passwords
from models.errors import BadAccount, NotFound
from models.folding import nfc
from models.rights import Account, Act, Role
from models.store import Row, now, writing

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
FIELDS = ("login", "name", "roles", "sees_denunciations", "email", "disabled")
"""What of an account stands in the history word for word."""
PASSWORD_SET = "đặt mật khẩu"
"""What the history says when a password was set."""


def login_of(typed: str) -> str:
    """A login as it is kept: small letters without spaces around."""
    return nfc(typed).strip().lower()


def any_account(db: Database) -> bool:
    """Whether the program was set up: false only before its first administrator."""
    return bool(db.table("accounts").count)


def accounts(db: Database) -> list[Account]:
    """All accounts by name, the disabled ones last."""
    return [_account(row) for row in db.table("accounts").rows_where(order_by="disabled, name")]


def account(db: Database, account_id: int) -> Account:
    """Raises NotFound."""
    for row in db.table("accounts").rows_where("id = ?", [account_id]):
        return _account(row)
    raise NotFound("accounts", account_id)


def account_with_email(db: Database, email: str) -> Account | None:
    """The account that is in use and carries this address of e-mail."""
    for row in db.table("accounts").rows_where("email = ? and email != '' and not disabled", [email.strip().lower()]):
        return _account(row)
    return None


def is_named(db: Database, of: Account, name: str) -> bool:
    """Whether the history means this account by a name, also by one that it had before."""
    return name == of.name or name in {told for number, told in _names_ever(db) if number == of.id}


def create_first(db: Database, new: Account, password: str) -> Account:
    """The first account, an administrator's, while there is none. Raises BadAccount."""
    with writing(db):
        if any_account(db):
            raise BadAccount("not_first")
        return _create(db, replace(new, roles=new.roles | {Role.ADMINISTRATOR}), password, nfc(new.name).strip())


def create(db: Database, new: Account, password: str, by: str) -> Account:
    """Adds an account and returns it with its id. Raises BadAccount."""
    with writing(db):
        return _create(db, new, password, by)


def change(db: Database, changed: Account, by: str) -> Account:
    """Keeps an account as it is now: name, roles, e-mail, whether it is named for denunciations, whether disabled.

    Whoever may do other things than before is signed out everywhere, so that no open page goes on as it was.
    Raises BadAccount, for example for the last administrator.
    """
    number = changed.id or 0
    with writing(db):
        before = account(db, number)
        changed = _checked(db, changed)
        _record(db, number, _texts(before), _texts(changed), by)
        db.table("accounts").update(number, _row(changed))
        if not _administrators(db):
            raise BadAccount("last_administrator")
        if _rights(changed) != _rights(before):
            db.table("sessions").delete_where("account = ?", [number])
    return changed


def set_password(db: Database, account_id: int, password: str, by: str) -> None:
    """Sets a password, signs the account out everywhere, and lets it try again if it was locked. Raises BadAccount."""
    of = account(db, account_id)
    hashed = passwords.hashed(_password(of, password))  # before the lock: it takes a while
    with writing(db):
        _record(db, account_id, {"password": ""}, {"password": PASSWORD_SET}, by)
        db.table("accounts").update(account_id, {"password": hashed})
        db.table("sessions").delete_where("account = ?", [account_id])
        db.table("sign_in_failures").delete_where("login = ?", [of.login])


def is_password_of(db: Database, account_id: int, password: str) -> bool:
    """Whether this is the password of an account, which its owner types once more to change it."""
    kept = next((row["password"] for row in db.table("accounts").rows_where("id = ?", [account_id])), None)
    return passwords.is_right(password, kept)


def changed_from_outside(db: Database) -> Iterator[str]:
    """The logins of accounts that are no longer what the history says of them, or of which it knows nothing; the
    number of one that is gone."""
    told: dict[int, dict[str, str]] = {}
    for row in db.table("revisions").rows_where("record = 'account'", order_by="id"):
        told.setdefault(row["record_id"], {})[row["field"]] = row["after"]
    for row in db.table("accounts").rows_where(order_by="id"):
        history_says = told.pop(row["id"], None)
        if history_says is None or any(str(row[name]) != history_says.get(name, "") for name in FIELDS):
            yield row["login"]
    yield from (texts.get("login", str(number)) for number, texts in told.items())


def _create(db: Database, new: Account, password: str, by: str) -> Account:
    new = _checked(db, new)
    row = _row(new) | {"password": passwords.hashed(_password(new, password)), "created": now()}
    kept = replace(new, id=int(str(db.table("accounts").insert(row).last_pk)))
    assert kept.id is not None
    _record(db, kept.id, {}, _texts(kept) | {"password": PASSWORD_SET}, by)
    return kept


def _checked(db: Database, typed: Account) -> Account:
    """The account in the form in which it is kept. Raises BadAccount."""
    clean = replace(typed, login=login_of(typed.login), name=" ".join(nfc(typed.name).split()),
                    email=typed.email.strip().lower())
    if not clean.login:
        raise BadAccount("no_login")
    if not LOGIN.fullmatch(clean.login):
        raise BadAccount("bad_login")
    if not clean.name:
        raise BadAccount("no_name")
    if not clean.roles:
        raise BadAccount("no_roles")
    for other in accounts(db):
        if other.id == clean.id:
            continue
        if other.login == clean.login:
            raise BadAccount("login_taken")
        if clean.email and other.email == clean.email:
            raise BadAccount("email_taken")
    if clean.name.lower() in {name.lower() for number, name in _names_ever(db) if number != clean.id}:
        raise BadAccount("name_taken")
    return clean


def _names_ever(db: Database) -> list[tuple[int, str]]:
    """Every name that an account ever had, with its number: the history names people, so a name that stands there must
    never come to mean somebody else."""
    return [(row["record_id"], row["after"])
            for row in db.table("revisions").rows_where("record = 'account' and field = 'name'")]


def _password(of: Account, typed: str) -> str:
    return passwords.checked(typed, of.login, of.name)


def _rights(of: Account) -> tuple[frozenset[Role], bool, bool]:
    return of.roles, of.sees_denunciations, of.is_disabled


def _administrators(db: Database) -> Sequence[Account]:
    return [one for one in accounts(db) if one.may(Act.MANAGE) and not one.is_disabled]


def _record(db: Database, account_id: int, before: dict[str, str], after: dict[str, str], by: str) -> None:
    """Writes each changed field into the chain of the history."""
    for field, text in after.items():
        if field == "password" or text != before.get(field, ""):
            history.revise_within(db, "account", account_id, field, before.get(field, ""), text, by)


def _texts(kept: Account) -> dict[str, str]:
    """The fields as the history tells them."""
    row = _row(kept)
    return {"login": kept.login, "name": kept.name, "roles": row["roles"], "email": kept.email,
            "sees_denunciations": str(row["sees_denunciations"]), "disabled": str(row["disabled"])}


def _row(kept: Account) -> Row:
    return {"login": kept.login, "name": kept.name, "roles": json.dumps(sorted(kept.roles)), "email": kept.email,
            "sees_denunciations": int(kept.sees_denunciations), "disabled": int(kept.is_disabled)}


def _account(row: Row) -> Account:
    return Account(row["login"], row["name"], frozenset(map(Role, json.loads(row["roles"]))),
                   bool(row["sees_denunciations"]), row["id"], row["email"], bool(row["disabled"]))
