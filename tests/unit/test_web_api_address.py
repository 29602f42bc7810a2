"""The address of an environment, as people write it."""

from __future__ import annotations

import pytest

from journeylint.errors import UsageError
from journeylint.web_api.address import read_address


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://contoso.crm4.dynamics.com", "https://contoso.crm4.dynamics.com"),
        (" https://Contoso.crm4.dynamics.com/ ", "https://contoso.crm4.dynamics.com"),
        ("https://contoso.crm4.dynamics.com:443", "https://contoso.crm4.dynamics.com"),
        ("https://contoso.crm4.dynamics.com/api/data/v9.2/", "https://contoso.crm4.dynamics.com"),
        ("https://contoso.example:8443", "https://contoso.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_its_origin(text: str, origin: str) -> None:
    assert read_address(text).origin == origin


@pytest.mark.parametrize(
    "host", ["contoso.crm4.dynamics.com", "10.0.0.1", "localhost.evil.example", "0.0.0.0", "[::2]"]
)
def test_only_this_machine_is_spoken_to_without_encryption(host: str) -> None:
    with pytest.raises(UsageError, match="a token must not be sent without encryption: expected https"):
        read_address(f"http://{host}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "contoso",
        "ftp://contoso.example",
        "https://",
        "https://a b",
        "https:///x",
        "https://[",
        "https://a:b",
        "https://ä.example",
    ],
)
def test_what_is_no_address_is_told_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"expected one such as https://contoso\.crm4\.dynamics\.com$"):
        read_address(text)


def test_an_address_without_its_scheme_is_told_with_it() -> None:
    with pytest.raises(UsageError, match=r"did you mean https://contoso\.crm4\.dynamics\.com\?$"):
        read_address("contoso.crm4.dynamics.com")


@pytest.mark.parametrize("rest", ["/main.aspx?appid=1", "/api/data/v9.1", "/?a=b", "/#top", "/x"])
def test_what_a_browser_shows_is_told_with_the_address_in_it(rest: str) -> None:
    with pytest.raises(UsageError, match=r"give https://contoso\.crm4\.dynamics\.com$"):
        read_address(f"https://contoso.crm4.dynamics.com{rest}")


@pytest.mark.parametrize(
    "text",
    ["https://me:hunter2@contoso.crm4.dynamics.com", "me:hunter2@contoso.crm4.dynamics.com", "https://hunter2@a.b"],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError, match="holds a name or password") as raised:
        read_address(text)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/api/data/v9.2/x",
        "//elsewhere.example/api/data/v9.2/x",
        "https://contoso.crm4.dynamics.com.elsewhere.example/api/data/v9.2/x",
        "https://contoso.crm4.dynamics.com@elsewhere.example/api/data/v9.2/x",
        "https://contoso.crm4.dynamics.com\\@elsewhere.example/api/data/v9.2/x",
        "http://contoso.crm4.dynamics.com/api/data/v9.2/x",
        "https://contoso.crm4.dynamics.com:8443/api/data/v9.2/x",
        "https://me@contoso.crm4.dynamics.com/api/data/v9.2/x",
        "https://contoso.crm4.dynamics.com/elsewhere",
        "../../../elsewhere",
        "https://[",
    ],
)
def test_no_path_leads_out_of_the_web_api(path: str) -> None:
    assert read_address("https://contoso.crm4.dynamics.com").resolve(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "x?a=b",
        "/api/data/v9.2/x?a=b",
        "https://contoso.crm4.dynamics.com/api/data/v9.2/x?a=b",
        "https://CONTOSO.crm4.dynamics.com:443/api/data/v9.2/x?a=b#part",
    ],
)
def test_a_path_inside_the_web_api_is_one_url_however_it_is_written(path: str) -> None:
    address = read_address("https://contoso.crm4.dynamics.com")
    assert address.resolve(path) == "https://contoso.crm4.dynamics.com/api/data/v9.2/x?a=b"
