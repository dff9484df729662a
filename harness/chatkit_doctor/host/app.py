"""The tiny FastAPI host: a page and a backend for every session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response

from chatkit_doctor.host import cors, hosted, verifier
from chatkit_doctor.host.operation import operation_in
from chatkit_doctor.host.site import Site
from chatkit_doctor.paths import static_dir

_TYPES = {".js": "text/javascript", ".css": "text/css"}


def make_app(sites: Mapping[str, Site]) -> FastAPI:
    """The application for a live mapping of session ids to sites."""
    app = FastAPI(openapi_url=None)
    root = static_dir() / "host"
    template = (root / "page.html").read_text(encoding="utf-8")

    @app.get("/favicon.ico")
    async def favicon() -> Response:
        return Response(status_code=204)

    @app.get("/host/{name}")
    async def script(name: str) -> Response:
        path = root / Path(name).name
        if path.suffix not in _TYPES or not path.is_file():
            return PlainTextResponse("not found", status_code=404)
        return FileResponse(path, media_type=_TYPES[path.suffix], headers={"cache-control": "max-age=3600"})

    @app.get("/s/{site_id}/")
    async def page(site_id: str) -> Response:
        site = sites.get(site_id)
        if site is None:
            return PlainTextResponse("this session has ended", status_code=404)
        headers = {"cache-control": "no-store", **site.setup.headers}
        return HTMLResponse(render(template, site), headers=headers)

    @app.post("/s/{site_id}/chatkit")
    async def api(site_id: str, request: Request) -> Response:
        site = sites.get(site_id)
        if site is None or site.backend is None:
            return JSONResponse({"error": "there is no backend here"}, status_code=404)
        body = await operation_in(request)
        if isinstance(body, Response):
            return body
        response = await site.backend.answer(body)
        if site.cors is not None:
            response.headers.update(cors.allowed(site.cors, site.origin, response))
        return response

    @app.api_route("/s/{site_id}/files", methods=["POST"])
    @app.api_route("/s/{site_id}/files/{file_id}", methods=["GET", "PUT", "POST"])
    async def files(site_id: str, request: Request, file_id: str = "") -> Response:
        site = sites.get(site_id)
        if site is None or site.backend is None:
            return PlainTextResponse("there is no backend here", status_code=404)
        return await site.backend.file(file_id, request)

    @app.options("/s/{site_id}/chatkit")
    async def preflight(site_id: str) -> Response:
        site = sites.get(site_id)
        if site is None or site.cors is None:
            return PlainTextResponse("method not allowed", status_code=405)
        return cors.preflight(site.cors, site.origin)

    @app.post("/s/{site_id}/client-secret")
    async def client_secret(site_id: str, renews: bool = False) -> Response:
        site = sites.get(site_id)
        if site is None:
            return PlainTextResponse("this session has ended", status_code=404)
        return hosted.issue(site, renews=renews)

    @app.api_route(hosted.PATH, methods=["POST", "OPTIONS"])
    async def service(request: Request) -> Response:
        return await hosted.answer(request, sites)

    @app.api_route(verifier.PATH, methods=["POST", "OPTIONS"])
    @app.api_route(verifier.HOSTED_PATH, methods=["POST", "OPTIONS"])
    async def verify(request: Request) -> Response:
        return await verifier.verify(request, sites)

    return app


def render(template: str, site: Site) -> str:
    """The host page: nothing in it but the element, its container, and the configuration as inert JSON."""
    config = json.dumps(site.config()).replace("<", "\\u003c")
    script = site.setup.script
    src = escape(site.script_src, quote=True)
    crossorigin = " crossorigin" if script.crossorigin else ""
    values = {
        "config": config,
        "root": escape(site.root, quote=True),
        "script": f'<script src="{src}" async{crossorigin}></script>' if script.load == "early" else "",
        "style": escape(site.setup.style, quote=True),
        "overlay": f'<div id="overlay" style="{escape(site.setup.overlay, quote=True)}"></div>'
        if site.setup.overlay
        else "",
    }
    for name, value in values.items():
        template = template.replace("{{ " + name + " }}", value)
    return template
