from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "warmline.look"
    label = "look"
