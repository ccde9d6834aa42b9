"""The application: its parts are made once, wired here, and taken down in order."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from notte_dashboard.local_api import agent_routes, errors, health_routes, list_routes, session_routes, watch_routes
from notte_dashboard.local_api.agents import Agents, BrainFor
from notte_dashboard.local_api.auth import Gate, SessionTokens
from notte_dashboard.local_api.brains import brain_for
from notte_dashboard.local_api.browser import Launcher
from notte_dashboard.local_api.demo import site
from notte_dashboard.local_api.parts import Parts
from notte_dashboard.local_api.sessions import Sessions
from notte_dashboard.local_api.settings import Settings
from notte_dashboard.local_api.store import Store

logger = logging.getLogger("notte_dashboard.local_api")

DATABASE = "local_api.sqlite3"


def create_app(settings: Settings, *, brain_for: BrainFor = brain_for) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = Store(settings.data_dir / DATABASE, keep=settings.sessions_kept)
        launcher, tokens = Launcher(settings), SessionTokens()
        await launcher.start()
        sessions = Sessions(settings=settings, store=store, launcher=launcher, tokens=tokens)
        agents = Agents(settings=settings, store=store, sessions=sessions, brain_for=brain_for)
        app.state.parts = Parts(settings, tokens, launcher, sessions, agents)
        await launcher.warm_up()
        logger.info("The local API answers at %s", settings.base_url)
        try:
            yield
        finally:
            await sessions.shut_down()
            await launcher.close()
            store.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    for module in (health_routes, session_routes, agent_routes, list_routes, watch_routes):
        app.include_router(module.router)
    app.mount("/demo", site)
    app.add_middleware(Gate, settings=settings)
    errors.install(app)
    return app
