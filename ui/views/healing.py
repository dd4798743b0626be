"""A page that its own redraws have broken loads itself anew.

When a redraw is cut short by the next one, Streamlit (1.67) can send a part whose place the browser never got; the
browser then shows «Bad delta path index» over a page that takes no press any more. All that a page stands on is in
its address and in the store, so loading it anew is what anybody would do; here nobody has to.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

BROKEN = "Bad delta path index"
AT_MOST_EVERY = 5_000  # milliseconds: a page that breaks at once again stays as it is, with its words

HEAL = f"""export default function () {{
  if (window.doithoaiHeals) return;
  window.doithoaiHeals = new MutationObserver(() => {{
    const told = document.querySelector('[role="dialog"]');
    const last = Number(sessionStorage.getItem("doithoai-healed") || 0);
    if (!told || !told.textContent.includes({BROKEN!r}) || Date.now() - last < {AT_MOST_EVERY}) return;
    sessionStorage.setItem("doithoai-healed", String(Date.now()));
    window.location.reload();
  }});
  window.doithoaiHeals.observe(document.body, {{ childList: true, subtree: true }});
}}"""


def heal_when_broken() -> None:
    """Watches over the page, whichever it is; shows nothing."""
    with st.container(key="heal"):
        _healing()(key="healing")


@st.cache_resource
def _healing() -> Any:
    return st.components.v2.component("doithoai_heal", html="<div></div>", js=HEAL)
