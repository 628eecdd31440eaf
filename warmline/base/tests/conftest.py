from warmline.base.postgres.tests.conftest import (  # noqa: F401 - fixtures
    first,
    in_english,
    root,
    settled,
    somewhere,
)
