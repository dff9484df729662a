"""A made-up component with the shape of the real one: loader, frame document, main script, lazy chunks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

BUILD: Final = "Made1Up2ab"
DOCUMENT: Final = f"index-{BUILD}.html"
LOADER: Final = f"""
const frame = new URL("{DOCUMENT}", document.currentScript.src);
customElements.define("openai-chatkit", class extends HTMLElement {{}});
window.loaderRan = frame.href;
"""
HTML: Final = """<!doctype html>
<link rel="icon" href="/assets/ck1/favicon-AAAAAAAA.ico">
<script type="module" crossorigin src="/assets/ck1/index-AAAAAAAA.js"></script>
<link rel="stylesheet" crossorigin href="/assets/ck1/index-BBBBBBBB.css">
"""
MAIN: Final = """
import { a as shared } from "./shared-CCCCCCCC.js";
const lazy = () => import("./icon-DDDDDDDD.js").then((m) => m.Star);
const there = () => import("./lazy-EEEEEEEE.js");
export { shared, lazy, there };
"""


def write_component(folder: Path) -> Path:
    """Write the component into three folders, as someone might have saved it; returns ``folder``.

    ``icon-DDDDDDDD.js`` and the favicon are missing on purpose.
    """
    assets = folder / "assets" / "ck1"
    assets.mkdir(parents=True)
    (folder / "vendor").mkdir()
    (folder / "vendor" / "chatkit.js").write_text(LOADER, encoding="utf-8")
    (folder / "vendor" / DOCUMENT).write_text(HTML, encoding="utf-8")
    (folder / "app.js").write_text("console.log('the page of somebody')", encoding="utf-8")
    (assets / "index-AAAAAAAA.js").write_text(MAIN, encoding="utf-8")
    (assets / "index-BBBBBBBB.css").write_text("body { color: red }", encoding="utf-8")
    (assets / "shared-CCCCCCCC.js").write_text("export const a = 1;", encoding="utf-8")
    (assets / "lazy-EEEEEEEE.js").write_text("export default 2;", encoding="utf-8")
    (assets / "locale-FFFFFFFF.js").write_text("export default {};", encoding="utf-8")
    return folder
