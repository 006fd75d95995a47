"""Imports: a file is checked as a whole into a staging table, then what is new or changed enters the registry in batches."""

from services.registry.service.imports.run import Request, import_file
from services.registry.service.imports.upload import Upload, receiving

__all__ = ["Request", "Upload", "import_file", "receiving"]
