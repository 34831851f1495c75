"""What a program does with a client that openapi-python-client made: log in, register a client and a user, look at
sessions, close one, clean up."""

import importlib
import json
import os
import pkgutil
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import grantor_client.api
from grantor_client import AuthenticatedClient, models
from grantor_client.api.client import create_client, delete_client
from grantor_client.api.o_auth import introspect_token, read_userinfo, request_token
from grantor_client.api.session import close_session, read_session, search_sessions
from grantor_client.api.user import create_user, delete_user, read_user

URL = os.environ["GRANTOR_URL"]
OURS = (os.environ["GRANTOR_CLIENT"], os.environ["GRANTOR_CLIENT_SECRET"])
SECRET = "a secret of the Python scenario"
PASSWORD = "a password of the Python scenario"


def bearer(token):
    """The API for whoever holds this token."""
    return AuthenticatedClient(base_url=URL, token=token, raise_on_unexpected_status=True)


def basic(client):
    credentials = b64encode(":".join(client).encode()).decode()
    return AuthenticatedClient(base_url=URL, token=credentials, prefix="Basic", raise_on_unexpected_status=True)


def succeeded(answer):
    """The content of an answer, which must be one of success."""
    assert 200 <= answer.status_code < 300, f"{answer.status_code}: {answer.content}"
    return answer.parsed


def log_in(client, username, password):
    body = models.TokenRequest(grant_type="password", username=username, password=password)
    answer = succeeded(request_token.sync_detailed(client=basic(client), body=body))
    assert answer.token_type == "Bearer", answer
    return answer.access_token


def introspect(client, token):
    body = models.TokenParameters(token=token)
    return succeeded(introspect_token.sync_detailed(client=basic(client), body=body))


def sessions_of(administrator, user):
    """The ids of a user's sessions, one a page: all but the first are behind `next`."""
    found, page = [], "1"
    while page is not None:
        answer = search_sessions.sync_detailed(client=administrator, user=user, field_count=1, field_page=page)
        bundle = succeeded(answer)
        assert len(bundle.entry) == 1, bundle
        found += [entry.resource.to_dict()["id"] for entry in bundle.entry]
        following = [link.url for link in bundle.link if link.relation == "next"]
        page = parse_qs(urlsplit(following[0]).query)["_page"][0] if following else None
    return found


def every_operation_was_generated():
    """The generator leaves out what it cannot express, and only warns."""
    with open(os.environ["GRANTOR_DOCUMENT"], encoding="utf-8") as file:
        paths = json.load(file)["paths"]
    wanted = {
        operation["operationId"]
        for item in paths.values()
        for operation in item.values()
        if isinstance(operation, dict)
    }
    generated = set()
    for module in pkgutil.walk_packages(grantor_client.api.__path__, "grantor_client.api."):
        importlib.import_module(module.name)
        generated.add(module.name.rsplit(".", 1)[-1])
    assert wanted and wanted <= generated, f"not generated: {sorted(wanted - generated)}"


def sessions_are_found_and_closed():
    administrator = bearer(log_in(OURS, "admin", os.environ["GRANTOR_ADMIN_PASSWORD"]))
    body = models.Client(name="Python", secret=SECRET, grant_types=["password"])
    client = succeeded(create_client.sync_detailed(client=administrator, body=body)).id
    body = models.User(user_name="python", password=PASSWORD)
    user = succeeded(create_user.sync_detailed(client=administrator, body=body)).id
    theirs = (client, SECRET)
    first, second = (log_in(theirs, "python", PASSWORD) for _ in range(2))

    found = sessions_of(administrator, user)
    assert len(set(found)) == 2, found
    introspection = introspect(theirs, first)
    assert introspection.active and introspection.sid in found, introspection

    assert succeeded(read_session.sync_detailed(introspection.sid, client=administrator)).active
    assert not succeeded(close_session.sync_detailed(introspection.sid, client=administrator)).active

    assert not introspect(theirs, first).active
    refused = read_userinfo.sync_detailed(client=bearer(first))
    assert (refused.status_code, refused.parsed.error) == (401, "invalid_token"), refused
    assert succeeded(read_userinfo.sync_detailed(client=bearer(second))).sub == user, "the other session lives on"

    succeeded(delete_user.sync_detailed(user, client=administrator))
    succeeded(delete_client.sync_detailed(client, client=administrator))
    assert read_user.sync_detailed(user, client=administrator).status_code in (404, 410)
    assert read_userinfo.sync_detailed(client=bearer(second)).status_code == 401, "its sessions are over"


every_operation_was_generated()
sessions_are_found_and_closed()
