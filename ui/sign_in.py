"""The pages before all others: signing in, and making the first administrator. Plain HTML, without any script.

They are not Streamlit's, because only an answer of the server can set a cookie that no script can read.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models import accounts, sessions, store
from models.errors import DoiThoaiError
from models.passwords import LEAST
from models.rights import Account, Role
from models.sessions import LONGEST
from ui import office
from ui.errors import explain

SIGN_IN, FIRST_START = "/dang-nhap", "/tao-quan-tri"
COOKIE = "doithoai"
TO, EXPIRED, UNKNOWN = "den", "het-han", "chua-co"
"""Parameters of the address: where to go afterwards, that a session ran out, that no account carries an e-mail."""
FORM_LIMIT = 64 * 1024
"""Bytes of a form that are read."""

NAME = "Đối Thoại"
SIGN_IN_TITLE, SIGN_IN_BUTTON = "Đăng nhập", "Đăng nhập"
LOGIN, PASSWORD, AGAIN, OWN_NAME = "Tên đăng nhập", "Mật khẩu", "Gõ lại mật khẩu", "Họ và tên của bạn"
HAS_EXPIRED = ("Phiên làm việc đã hết nên cần đăng nhập lại; những gì đã lưu và đang gõ dở ở trang rà soát vẫn còn.")
OFFICE = "Đăng nhập bằng tài khoản cơ quan"
NO_SUCH_EMAIL = ("Chưa có tài khoản nào mang địa chỉ thư điện tử này; hãy nhờ người quản trị ghi địa chỉ vào tài khoản "
                 "của bạn.")
FORGOTTEN = "Quên mật khẩu? Hãy nhờ người quản trị đặt lại giúp."
FIRST_TITLE, FIRST_BUTTON = "Tạo người quản trị", "Tạo và bắt đầu dùng"
FIRST_WHY = ("Máy này chưa có tài khoản nào. Người quản trị tạo tài khoản cho người khác và đặt lại mật khẩu; chương "
             "trình không có mật khẩu cài sẵn.")
LOGIN_HELP = "Chữ không dấu, viết liền, ví dụ: han.le"
PASSWORD_HELP = "Ít nhất {least} ký tự; một câu ngắn dễ nhớ là tốt nhất."
ALSO = "Tôi cũng làm thư ký và cán bộ duyệt trên máy này"
ALSO_WHY = ("Ở xã chỉ có một máy, thường một người vừa quản trị vừa ghi âm, sửa và duyệt. Nếu việc ấy do người khác "
            "làm, hãy bỏ dấu này: người quản trị thì không xem được dự thảo.")
DIFFERENT = "Hai lần gõ mật khẩu không giống nhau; hãy gõ lại."
FOREIGN = "Yêu cầu này không đến từ trang của chương trình nên không được nhận; hãy mở lại trang rồi thử lại."

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    kind: str = "text"
    fill: str = ""
    """What a browser may fill in by itself (autocomplete)."""
    help: str = ""


ENTERING = (Field("login", LOGIN, fill="username"), Field("password", PASSWORD, "password", "current-password"))
FIRST = (Field("name", OWN_NAME, fill="name"), Field("login", LOGIN, fill="username", help=LOGIN_HELP),
         Field("password", PASSWORD, "password", "new-password", PASSWORD_HELP.format(least=LEAST)),
         Field("again", AGAIN, "password", "new-password"))


def sign_in_address(wanted: str) -> str:
    """The address of the sign-in page that leads on to a page of this program."""
    return f"{SIGN_IN}?{TO}={quote(wanted, safe='')}" if wanted not in ("", "/") else SIGN_IN


def way_on(wanted: str) -> str:
    """Where to go after signing in: a page of this program, never another site."""
    parts = urlsplit(wanted)
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return wanted if is_own and wanted.isprintable() else "/"


async def show(request: Request) -> Response:
    if not await run_in_threadpool(_is_set_up):
        return RedirectResponse(FIRST_START, 303)
    said = HAS_EXPIRED if EXPIRED in request.query_params else NO_SUCH_EMAIL if UNKNOWN in request.query_params else ""
    answer = _entering(request, said)
    if COOKIE in request.cookies:
        answer.delete_cookie(COOKIE)
    return answer


async def enter(request: Request) -> Response:
    if not _is_own(request):
        return _entering(request, FOREIGN, 403)
    form = await _form(request)
    try:
        token = await run_in_threadpool(_sign_in, _text(form, "login"), _text(form, "password"))
    except DoiThoaiError as error:
        return _entering(request, explain(error), 401, _text(form, "login"))
    return entered(request, token, way_on(request.query_params.get(TO, "/")))


def came_back(request: Request, token: str) -> Response:
    """Somebody comes back from the agency's service; without a token no account carries their address."""
    answer = entered(request, token, "/") if token else RedirectResponse(f"{SIGN_IN}?{UNKNOWN}", 303)
    office.forget(answer, request)
    return answer


async def show_first(request: Request) -> Response:
    return RedirectResponse(SIGN_IN, 303) if await run_in_threadpool(_is_set_up) else _first()


async def create_first(request: Request) -> Response:
    if not _is_own(request):
        return _first(FOREIGN, 403)
    form = await _form(request)
    typed = {name: _text(form, name) for name in ("name", "login")}
    is_also = "also" in form
    if _text(form, "password") != _text(form, "again"):
        return _first(DIFFERENT, 400, typed, is_also)
    roles = frozenset({Role.ADMINISTRATOR} | ({Role.SECRETARY, Role.OFFICIAL} if is_also else set()))
    try:
        token = await run_in_threadpool(_create_first, Account(typed["login"], typed["name"], roles),
                                        _text(form, "password"))
    except DoiThoaiError as error:
        return _first(explain(error), 400, typed, is_also)
    return entered(request, token, "/")


def _is_set_up() -> bool:
    with store.open_store() as db:
        return accounts.any_account(db)


def _sign_in(login: str, password: str) -> str:
    with store.open_store() as db:
        return sessions.sign_in(db, login, password)


def _create_first(account: Account, password: str) -> str:
    with store.open_store() as db:
        made = accounts.create_first(db, account, password)
        return sessions.open_session(db, made.id or 0)


def _is_own(request: Request) -> bool:
    """Whether a form was sent by a page of this very program: browsers say so in Origin."""
    return request.headers.get("origin", "") == f"{request.url.scheme}://{request.headers.get('host', '')}"


async def _form(request: Request) -> FormData:
    """What was typed; nothing when more is sent than any form of ours holds."""
    if int(request.headers.get("content-length", FORM_LIMIT + 1)) > FORM_LIMIT:
        return FormData()
    return await request.form(max_files=0, max_fields=10)


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, ""))


def entered(request: Request, token: str, to: str) -> Response:
    answer = RedirectResponse(to, 303)
    answer.set_cookie(COOKIE, token, max_age=int(LONGEST.total_seconds()), httponly=True, samesite="lax",
                      secure=request.url.scheme == "https")
    return answer


def _entering(request: Request, said: str = "", status: int = 200, login: str = "") -> Response:
    to = way_on(request.query_params.get(TO, "/"))
    by_office = f"<a class='office' href='{escape(office.way())}'>{OFFICE}</a>" if office.is_offered() else ""
    return _page(SIGN_IN_TITLE, "", ENTERING, {"login": login}, SIGN_IN_BUTTON, sign_in_address(to), said, status,
                 f"<p class='soft'>{FORGOTTEN}</p>{by_office}")


def _first(said: str = "", status: int = 200, typed: dict[str, str] | None = None, is_also: bool = True) -> Response:
    ticked = " checked" if is_also else ""
    also = (f"<label class='tick'><input type='checkbox' name='also'{ticked}> {ALSO}</label>"
            f"<p class='soft'>{ALSO_WHY}</p>")
    return _page(FIRST_TITLE, FIRST_WHY, FIRST, typed or {}, FIRST_BUTTON, FIRST_START, said, status, also)


def _page(title: str, why: str, fields: tuple[Field, ...], typed: dict[str, str], button: str, action: str,
          said: str, status: int, below: str) -> Response:
    told = f"<p class='said' role='alert'>{escape(said)}</p>" if said else ""
    first_empty = next((field.name for field in fields if not typed.get(field.name)), "")
    rows = "".join(_row(field, typed.get(field.name, ""), field.name == first_empty) for field in fields)
    why = f"<p>{escape(why)}</p>" if why else ""
    style = (HERE / "sign_in.css").read_text(encoding="utf-8")
    body = (f"<!doctype html><html lang='vi'><head><meta charset='utf-8'>"
            f"<meta name='viewport' content='width=device-width, initial-scale=1'><title>{title} · {NAME}</title>"
            f"<style>{style}</style></head><body><main><div class='name'>{NAME}</div><h1>{title}</h1>{why}{told}"
            f"<form method='post' action='{escape(action)}'>{rows}{below}<button>{button}</button></form>"
            f"</main></body></html>")
    return HTMLResponse(body, status, {"Cache-Control": "no-store", "Content-Security-Policy": POLICY})


def _row(field: Field, value: str, is_first: bool) -> str:
    note = f"<span class='soft'>{escape(field.help)}</span>" if field.help else ""
    return (f"<label>{field.label}{note}<input name='{field.name}' type='{field.kind}' value='{escape(value)}' "
            f"autocomplete='{field.fill}' maxlength='200' required{' autofocus' if is_first else ''}></label>")
