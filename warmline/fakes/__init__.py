"""Fakes: 阿里云, 腾讯云 and 企业微信 on this machine, as strict as the real ones and just as moody.

`warmline fakes` serves them for the demo; tests start them with `Fakes.running()`. They share no
code with the channels: what they check, they check in their own way.
"""
