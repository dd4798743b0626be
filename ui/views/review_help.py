"""The card «Cách làm và phím tắt» of the review page."""

from __future__ import annotations

import streamlit as st

HOW, TITLE = "Cách làm, phím tắt", "Cách làm và phím tắt"
STEPS = ("1. Đọc câu hỏi ở bên phải, đối chiếu với lời nói ở bên trái. Bấm vào một chữ để nghe đúng chữ ấy; chữ nền "
         "vàng là chữ máy nghe chưa chắc.\n"
         "2. Sửa chỗ sai rồi bấm «Lưu». Chữ đang gõ dở vẫn được giữ khi đóng trang hoặc tắt máy, nhưng chỉ vào hồ sơ "
         "khi đã lưu. Chủ đề, kết quả, ngày hết hạn được lưu ngay khi chọn.\n"
         "3. Câu nào đúng rồi thì bấm «Đã xem xong, sang câu tiếp».\n"
         "4. Bấm nhầm thì bấm «Hoàn tác». Bản máy soạn không bao giờ bị xóa.")
BY_KEYS = "Không cần chuột"
KEYS = {"F1": "mở bảng này", "F7": "nghe lời hỏi của câu đang xem", "F8": "nghe hoặc dừng", "F9": "lùi 3 giây",
        "Alt + ,": "nghe chậm lại", "Alt + .": "nghe nhanh lên", "F2": "sửa tóm tắt (Tab để sang ô kế)",
        "F3": "chọn kết quả trả lời", "F4": "sửa lời hỏi ở bên trái", "Ctrl + Enter": "lưu",
        "Alt + Enter": "lưu, đánh dấu đã xem, sang câu tiếp", "Alt + N": "sang câu tiếp chưa xem",
        "Alt + ↑, Alt + ↓": "câu trước, câu sau", "Alt + J": "nghe chữ tiếp theo máy chưa chắc",
        "Alt + Z": "hoàn tác việc vừa làm", "Esc": "đóng ô đang sửa, hoặc bảng này"}


@st.dialog(TITLE, width="large")
def how_view() -> None:
    st.markdown(STEPS)
    st.markdown(f"**{BY_KEYS}**")
    half = (len(KEYS) + 1) // 2
    for column, part in zip(st.columns(2), (list(KEYS.items())[:half], list(KEYS.items())[half:]), strict=True):
        rows = "".join(f"<div><kbd>{key}</kbd> {what}</div>" for key, what in part)
        column.html(f'<div class="dt-keys">{rows}</div>')
