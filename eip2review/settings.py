"""The one settings file. What an installation may change comes from the environment (`.env.example` lists it)."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from eip2review.environment import Environment, refuse
from eip2review.providers import describe_providers

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR / ".env")

VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")  # the database, the secret key
BUILT_DIR = env.folder("BUILT_DIR", VAR_DIR)  # built fonts, collected static files


def _own_secret_key() -> str:
    """Return this installation's secret key, made and kept in VAR_DIR when the environment gives none."""
    path = VAR_DIR / "secret-key"
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(get_random_secret_key())
        return path.read_text().strip()
    except OSError as error:
        refuse("VAR_DIR", f"a folder of the user who runs this, and {path} is out of reach ({error.strerror})")


METRICS_TOKEN = env.text("METRICS_TOKEN", "", least=20)  # opens /metrics/; empty: nobody may read it
LOG_FORMAT = env.text("LOG_FORMAT", "plain", among=("plain", "json"))  # json: one object a line
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY", "") or _own_secret_key()
ALLOWED_HOSTS = env.texts(
    "ALLOWED_HOSTS",
    ["*"],
    shape=r"\*|\.?\w[\w.-]*|\[[\da-fA-F:.]+\]",
    wanted="host names such as midpoint.example.org, with commas between them, without https:// and without a port",
)
CSRF_TRUSTED_ORIGINS = env.texts(
    "CSRF_TRUSTED_ORIGINS",
    [],
    shape=r"https?://[^/?#\s]+",
    wanted="addresses such as https://midpoint.example.org, with commas between them, and nothing after the host",
)
# What the QR code says; empty: the address that the wall was opened at.
PUBLIC_URL = env.address("PUBLIC_URL", "https", "http", example="https://midpoint.example.org")

# A certificate of the server's own, for a laptop without a proxy: files as PEM, checked when `make run` starts.
TLS_CERTIFICATE = env.text("TLS_CERTIFICATE", "")
TLS_KEY = env.text("TLS_KEY", "")

HOST = env.text("HOST", "0.0.0.0")  # noqa: S104 (phones in the room come from outside this machine)
PORT = env.number("PORT", 0, most=65_535)  # 0: port 8000, or the next free one

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "csp",
    "eip2review",
    "workshops",
    "ratings",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "eip2review.headers.careful_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are compressed. BREACH learns nothing: each response masks its CSRF token anew and is padded at random.
    "django.middleware.gzip.GZipMiddleware",
    "eip2review.headers.content_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workshops.views.errors.CarriedMeanwhile",
    "workshops.views.errors.worded_refusals",
    "workshops.views.errors.DatabaseAway",
]

ROOT_URLCONF = "eip2review.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
            "builtins": ["django.templatetags.static", "django.templatetags.i18n"],
        },
    },
]

# Database: SQLite in VAR_DIR, or DATABASE_URL. A saved answer must survive a power cut, hence synchronous=FULL.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR}/midpoint.sqlite3")
}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["ENGINE"] = "eip2review.sqlite3"
    DATABASE["TEST"] = {"NAME": ":memory:"}
    DATABASE["CONN_MAX_AGE"] = None
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
else:
    DATABASE["CONN_MAX_AGE"] = 600
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = {  # whoever vanished without a word is noticed, here and there, and lets go of what it held
        "connect_timeout": 3,
        "tcp_user_timeout": 5000,  # milliseconds
        "keepalives_idle": 3,
        "keepalives_interval": 1,
        "options": "-c tcp_user_timeout=5s -c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1"
        " -c idle_in_transaction_session_timeout=2min",
        **DATABASE.get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The live channel. Each screen's first and every later picture is rendered by the functions named here.
# Redis carries notices between processes, and counts; without it PostgreSQL carries them.
REDIS_URL = env.address("REDIS_URL", "redis", "rediss", example="redis://127.0.0.1:6379/0", path=True)
DJANGO_THREADS = env.number("DJANGO_THREADS", 1 if DATABASE["ENGINE"].endswith("sqlite3") else 4, least=1, most=100)
CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "eip2review.steady.SteadyCache"}}
CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 20_000}
if REDIS_URL:
    CACHES["default"] = {"BACKEND": "eip2review.counting.SteadyRedisCache", "LOCATION": REDIS_URL}
    CACHES["default"]["OPTIONS"] = {"socket_timeout": 1, "socket_connect_timeout": 1}
CACHES["default"]["KEY_PREFIX"] = "midpoint"
PHONE_FRAGMENT = "ratings.cards.render_phone_fragment"
BEFORE_ERASING = "ratings.signing.let_go"  # lets the database delete what was signed; says what the certificate lists

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_ENGINE = "eip2review.steady_sessions"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workshops:workshops"
LOGOUT_REDIRECT_URL = "workshops:home"

# Signing in. Guesses are counted by user name and, more generously, by address: an office shares one, and so may
# everybody behind a proxy.
ACCOUNT_ADAPTER = "workshops.signing_in.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "200/10m/ip,15/10m/key"}
PROVIDERS, PROVIDER_ORIGINS = describe_providers(
    microsoft=(
        env.text("MICROSOFT_CLIENT_ID", ""),
        env.text("MICROSOFT_CLIENT_SECRET", ""),
        env.text("MICROSOFT_TENANT", ""),
    ),
    google=(env.text("GOOGLE_CLIENT_ID", ""), env.text("GOOGLE_CLIENT_SECRET", "")),
)
SOCIALACCOUNT_ADAPTER = "workshops.elsewhere.ElsewhereAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": PROVIDERS, "OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "profile"]}
}
MFA_ADAPTER = "workshops.signing_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "workshops.passkeys.AddForm",
    "authenticate_webauthn": "workshops.passkeys.AuthenticateForm",
    "login_webauthn": "workshops.passkeys.LoginForm",
    "reauthenticate_webauthn": "workshops.passkeys.ReauthenticateForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts have no e-mail address
MFA_TOTP_ISSUER = "Midpoint"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}

LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "eip2review" / "locale"]  # where `manage.py makemessages` gathers every word
TIME_ZONE = env.zone("TIME_ZONE", "Europe/London")
USE_TZ = True

SEAL_AFTER = env.number(
    "SEAL_AFTER", 30, most=100_000
)  # minutes for which what is closed can be reopened; then it is sealed
KEEP_DAYS = env.number("KEEP_DAYS", 365, least=1, most=36_500)  # for a workshop whose details say nothing else

CLOCK_FILE = VAR_DIR / "clock"  # what this machine's clock showed when it was looked at last
PRESS_DIR = VAR_DIR / "press"  # the lock of the journals' press, and its fonts' cache

STATIC_URL = "static/"
STATIC_ROOT = BUILT_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", BUILT_DIR / "fonts")]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "eip2review.package_files.PackageFileFinder",
]
STATIC_PACKAGE_FILES = {
    "vendor/htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "names/rules.json": ("ratings", "names/rules.json"),
    "vendor/webauthn-json.js": ("allauth", "mfa/static/mfa/js/webauthn-json.js"),
    "vendor/plotly.min.js": ("plotly", "package_data/plotly.min.js"),
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
(BUILT_DIR / "fonts").mkdir(parents=True, exist_ok=True)

# Security. Plotly writes two constant <style> elements of its own: an empty one, and that of maps, which nobody sees.
PLOTLY_STYLES = [
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, *PLOTLY_STYLES],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *PROVIDER_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, most=100)  # how many proxies of ours each request comes through
SECURE_COOKIES = env.flag("SECURE_COOKIES", default=bool(TLS_CERTIFICATE))  # true behind TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_AGE = 14 * 24 * 3600  # seconds; on a phone too, and there nothing is kept longer than its token
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # HSTS for a whole domain is for its owner to decide
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "workshops.views.errors.stale_page"
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144

# Logs say what happened, never who: no address, no user agent, no answer, no code or token.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "eip2review.logs.CarefulFormatter", "format": "{levelname} {name}: {message}", "style": "{"},
        "json": {"()": "eip2review.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if LOG_FORMAT == "json" else "plain"}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {name: {"level": "INFO"} for name in ("eip2review", "workshops", "ratings")},
}
