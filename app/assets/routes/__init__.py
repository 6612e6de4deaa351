"""The pages of assets, and the files themselves."""

from fastapi import APIRouter

from app.assets.routes import media, pages, saved

router = APIRouter()
router.include_router(pages.router)
router.include_router(saved.router)
router.include_router(media.router)
