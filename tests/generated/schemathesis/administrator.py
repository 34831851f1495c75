"""Lets an administrator make the calls: client `root` where Basic is taken, else user `admin` with a fresh token."""

import os

import requests
import schemathesis
from requests.auth import HTTPBasicAuth

URL = os.environ["GRANTOR_URL"]
ROOT = ("root", os.environ["GRANTOR_ROOT_SECRET"])
OURS = (os.environ["GRANTOR_CLIENT"], os.environ["GRANTOR_CLIENT_SECRET"])
ADMIN = ("admin", os.environ["GRANTOR_ADMIN_PASSWORD"])

# Whoever is removed by a call cannot make the next one.
NEEDED = {ROOT[0], OURS[0], ADMIN[0]}


@schemathesis.auth(refresh_interval=None)
class Administrator:
    def get(self, case, context):
        ways = {way for ways in context.operation.definition.raw.get("security", []) for way in ways}
        if "basic" in ways:
            return HTTPBasicAuth(*ROOT)
        return fresh_token if "bearer" in ways else None

    def set(self, case, data, context):
        if data is None:
            return
        prepared = data(requests.Request("GET", URL).prepare())
        case.headers["Authorization"] = prepared.headers["Authorization"]


def fresh_token(request):
    """A token of its own for every call: some calls close the session they are made with."""
    form = {"grant_type": "password", "username": ADMIN[0], "password": ADMIN[1]}
    answer = requests.post(f"{URL}/auth/token", auth=OURS, data=form, timeout=30)
    answer.raise_for_status()
    request.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return request


@schemathesis.hook
def before_call(context, case, kwargs):
    for name, value in (case.path_parameters or {}).items():
        if value in NEEDED:
            case.path_parameters[name] = f"not-{value}"
    # Two ways to authenticate are one too many.
    if isinstance(case.body, dict) and "Authorization" in (case.headers or {}):
        case.body.pop("client_id", None)
        case.body.pop("client_secret", None)
