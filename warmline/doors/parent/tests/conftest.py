from warmline.service.desk.tests.conftest import *  # noqa: F403 the same shop, people and father
