"""Imports: a file is stored with `upload`; a `worker` takes it through the `pipeline` extract, validate, stage, merge.

`staging` holds the validated rows of a file until all of it is read; `certificates` and `failures` merge them into the registry.
"""

from services.registry.service.imports.upload import ImportRequest, receive
from services.registry.service.imports.worker import drain, run_worker

__all__ = ["ImportRequest", "drain", "receive", "run_worker"]
