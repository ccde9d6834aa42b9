from tests.sessions_app.stage import *  # noqa: F403 - fixtures
