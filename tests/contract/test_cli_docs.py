"""`journeylint docs`: pages that say what the policies say, lead where they promise, and let no text become markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from journeylint.cli.docs_command import MARKER
from journeylint.model import JsonObject
from journeylint.pages.content import gather_content, make_example
from journeylint.pages.html_site import html_site
from journeylint.pages.markdown_site import markdown_site
from journeylint.policies import Library
from journeylint.policy_library import load_library
from tests.contract.command_line import run_in, write
from tests.judging import builtin_host, host_over, make_policy, write_pack

VOID = {"meta", "link", "br"}
HOSTILE = "<script>alert(1)</script> \"quoted\" 'a' &amp; `code` [a](javascript:x) <!-- | --> ](x) \u202e @all\x1b[31m"


class Page(HTMLParser):
    """A page of HTML: its elements, links, ids, headings and text; elements that are not closed in order fail."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.marked = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self.open:
            self.marked += data


REPOSITORY = Path(__file__).resolve().parents[2]
POLICIES = list(REPOSITORY.glob("policies/*/*/policy.yaml"))
PAGES = 2 + len(list(REPOSITORY.glob("policies/*/pack.yaml"))) + len(POLICIES)
"""A page for each policy and pack, an index, and what else a format needs."""


def no_findings(*_: object) -> tuple[()]:
    return ()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    status, out, err = run_in(folder, ("docs", "out"))
    assert (status, err) == (0, "")
    assert out == f"Wrote {PAGES} files about {len(POLICIES)} policies to out.\n"
    return folder / "out"


def read_site(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes().decode()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def library_of(tmp_path: Path, *policies: JsonObject, **pack: str) -> Library:
    root = write_pack(tmp_path / "packs", *policies)
    file = root / "pack" / "pack.yaml"
    file.write_text(json.dumps({**json.loads(file.read_text()), **pack}))
    return load_library(host_over(root), is_part=True)


def test_every_link_and_anchor_leads_somewhere(site: Path) -> None:
    files = read_site(site)
    pages = {name: Page(text) for name, text in files.items() if name.endswith(".html")}
    lost = []
    for name, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            if link.startswith("https://"):
                continue
            inside = normpath(str(PurePosixPath(name).parent / target)) if target else name
            if inside not in files or (anchor and anchor not in pages[inside].ids):
                lost.append((name, link))
    assert lost == []


def test_every_page_can_be_reached_from_the_index(site: Path) -> None:
    files = read_site(site)
    seen, todo = set[str](), ["index.html"]
    while todo:
        name = todo.pop()
        if name not in seen and not name.startswith("https:"):
            seen.add(name)
            if name.endswith(".html"):
                links = [link for link in Page(files[name]).links if not link.startswith(("#", "https:"))]
                todo += [normpath(str(PurePosixPath(name).parent / link)) for link in links]
    assert seen == set(files) - {MARKER}


def test_a_page_has_one_title_unique_ids_landmarks_and_a_language(site: Path) -> None:
    for name, text in read_site(site).items():
        if name.endswith(".html"):
            page = Page(text)
            assert text.startswith('<!DOCTYPE html>\n<html lang="en">'), name
            assert page.tags.count("h1") == 1, name
            assert len(page.ids) == len(set(page.ids)), name
            assert {"header", "main", "footer", "title"} <= set(page.tags), name
            levels = [int(tag[1]) for tag in page.tags if tag in ("h1", "h2", "h3", "h4")]
            assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False)), name


def test_a_page_needs_nothing_from_elsewhere_and_no_script(site: Path) -> None:
    for name, text in read_site(site).items():
        if name.endswith(".html"):
            page = Page(text)
            assert not {"script", "iframe", "img", "style", "form"} & set(page.tags), name
            assert not {item for item in page.attributes if item.startswith("on") or item == "style"}, name
    style = (site / "style.css").read_text()
    assert "url(" not in style
    assert "@import" not in style


def test_a_policy_s_page_says_what_the_policy_says(site: Path) -> None:
    policies = load_library(builtin_host()).policies
    for policy in policies:
        page = Page((site / policy.pack / f"{policy.name}.html").read_text(encoding="utf-8"))
        told = " ".join(page.text.split())
        wanted = [policy.id, policy.name, policy.title, policy.rationale, policy.remediation, policy.since]
        wanted += [param.description for param in policy.params.values()] + list(policy.params)
        wanted += [reference["title"] for reference in policy.references]
        assert [words for words in wanted if " ".join(words.split()) not in told] == [], policy.id
        assert [one["url"] for one in policy.references if one["url"] not in page.links] == []


def test_the_failing_example_shows_the_marked_lines_and_the_finding_s_own_message(site: Path) -> None:
    page = Page((site / "outbound-segments/oversized-outbound-segment.html").read_text(encoding="utf-8"))
    assert page.marked.splitlines()[0].strip() == "- name: newsletter-readers"
    assert "Line 8: Outbound segment 'newsletter-readers' has 1,150,000 members" in page.text
    assert "finds:" not in page.text


def test_every_failing_example_that_ships_is_marked_and_has_its_message(site: Path) -> None:
    kinds = builtin_host().manifest_kinds
    for policy in (one for one in load_library(builtin_host()).policies if one.kind in kinds):
        page = Page((site / policy.pack / f"{policy.name}.html").read_text(encoding="utf-8"))
        assert page.marked.strip(), policy.id
        assert "Line " in page.text, policy.id


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_the_same_policies_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("a", "b"):
        assert run_in(tmp_path, ("docs", name, "--format", form))[0] == 0
    assert read_site(tmp_path / "a") == read_site(tmp_path / "b")


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"out/notes.txt": "mine"})
    status, out, err = run_in(tmp_path, ("docs", "out"))
    assert (status, out) == (2, "")
    assert err == "error: out holds files that journeylint did not write: name a new folder\n"
    assert read_site(tmp_path / "out") == {"notes.txt": "mine"}


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"out": "mine"})
    status, _, err = run_in(tmp_path, ("docs", "out"))
    assert status == 2
    assert err.startswith("error: out cannot be written into: ")


def test_pages_of_an_earlier_run_that_are_gone_are_removed_and_nothing_else(tmp_path: Path) -> None:
    assert run_in(tmp_path, ("docs", "out"))[0] == 0
    write(tmp_path, {"out/notes.txt": "mine"})
    assert run_in(tmp_path, ("docs", "out", "--pack", "references"))[0] == 0
    assert not (tmp_path / "out/outbound-segments").exists()
    assert (tmp_path / "out/notes.txt").read_text() == "mine"
    assert run_in(tmp_path, ("docs", "fresh", "--pack", "references"))[0] == 0
    fresh = read_site(tmp_path / "fresh")
    assert {name: text for name, text in read_site(tmp_path / "out").items() if name != "notes.txt"} == fresh


@pytest.mark.parametrize("line", ["../mine.txt", "/tmp/../mine.txt", "a/../../mine.txt"])
def test_a_forged_list_of_pages_reaches_nothing_outside(tmp_path: Path, line: str) -> None:
    write(tmp_path, {f"out/{MARKER}": f"{line}\n", "mine.txt": "mine"})
    assert run_in(tmp_path, ("docs", "out", "--pack", "references"))[0] == 0
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_packs_of_paths_have_pages_without_being_installed(tmp_path: Path) -> None:
    assert run_in(tmp_path, ("new", "policy", "acme/tiny-audience"))[0] == 0
    status, out, err = run_in(tmp_path, ("docs", "site", "policies"))
    assert (status, out, err) == (0, "Wrote 4 files about 1 policy to site.\n", "")
    page = Page((tmp_path / "site/acme/tiny-audience.html").read_text(encoding="utf-8"))
    assert page.marked.strip().startswith("name: name-that-goes-on")
    assert "has 41 characters, and at most 40 are fine." in page.text


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("--pack", "reference"), "--pack reference: there is no such pack - did you mean 'references'?"),
        (("nowhere",), "nowhere"),
    ],
)
def test_a_pack_that_is_not_there_is_told(tmp_path: Path, argv: tuple[str, ...], told: str) -> None:
    status, _, err = run_in(tmp_path, ("docs", "out", *argv))
    assert status == 2
    assert told in err
    assert not (tmp_path / "out").exists()


def hostile_policy(words: str) -> JsonObject:
    more: JsonObject = {"replaced-by": "XYZ777", "former-names": ["old-name"]}
    return make_policy(
        title=words[:100].strip() or "A title",
        rationale=words,
        remediation=words,
        message="It fails. " + words.replace("$", "").replace("{", ""),
        params={"most": {"type": "string", "default": words, "description": words}},
        references=[{"title": words, "url": f"https://example.org/{words}", "section": words}],
        history=[{"version": "0.2.0", "change": words}],
        stage="deprecated",
        **more,
    )


def assert_harmless(files: Mapping[str, str], plain: Mapping[str, str]) -> None:
    for name, text in files.items():
        if name.endswith(".html"):
            page, expected = Page(text), Page(plain[name])
            assert set(page.tags) <= set(expected.tags)
            assert page.attributes <= expected.attributes
            assert all(link.startswith(("https://", "#")) or link in expected.links for link in page.links)


def test_no_text_of_a_policy_becomes_markup(tmp_path: Path) -> None:
    hostile = html_site(gather_content(library_of(tmp_path / "h", hostile_policy(HOSTILE), title=HOSTILE), no_findings))
    plain = html_site(gather_content(library_of(tmp_path / "p", hostile_policy("words"), title="words"), no_findings))
    assert_harmless(hostile, plain)
    page = Page(hostile["pack/policy-1.html"])
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in page.text
    assert "<U+202E>" in page.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.sampled_from("<>&\"'/!-`[]()# \nabs=|*_\\\u202e\u2028"), min_size=1, max_size=60))
def test_no_text_at_all_becomes_markup(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    folder = tmp_path_factory.mktemp("packs")
    words = words.strip() or "x"
    packs = gather_content(library_of(folder / "h", hostile_policy(words), title=words), no_findings)
    plain = gather_content(library_of(folder / "p", hostile_policy("words"), title="words"), no_findings)
    assert_harmless(html_site(packs), html_site(plain))
    for text in markdown_site(packs).values():
        kinds = {token.type for token in MarkdownIt("commonmark").enable("table").parse(text)}
        assert not kinds & {"html_block"}
        inner = [
            child for token in MarkdownIt("commonmark").enable("table").parse(text) for child in token.children or ()
        ]
        assert not [child for child in inner if child.type in ("html_inline", "image")]
        links = [str(child.attrs["href"]) for child in inner if child.type == "link_open"]
        assert all(link.startswith("https://example.org/") or link.endswith(".md") for link in links), links


def test_where_a_policy_is_in_its_life_stands_on_its_page(tmp_path: Path) -> None:
    more: JsonObject = {"replaced-by": "TST002", "former-ids": ["TST099"], "former-names": ["long-ago"]}
    old = make_policy(
        1,
        stage="deprecated",
        effective={"from": "2027-01-01", "until": "2027-07-01"},
        **more,
    )
    young = make_policy(2, stage="preview", history=[{"version": "0.2.0", "change": "Came."}])
    files = html_site(gather_content(library_of(tmp_path, old, young), no_findings))
    page = Page(files["pack/policy-1.html"])
    told = " ".join(page.text.split())
    assert "It is deprecated, and will go. It holds from 2027-01-01 on; before that its findings are infos." in told
    assert "It holds until 2027-07-01. It was called TST099, long-ago before. Use TST002 instead." in told
    assert "../pack/policy-2.html" in page.links
    other = " ".join(Page(files["pack/policy-2.html"]).text.split())
    assert "It is a preview" in other
    assert "0.2.0 Came." in other


@pytest.mark.parametrize(
    ("each", "words"),
    [
        ("$", "It looks at every Journey."),
        ("$.spec.segments[*]", "It looks at each item of spec.segments in every Journey."),
        ("$.spec.segments[0].name", "It looks at spec.segments[0].name in every Journey."),
        ("$..name", "It looks at each node that $..name selects in every Journey."),
    ],
)
def test_what_is_judged_is_told_in_words(tmp_path: Path, each: str, words: str) -> None:
    packs = gather_content(library_of(tmp_path, make_policy(1, each_=each)), no_findings)
    assert words in Page(html_site(packs)["pack/policy-1.html"]).text
    assert words.replace("[", "\\[").replace("]", "\\]").replace("*", "\\*") in markdown_site(packs)["pack/policy-1.md"]


def test_a_policy_without_cases_has_a_page_without_examples(tmp_path: Path) -> None:
    packs = gather_content(library_of(tmp_path, make_policy()), no_findings)
    assert "Examples" not in Page(html_site(packs)["pack/policy-1.html"]).text
    assert "Examples" not in markdown_site(packs)["pack/policy-1.md"]


def test_an_example_shows_what_its_case_sets_and_not_the_comments_for_machines() -> None:
    text = "# yaml-language-server: $schema=x\n# as-of: 2025-01-01\nkind: Journey  # finds: TST001\n\n"
    example = make_example(text, ())
    assert [line.text for line in example.lines] == ["kind: Journey"]
    assert example.settings == ("as-of: 2025-01-01",)


def test_a_comment_for_people_stays_in_an_example() -> None:
    example = make_example("# Split by country.\nkind: Journey\n", ())
    assert [line.text for line in example.lines] == ["# Split by country.", "kind: Journey"]


def test_the_markdown_pages_lead_to_each_other(tmp_path: Path) -> None:
    assert run_in(tmp_path, ("docs", "out", "--format", "markdown"))[0] == 0
    files = read_site(tmp_path / "out")
    lost = []
    for name, text in files.items():
        for token in MarkdownIt("commonmark").enable("table").parse(text) if name.endswith(".md") else ():
            for child in token.children or ():
                target = str(child.attrs.get("href", "https://"))
                if (
                    not target.startswith("https://")
                    and normpath(str(PurePosixPath(name).parent / target)) not in files
                ):
                    lost.append((name, target))
    assert lost == []
    assert len(files) == PAGES


def test_the_list_of_a_pack_says_which_policies_hold_only_if_another_preset_is_named(tmp_path: Path) -> None:
    policies = [make_policy(1), make_policy(2, presets=["strict"]), make_policy(3, presets=[])]
    library = load_library(host_over(write_pack(tmp_path, *policies)))
    content = gather_content(library, no_findings)
    listed = re.findall(r"policy-(\d)[.]html\">A policy</a>(.*?)</td>", html_site(content)["pack/index.html"])
    assert listed == [
        ("1", ""),
        ("2", '<span class="preset"> (in strict)</span>'),
        ("3", '<span class="preset"> (in all only)</span>'),
    ]
    rows = re.findall(r"policy-(\d)[.]md\)(.*?) \|", markdown_site(content)["pack/README.md"])
    assert rows == [("1", ""), ("2", " (in strict)"), ("3", " (in all only)")]
