from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from notte_dashboard.local_api.chromium import ChromiumMissingError
from notte_dashboard.local_api.errors import JsonResponse
from notte_dashboard.local_api.parts import PartsOf
from notte_dashboard.notte_api.contract import DOCUMENT
from notte_dashboard.notte_api.generated import HealthResponse

router = APIRouter()


@router.get("/health")
async def health(parts: PartsOf) -> Response:
    try:
        found = await parts.launcher.chromium()
    except ChromiumMissingError as error:
        chromium = {"ok": False, "path": None, "message": str(error)}
    else:
        chromium = {"ok": True, "path": found.path, "version": found.version}
    body = HealthResponse(description="The local API of the Notte Dashboard: the browsers run on this machine.")
    return JsonResponse({**body.model_dump(), "chromium": chromium, "demo_url": f"{parts.settings.base_url}/demo/"})


@router.get("/openapi.json")
async def openapi() -> Response:
    """The contract that this API speaks, as the vendor publishes it; asked for without a key, as there."""
    return FileResponse(DOCUMENT, media_type="application/json")
