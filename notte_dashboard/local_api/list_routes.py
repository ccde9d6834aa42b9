"""What the service keeps for its accounts and this machine does not: the lists are there, and honestly empty."""

from fastapi import APIRouter, Response

from notte_dashboard.local_api.errors import JsonResponse
from notte_dashboard.local_api.parts import PagingOf

router = APIRouter()


@router.get("/vaults")
@router.get("/personas")
@router.get("/profiles")
async def list_nothing(paging: PagingOf) -> Response:
    return JsonResponse(paging.answer([]))
