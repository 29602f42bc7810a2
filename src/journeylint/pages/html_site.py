"""The pages as a site of HTML: an index, a page for each pack and policy, one stylesheet, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from journeylint.pages.content import Example, PackContent, PolicyContent
from journeylint.pages.html_style import STYLE
from journeylint.pages.html_text import Html, code_lines, element, join, paragraphs, text
from journeylint.pages.words import (
    guideline_sentence,
    judged_nodes,
    life_sentences,
    setting_text,
    value_text,
)
from journeylint.policies import Pack, Policy
from journeylint.policy_fix import tell_fix
from journeylint.predicate_steps import predicate_steps
from journeylint.terminal import count

INDEX = "index.html"
_SITE = "Policies"
_LINE = {False: "line", True: "line marked"}


def html_site(packs: Sequence[PackContent]) -> dict[str, str]:
    """The files of the site by path, with `/` between folders."""
    files = {"style.css": STYLE, INDEX: _index_page(packs)}
    paths = {content.policy.id: _path_of(content.policy) for pack in packs for content in pack.policies}
    for pack in packs:
        files[f"{pack.pack.name}/{INDEX}"] = _pack_page(pack)
        for number, content in enumerate(pack.policies):
            beside = (
                pack.policies[number - 1] if number else None,
                pack.policies[number + 1] if number + 1 < len(pack.policies) else None,
            )
            files[paths[content.policy.id]] = _policy_page(content, pack.pack, paths, beside)
    return files


def _path_of(policy: Policy) -> str:
    return f"{policy.pack}/{policy.name}.html"


def _index_page(packs: Sequence[PackContent]) -> str:
    total = sum(len(pack.policies) for pack in packs)
    body = [
        element("h1", text(_SITE)),
        element(
            "p",
            text(f"{count(total, 'policy')} in {count(len(packs), 'pack')}, by which "),
            _link("journeylint", "https://journeylint.dev"),
            text(" judges marketing journeys before they are published."),
            class_="lead",
        ),
    ]
    for pack in packs:
        name = pack.pack.name
        body.append(element("h2", _link(pack.pack.title, f"{name}/{INDEX}"), id=name))
        body.append(paragraphs(pack.pack.description))
        body.append(_policy_table(pack, f"{name}/"))
    return _page(_SITE, "", Html(""), join(*body))


def _pack_page(content: PackContent) -> str:
    pack = content.pack
    body = [
        element("p", text(f"{pack.name} ({pack.prefix})"), class_="id"),
        element("h1", text(pack.title)),
        paragraphs(pack.description),
        _facts(_tags(pack.tags)) if pack.tags else Html(""),
        element("h2", text("Policies"), id="policies"),
        _policy_table(content, ""),
    ]
    if pack.presets:
        body.append(element("h2", text("Presets"), id="presets"))
        body.append(
            _definitions([(name, str(_member(preset, "description"))) for name, preset in pack.presets.items()])
        )
    if pack.references:
        body.append(_references(pack.references))
    trail = element("nav", _link(_SITE, f"../{INDEX}"), aria_label="Breadcrumb")
    return _page(pack.title, "../", trail, join(*body))


def _policy_table(content: PackContent, folder: str) -> Html:
    rows = [
        element(
            "tr",
            element("td", element("code", text(policy.id))),
            element("td", _severity(policy)),
            element("td", _link(policy.title, f"{folder}{policy.name}.html"), *_preset(policy)),
        )
        for policy in (one.policy for one in content.policies)
    ]
    heads = element("tr", *(element("th", text(word), scope="col") for word in ("Id", "Severity", "Policy")))
    return element("table", element("thead", heads), element("tbody", *rows), class_="list")


def _preset(policy: Policy) -> Iterator[Html]:
    if policy.not_recommended:
        yield element("span", text(f" ({policy.not_recommended})"), class_="preset")


def _policy_page(
    content: PolicyContent,
    pack: Pack,
    paths: Mapping[str, str],
    beside: tuple[PolicyContent | None, PolicyContent | None],
) -> str:
    policy = content.policy
    body = [
        element("p", text(f"{policy.id} {policy.name}"), class_="id"),
        element("h1", text(policy.title)),
        element("p", text(guideline_sentence(policy)), class_="lead"),
        _life(policy, paths),
        element("h2", text("Why"), id="why"),
        paragraphs(policy.rationale),
        element("h2", text("What to do"), id="what-to-do"),
        paragraphs(policy.remediation),
        _examples(content),
        element("h2", text("What it judges"), id="what-it-judges"),
        _facts(_judged(policy)),
        _predicate(policy),
        _settings(policy),
    ]
    if policy.life.history:
        body.append(element("h2", text("History"), id="history"))
        body.append(_definitions([(change.version, change.change) for change in policy.life.history]))
    if policy.references:
        body.append(_references(policy.references))
    body.append(_neighbours(beside))
    trail = element(
        "nav",
        _link(_SITE, f"../{INDEX}"),
        text(" / "),
        _link(pack.title, INDEX),
        aria_label="Breadcrumb",
    )
    return _page(f"{policy.id}: {policy.title}", "../", trail, join(*body))


def _life(policy: Policy, paths: Mapping[str, str]) -> Html:
    sentences = list(life_sentences(policy))
    replaced_by = policy.life.replaced_by
    if not sentences and not replaced_by:
        return Html("")
    parts = [text(" ".join(sentences))]
    if replaced_by:
        target = paths.get(replaced_by)
        words = _link(replaced_by, f"../{target}") if target else text(replaced_by)
        parts += [text(" Use "), words, text(" instead.")]
    return element("p", *parts, class_="note")


def _judged(policy: Policy) -> Iterator[tuple[str, Html]]:
    yield "judges", text(judged_nodes(policy))
    yield "severity", _severity(policy)
    yield "stage", text(policy.life.stage.value)
    yield "since", text(policy.since)
    if policy.fix is not None:
        yield "fix", text(tell_fix(policy))
    yield "presets", text(", ".join(policy.every_preset))
    yield from _tags(policy.tags)


def _tags(tags: Sequence[str]) -> list[tuple[str, Html]]:
    return [("tags", text(", ".join(tags)))] if tags else []


def _severity(policy: Policy) -> Html:
    word = policy.severity.value
    return element("span", text(word), class_=f"severity {word}")


def _predicate(policy: Policy) -> Html:
    steps = [*predicate_steps(policy), ("else says", str(policy.source["message"]).strip())]
    parts = [join(element("p", text(label), class_="step"), _code(source, "wraps")) for label, source in steps]
    return element("details", element("summary", text("The predicate, in CEL")), join(*parts))


def _settings(policy: Policy) -> Html:
    parts = [element("h2", text("To change it"), id="to-change-it")]
    if policy.params:
        heads = element(
            "tr", *(element("th", text(word), scope="col") for word in ("Param", "Type", "Default", "Meaning"))
        )
        rows = [
            element(
                "tr",
                element("td", element("code", text(param.name))),
                element("td", text(param.type)),
                element("td", element("code", text(value_text(param.default)))),
                element("td", text(param.description)),
            )
            for param in policy.params.values()
        ]
        table = element("table", element("thead", heads), element("tbody", *rows))
        parts.append(element("div", table, class_="scrolls", tabindex="0", role="region", aria_label="Params"))
    parts.append(element("p", text("In "), element("code", text("journeylint.yaml")), text(":")))
    parts += [_code(setting_text(policy, param)) for param in policy.params.values()] or [_code(setting_text(policy))]
    return join(*parts)


def _examples(content: PolicyContent) -> Html:
    shown = [
        _example(example, heading, kind)
        for example, heading, kind in (
            (content.failing, "Fails", "fails"),
            (content.passing, "Passes", "passes"),
        )
        if example is not None
    ]
    if not shown:
        return Html("")
    return join(element("h2", text("Examples"), id="examples"), element("div", *shown, class_="examples"))


def _example(example: Example, heading: str, kind: str) -> Html:
    parts = [element("h3", text(heading))]
    if example.settings:
        parts.append(element("p", text(f"With {', '.join(example.settings)}:")))
    lines = [
        element("mark" if line.is_marked else "span", code_lines(line.text), Html("\n"), class_=_LINE[line.is_marked])
        for line in example.lines
    ]
    parts.append(element("pre", element("code", *lines), tabindex="0", aria_label=f"An example that {kind}"))
    parts += [
        element("p", element("b", text(f"Line {number}: ")), text(message), class_="finding")
        for number, message in example.messages
    ]
    return element("section", *parts, class_=kind)


def _references(references: Sequence[Mapping[str, str]]) -> Html:
    items = []
    for reference in references:
        title = reference["title"]
        url, section = reference.get("url"), reference.get("section")
        words = _link(title, url) if url else text(title)
        items.append(element("li", words, text(f", section \u201c{section}\u201d") if section else Html("")))
    return join(element("h2", text("Sources"), id="sources"), element("ul", *items))


def _neighbours(beside: tuple[PolicyContent | None, PolicyContent | None]) -> Html:
    links = [
        element("li", text(f"{word}: "), _link(f"{one.policy.id} {one.policy.title}", f"{one.policy.name}.html"))
        for word, one in zip(("Before", "After"), beside, strict=True)
        if one is not None
    ]
    return element("nav", element("ul", *links), aria_label="Policies of the pack") if links else Html("")


def _facts(facts: Sequence[tuple[str, Html]] | Iterator[tuple[str, Html]]) -> Html:
    return element("dl", *(join(element("dt", text(label)), element("dd", value)) for label, value in facts))


def _definitions(pairs: Sequence[tuple[str, str]]) -> Html:
    return _facts([(label, text(words)) for label, words in pairs])


def _code(source: str, kind: str = "plain") -> Html:
    return element("pre", element("code", code_lines(source)), class_=kind, tabindex="0")


def _link(words: str, target: str) -> Html:
    return element("a", text(words), href=target)


def _member(value: object, name: str) -> object:
    return value.get(name, "") if isinstance(value, dict) else ""


def _page(title: str, up: str, trail: Html, body: Html) -> str:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", text(title)),
        element("link", rel="stylesheet", href=f"{up}style.css"),
    )
    skip = element("a", text("To the text"), href="#text", class_="skip")
    footer = element("footer", text("Made by journeylint docs from the policies' own files."))
    return (
        "<!DOCTYPE html>\n"
        + element(
            "html",
            join(
                head,
                element(
                    "body",
                    join(skip, element("header", trail), element("main", body, id="text"), footer),
                ),
            ),
            lang="en",
        )
        + "\n"
    )
