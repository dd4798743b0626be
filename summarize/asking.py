"""Asks a language model on this machine for one sentence (the chat completions of the OpenAI interface).

Straight to this machine: no proxy is used and no redirection is followed, whatever the surroundings say.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from models.errors import NoLanguageModel
from models.local_model import LocalModel, is_here

LARGEST = 1 << 20
"""Bytes read of an answer."""
THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


class _Nowhere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Nowhere())


def ask(model: LocalModel, instructions: str, text: str) -> str:
    """What the model answers, one line. Raises NoLanguageModel (not_here, unreachable, slow, refused, unreadable)."""
    if not is_here(model.address):
        raise NoLanguageModel("not_here", model.address)
    content = {"model": model.model, "temperature": 0, "max_tokens": 200, "stream": False, "messages": [
        {"role": "system", "content": instructions}, {"role": "user", "content": text}]}
    request = urllib.request.Request(f"{_numeric(model.address)}/chat/completions", json.dumps(content).encode(),
                                     {"Content-Type": "application/json"})
    try:
        with _OPENER.open(request, timeout=model.timeout) as answer:
            found = json.loads(answer.read(LARGEST))["choices"][0]["message"]["content"]
    except TimeoutError as error:
        raise NoLanguageModel("slow", model.model) from error
    except urllib.error.HTTPError as error:
        raise NoLanguageModel("refused", f"{error.code}") from error
    except urllib.error.URLError as error:
        slow = isinstance(error.reason, TimeoutError)
        raise NoLanguageModel("slow" if slow else "unreachable", model.model if slow else model.address) from error
    except (HTTPException, OSError) as error:
        raise NoLanguageModel("unreachable", model.address) from error
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise NoLanguageModel("unreadable", model.address) from error
    if not isinstance(found, str):
        raise NoLanguageModel("unreadable", model.address)
    return " ".join(THOUGHT.sub(" ", found).split()).strip(" \"“”«»")


def _numeric(address: str) -> str:
    """The address with this machine's number for «localhost», which a hosts file may send elsewhere."""
    parts = urlsplit(address)
    host = "[::1]" if parts.hostname == "::1" else "127.0.0.1"
    return urlunsplit((parts.scheme, f"{host}:{parts.port}" if parts.port else host, parts.path, "", ""))
