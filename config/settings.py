"""Django's settings, derived from `environment.Environment`; nothing branches on an environment's name."""

from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from config.environment import Environment
from warmline.base.crypto import KeyRing

ENV = Environment()

KEY_FILE = ENV.data / "keys.json"
if not KEY_FILE.exists():
    KeyRing.create(KEY_FILE)
SECRET_KEY = KeyRing(KEY_FILE).secret
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.hosts.split(",")
CSRF_TRUSTED_ORIGINS = [x for x in ENV.origins.split(",") if x]
ROOT_URLCONF = "config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "ninja",
    "warmline.base",
    "warmline.look",
    "warmline.core.journal",
    "warmline.core.people",
    "warmline.core.promises",
    "warmline.core.contacts",
    "warmline.core.playbooks",
    "warmline.goods.catalog",
    "warmline.goods.sales",
    "warmline.goods.trace",
    "warmline.service.care",
    "warmline.service.intake",
    "warmline.service.desk",
    "warmline.reactions",
    "warmline.insight",
    "warmline.doors.guide",
    "warmline.doors.hq",
    "warmline.doors.agent",
    "warmline.doors.api",
    "warmline.doors.parent",
    # Last, so that its pages are ours: `core/people/templates/{account,mfa}`.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "warmline.doors.api.entrance.Entrance",  # answers /api/ by itself: none of the others is for it
    "warmline.base.web.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "warmline.core.people.signing_in.FirstStepsMiddleware",
    "warmline.core.people.reading.ReadAuditMiddleware",
    "warmline.base.full.RoomMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "warmline.base.web.page_context",
            ],
            "builtins": ["warmline.look.templatetags.look"],
        },
    }
]

FORM_RENDERER = "warmline.look.widgets.Renderer"


def database(url: str) -> dict[str, object]:
    """Django's database entry for a libpq URL; a socket directory may stand in `?host=`."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "warmline.base.engine",
        "NAME": unquote(parts.path.lstrip("/")) or "warmline",
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Planning is half of a statement's cost: prepare on the server from the second use on.
        "OPTIONS": {
            **options,
            "connect_timeout": 5,
            "server_side_binding": True,
            "prepare_threshold": 1,
        },
    }


DATABASES = {"default": database(ENV.database_url)}

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["warmline.core.people.signing_in.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "warmline.core.people.signing_in.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Warmline"
MFA_TOTP_TOLERANCE = 1  # half a minute either way: clocks of phones differ (RFC 6238, 5.2)
MFA_ADAPTER = "warmline.core.people.signing_in.SecondFactorAdapter"
SILENCED_SYSTEM_CHECKS = ["account.W001"]

SESSION_ENGINE = "warmline.core.people.sessions"
SESSION_COOKIE_AGE = ENV.session_hours * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.proxies else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "warmline.base.web.stale_form"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "base_cache"}
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
USE_I18N = USE_TZ = True
TIME_ZONE = ENV.time_zone

STATIC_URL = "static/"
STATIC_ROOT = ENV.data / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENV.data / "files"},
    },
    "staticfiles": {"BACKEND": "warmline.base.page_files.PageFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MANIFEST_STRICT = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"hush": {"()": "warmline.base.logs.Hush"}},
    "handlers": {
        "err": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hush"]}
    },
    "root": {"handlers": ["err"], "level": "WARNING"},
    "loggers": {"warmline": {"level": "INFO"}},
}
