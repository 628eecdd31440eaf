"""What the description promises is what the door does: strange requests by the hundred say so."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from warmline.core.people.models import Token

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SETTINGS = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(autouse=True)
def _one_connection():
    """The server would drop the connection after each request, and the test's transaction with it."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


def test_strange_requests_get_described_answers(db):
    schema = schemathesis.openapi.from_wsgi("/api/v1/epcis/openapi.json", application)
    headers = {"Authorization": f"Bearer {Token.issue(name='fuzz', role='logistics')[1]}"}
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @SETTINGS
            @given(case=operation.as_strategy(generation_mode=mode))
            def try_it(case):
                nonlocal tried
                tried += 1
                with transaction.atomic():
                    response = case.call(headers=headers)
                    # A parameter that the standard knows and we do not serve is a 501, said so.
                    checks = CHECKS[1:] if response.status_code == 501 else CHECKS
                    case.validate_response(response, checks=checks)
                    transaction.set_rollback(True)

            try_it()
    assert tried > 150
