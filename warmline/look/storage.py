"""Static files under names that change with their content, modules that import modules included.

So a phone that kept yesterday's files never mixes them with today's.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
