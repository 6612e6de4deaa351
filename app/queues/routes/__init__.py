"""The pages of queues, and of the work in them."""

from fastapi import APIRouter

from app.queues.routes import go_to, handing_out, next_task, pages, work

router = APIRouter()
router.include_router(handing_out.router)
router.include_router(next_task.router)
router.include_router(pages.router)
router.include_router(work.router)
router.include_router(go_to.router)
