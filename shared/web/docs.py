"""The start page and the API docs, which make no request beyond the service itself: an intranet has no CDN."""

from html import escape
from importlib.resources import files

from fastapi import APIRouter, Depends, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from shared.core.errors import NotFound
from shared.security.auth import anyone

router = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])
_ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_ICON = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#8f1d1d"/></svg>'


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """The interactive API description (接口文档)."""
    return get_swagger_ui_html(
        openapi_url="openapi.json",
        title=request.app.title,
        swagger_js_url="docs-assets/swagger-ui-bundle.js",
        swagger_css_url="docs-assets/swagger-ui.css",
        swagger_favicon_url="docs-assets/icon.svg",
        swagger_ui_parameters={"validatorUrl": None, "deepLinking": True, "docExpansion": "list"},
    )


@router.get("/docs-assets/{name}")
async def asset(name: str) -> Response:
    """A file of the docs page, from the installed package."""
    if name == "icon.svg":
        return Response(_ICON, media_type="image/svg+xml")
    if name not in _ASSETS:
        raise NotFound
    content = (files("fastapi_swagger") / "resources" / name).read_bytes()
    return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "max-age=86400"})


@router.get("/")
async def start(request: Request) -> HTMLResponse:
    """What this service is, where its docs and contracts are, and where the other services are (首页)."""
    app = request.app
    others = "".join(
        f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for name, url in app.state.settings.service_urls.items()
    )
    return HTMLResponse(_PAGE.format(title=escape(app.title), about=escape(app.description), others=others))


_PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="icon" href="docs-assets/icon.svg"><style>
body{{font:16px/1.7 "Noto Serif CJK SC","Source Han Serif SC",serif;max-width:44rem;
margin:4rem auto;padding:0 1.5rem;color:#222}}
h1{{font-weight:600;border-bottom:2px solid #8f1d1d;padding-bottom:.4rem}}a{{color:#8f1d1d}}
pre{{white-space:pre-wrap;font:inherit}}
</style></head><body><h1>{title}</h1><pre>{about}</pre>
<ul><li><a href="docs">接口文档 · API docs</a></li><li><a href="openapi.json">OpenAPI</a></li>
<li><a href="asyncapi.json">AsyncAPI（事件 · events）</a></li><li><a href="readyz">状态 · status</a></li></ul>
<h2>其他服务 · other services</h2><ul>{others}</ul></body></html>"""
