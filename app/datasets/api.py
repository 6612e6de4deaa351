"""The JSON API of datasets."""

from fastapi import APIRouter

router = APIRouter()
