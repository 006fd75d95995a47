"""The settings of the inspection service besides those of all services."""

import os
from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class InspectionSettings(BaseSettings):
    """Variables `INSPECTION_…`, or files of that name in CCC_SECRETS_DIR."""

    model_config = SettingsConfigDict(env_prefix="INSPECTION_", secrets_dir=os.environ.get("CCC_SECRETS_DIR"), extra="ignore")

    evidence_url: str = Field(description="where evidence files are stored: file:///directory or s3://bucket/prefix")


@lru_cache
def settings() -> InspectionSettings:
    """The settings of this process, read once."""
    return InspectionSettings()  # pyright: ignore[reportCallIssue]
