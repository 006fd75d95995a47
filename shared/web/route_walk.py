"""The routes of an application, those of included routers too."""

from collections.abc import Iterable, Iterator, Sequence

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute


def routes_of(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Every route below `routes`; an included router is not unrolled by FastAPI itself."""
    for context in iter_route_contexts(routes):
        if isinstance(context.original_route, APIRoute):
            yield context.original_route


def methods_at(routes: Sequence[BaseRoute], path: str) -> list[str]:
    """Every method that some route answers at `path`."""
    methods: Iterable[set[str]] = (route.methods or set() for route in routes_of(routes) if route.path_regex.match(path))
    return sorted(set().union(*methods))
