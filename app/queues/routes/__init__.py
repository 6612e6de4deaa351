"""The pages of queues, and of the work in them."""

from fastapi import APIRouter

from app.queues.routes import bulk, filling, go_to, handing_out, next_task, pages, settings, work

router = APIRouter()
router.include_router(handing_out.router)
router.include_router(next_task.router)
router.include_router(pages.router)
router.include_router(settings.router)
router.include_router(filling.router)
router.include_router(bulk.router)
router.include_router(work.router)
router.include_router(go_to.router)
