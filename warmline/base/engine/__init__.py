"""Django's PostgreSQL engine, as this house uses it (settings.DATABASES names it)."""
