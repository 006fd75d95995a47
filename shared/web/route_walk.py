"""The routes of an application as they are, those of included routers too."""

from collections.abc import Iterable, Iterator

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every route below `routes`; an included router is not unrolled by FastAPI itself."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif (included := getattr(route, "original_router", None)) is not None:
            yield from routes_of(included.routes)


def methods_at(routes: Iterable[BaseRoute], path: str) -> list[str]:
    """Every method that some route answers at `path`."""
    here = (route.methods or set() for route in routes_of(routes) if route.path_regex.match(path))
    return sorted({method for methods in here for method in methods})
