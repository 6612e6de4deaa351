"""The pages of assets, and the files themselves."""

from fastapi import APIRouter

from app.assets.routes import media, pages

router = APIRouter()
router.include_router(pages.router)
router.include_router(media.router)
