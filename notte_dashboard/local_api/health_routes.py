from fastapi import APIRouter, Response

from notte_dashboard.local_api.chromium import ChromiumMissingError
from notte_dashboard.local_api.errors import JsonResponse
from notte_dashboard.local_api.parts import PartsOf
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
