"""The one settings module. Every environment variable of the web, worker and beat processes is read here, once."""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext

from notte_dashboard import __version__
from notte_dashboard.settings import env
from notte_dashboard.settings.accounts import *  # noqa: F403 - one module for those who read settings
from notte_dashboard.settings.storage import fernet_key, kept_secret, random_token

# Lets ModelAdmin[Model] and the like, which the type checker wants, exist at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).expanduser().resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
VERSION = __version__

DEBUG = env.boolean("DEBUG", default=False)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, minimum=1, maximum=65535)
SECRET_KEY = env.text("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key", random_token)
# Newest first: the first encrypts, all decrypt.
FIELD_ENCRYPTION_KEYS = env.fernet_keys("FIELD_ENCRYPTION_KEYS") or [kept_secret(DATA_DIR / "field_encryption_key", fernet_key)]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
METRICS_TOKEN = env.text("METRICS_TOKEN")

# --- The Notte API -------------------------------------------------------------------------------------------------
LOCAL_API_PORT = env.integer("LOCAL_API_PORT", 8001, minimum=1, maximum=65535)
LOCAL_API_URL = f"http://127.0.0.1:{LOCAL_API_PORT}"
NOTTE_API_KEY = env.text("NOTTE_API_KEY")
EMBEDDED = not NOTTE_API_KEY
NOTTE_API_URL = env.url("NOTTE_API_URL", LOCAL_API_URL if EMBEDDED else "https://api.notte.cc", schemes=("http", "https"))
LOCAL_API_KEY = env.text("LOCAL_API_KEY") or kept_secret(DATA_DIR / "local_api_key", random_token)
LOCAL_DEMO_URL = f"{LOCAL_API_URL}/demo/"
LOCAL_VIEWER_ORIGINS = [LOCAL_API_URL, f"http://localhost:{LOCAL_API_PORT}"] if EMBEDDED else []
# Beside these and NOTTE_API_URL, a workspace's key may belong to any public https address.
NOTTE_API_ORIGINS = env.origins("NOTTE_API_ORIGINS")
NOTTE_VIEWER_ORIGINS = env.origins("NOTTE_VIEWER_ORIGINS", "https://console.notte.cc") + LOCAL_VIEWER_ORIGINS

# --- Watching (seconds) --------------------------------------------------------------------------------------------
WATCH_LEASE = 10
WATCH_SLICE = 240
# Of each kind in each worker process. One loop takes more; what is above is for other workers, or waits for room.
WATCH_RUNS_PER_SLICE = 2000
WATCH_RUNS_PER_CLAIM = 100
WATCH_LOOK_SOON = 2.0
WATCH_LOOK_LATE = 10.0
START_GIVES_UP = timedelta(minutes=10)

# --- What is told of many runs at a glance --------------------------------------------------------------------------
STUCK_REPEATS = env.integer("STUCK_REPEATS", 5, minimum=2, maximum=10)
STUCK_RETRIES = env.integer("STUCK_RETRIES", 3, minimum=2, maximum=10)
STUCK_SILENCE = timedelta(seconds=env.integer("STUCK_SECONDS", 120, minimum=5, maximum=86_400))
WALL_KEEPS_FAILED = timedelta(seconds=env.integer("WALL_KEEPS_FAILED_SECONDS", 300, maximum=86_400))
MINUTE_PRICE = env.price("BROWSER_MINUTE_PRICE")

# --- Applications --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "notte_dashboard.pages.admin_config.DashboardAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "notte_dashboard.embedded",
    "notte_dashboard.audit",
    "notte_dashboard.workspaces",
    "notte_dashboard.runs",
    "notte_dashboard.watching",
    "notte_dashboard.realtime",
    "notte_dashboard.schema_forms",
    "notte_dashboard.presets",
    "notte_dashboard.pages",
    "notte_dashboard.contract",
    "notte_dashboard.teams",
    "sessions_app",
    "agents_app",
    "notte_dashboard.upkeep",
]
MIDDLEWARE = [
    # The headers come first: an answer to a wrong host name is made by one of the others.
    "notte_dashboard.middleware.GuardedAnswersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "notte_dashboard.middleware.HeadAsGetMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "notte_dashboard.middleware.CompressedTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "notte_dashboard.audit.asked.AskedMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "notte_dashboard.middleware.HtmxAnswersMiddleware",
    "notte_dashboard.middleware.LeaveForSignInMiddleware",
]
ROOT_URLCONF = "notte_dashboard.urls"
ASGI_APPLICATION = "notte_dashboard.asgi.application"
LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notte_dashboard.pages.context.dashboard",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    LOADERS if DEBUG else [("django.template.loaders.cached.Loader", LOADERS)],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ----------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'dashboard.sqlite3'}")}
SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        # Without IMMEDIATE, a read that turns into a write fails at once with "database is locked", whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    # A pool: each request has a thread of its own, in which a kept connection would be left behind.
    # The default lets two web processes and two workers share a server that allows a hundred.
    most = env.integer("DATABASE_CONNECTIONS", 24, minimum=4, maximum=1000)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": most, "max_idle": 60, "timeout": 10}
MEDIA_ROOT = DATA_DIR / "media"

# --- Redis: broker and channel layer -------------------------------------------------------------------------------
REDIS_SOCKET = DATA_DIR / "redis" / "redis.sock"
BUNDLED_REDIS = not env.text("REDIS_URL")
REDIS_URL = env.url("REDIS_URL", f"unix://{REDIS_SOCKET}", schemes=("redis", "rediss", "unix"))
# redis-py 8 gives every read 5 s by default, which ends idle subscriptions.
REDIS_TIMEOUTS = {"socket_connect_timeout": 2, "socket_timeout": 30}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, **REDIS_TIMEOUTS}]},
    }
}
CACHES = {
    "default": {
        "BACKEND": "notte_dashboard.cache.SharedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {**REDIS_TIMEOUTS, "socket_timeout": 2},
    }
}
CELERY_BROKER_URL = f"redis+socket://{REDIS_SOCKET}" if BUNDLED_REDIS else REDIS_URL.replace("unix://", "redis+socket://")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    # Without it, a Redis that takes connections and answers nothing would hold every start for ever.
    "socket_timeout": 5,
    # A page that wakes a worker does not wait for a Redis that is away: the sweep finds what is due.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_EAGER_RESULT = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = env.integer("WORKER_THREADS", 12, minimum=4, maximum=200)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep-sessions": {"task": "sessions_app.sweep", "schedule": 2.0, "options": {"expires": 5}},
    "sweep-agents": {"task": "agents_app.sweep", "schedule": 2.0, "options": {"expires": 5}},
    "find-orphans": {"task": "upkeep.find_orphans", "schedule": 60.0, "options": {"expires": 50}},
    "retention": {"task": "upkeep.retention", "schedule": 3600.0, "options": {"expires": 3000}},
}

# --- Security ------------------------------------------------------------------------------------------------------
# Behind a proxy that ends TLS, and tells so in X-Forwarded-Proto.
HTTPS = env.boolean("HTTPS", default=any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
if HTTPS:
    # No neighbour on another port or subdomain can set these.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.boolean("HSTS_SUBDOMAINS", default=False)
# Whether the other hosts of the domain speak TLS is for their owner to say, with HSTS_SUBDOMAINS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Each is one address in X-Forwarded-For; without the right number all visitors would share their limit of attempts.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", int(HTTPS), maximum=20)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SELF, NONE = "'self'", "'none'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": NOTTE_VIEWER_ORIGINS,
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Static files, language, time ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# httpx logs whole URLs at INFO, and some carry a token; the sweeps would log two lines each second.
QUIET = ("httpx", "httpcore", "websockets", "aiohttp", "asyncio", "daphne")
CELERY_CHATTER = ("celery.worker.strategy", "celery.app.trace", "celery.beat")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "WARNING"} for name in (*QUIET, *CELERY_CHATTER)},
}
