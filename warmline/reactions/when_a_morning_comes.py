"""A morning comes: what playbooks may be written on, besides what happens, is made known."""

import warmline.service.care.planning  # noqa: F401 registers the finders of care
