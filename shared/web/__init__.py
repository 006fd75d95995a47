"""HTTP: routes, problems, pages, API descriptions, health."""
