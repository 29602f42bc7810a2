"""The pages as Markdown, for a repository or a wiki: an index, and a page for each pack and policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from journeylint.markdown_prose import escape_prose, fence_code, link
from journeylint.pages.content import Example, PackContent, PolicyContent
from journeylint.pages.words import guideline_sentence, judged_nodes, life_sentences, setting_text, value_text
from journeylint.policies import Policy
from journeylint.policy_fix import tell_fix
from journeylint.predicate_steps import predicate_steps
from journeylint.terminal import count, make_visible

INDEX = "README.md"


def markdown_site(packs: Sequence[PackContent]) -> dict[str, str]:
    """The files of the site by path, with `/` between folders."""
    files = {INDEX: _page(_index_parts(packs))}
    ids = {one.policy.id: one.policy for pack in packs for one in pack.policies}
    for pack in packs:
        files[f"{pack.pack.name}/{INDEX}"] = _page(_pack_parts(pack))
        for content in pack.policies:
            files[f"{pack.pack.name}/{content.policy.name}.md"] = _page(_policy_parts(content, ids))
    return files


def _page(parts: Iterator[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _index_parts(packs: Sequence[PackContent]) -> Iterator[str]:
    yield "# Policies"
    total = sum(len(pack.policies) for pack in packs)
    yield f"{count(total, 'policy')} in {count(len(packs), 'pack')}."
    for pack in packs:
        yield f"## [{_line(pack.pack.title)}]({pack.pack.name}/{INDEX})"
        yield _prose(pack.pack.description)
        yield _policy_table(pack, f"{pack.pack.name}/")


def _pack_parts(content: PackContent) -> Iterator[str]:
    pack = content.pack
    yield f"[Policies](../{INDEX})"
    yield f"# {_line(pack.title)}"
    yield f"`{pack.name}` ({pack.prefix})"
    yield _prose(pack.description)
    yield _policy_table(content, "")
    if pack.presets:
        yield "## Presets"
        told = [(name, _description_of(preset)) for name, preset in pack.presets.items()]
        yield "\n".join(f"- `{name}`: {_line(words)}" for name, words in told)
    yield from _sources(pack.references)


def _policy_table(content: PackContent, folder: str) -> str:
    rows = [
        (f"`{policy.id}`", policy.severity.value, f"[{_cell(policy.title)}]({folder}{policy.name}.md){_preset(policy)}")
        for policy in (one.policy for one in content.policies)
    ]
    return _table(("Id", "Severity", "Policy"), rows)


def _preset(policy: Policy) -> str:
    return f" ({policy.not_recommended})" if policy.not_recommended else ""


def _policy_parts(content: PolicyContent, ids: Mapping[str, Policy]) -> Iterator[str]:
    policy = content.policy
    yield f"[Policies](../{INDEX}) / [{policy.pack}]({INDEX})"
    yield f"# {_line(policy.title)}"
    yield f"`{policy.id}` `{policy.name}`"
    yield _line(guideline_sentence(policy))
    yield _life(policy, ids)
    yield "## Why"
    yield _prose(policy.rationale)
    yield "## What to do"
    yield _prose(policy.remediation)
    yield from _examples(content)
    yield "## What it judges"
    facts = [f"judges: {_line(judged_nodes(policy))}", f"severity: {policy.severity.value}"]
    facts += [f"stage: {policy.life.stage.value}", f"since: {policy.since}"]
    facts += [f"fix: {_line(tell_fix(policy))}"] if policy.fix is not None else []
    facts += [f"presets: {', '.join(policy.every_preset)}"]
    facts += [f"tags: {', '.join(policy.tags)}"] if policy.tags else []
    yield "\n".join(f"- {fact}" for fact in facts)
    steps = [*predicate_steps(policy), ("else says", str(policy.source["message"]).strip())]
    yield "The predicate, in CEL:"
    yield fence_code("\n".join(f"# {label}\n{_visible(source)}" for label, source in steps), "")
    yield "## To change it"
    if policy.params:
        rows = [
            (f"`{param.name}`", param.type, _cell(value_text(param.default)), _cell(param.description))
            for param in policy.params.values()
        ]
        yield _table(("Param", "Type", "Default", "Meaning"), rows)
    yield "In `journeylint.yaml`:"
    for param in policy.params.values() or (None,):
        yield fence_code(_visible(setting_text(policy, param)), "yaml")
    if policy.life.history:
        yield "## History"
        yield "\n".join(f"- {change.version}: {_line(change.change)}" for change in policy.life.history)
    yield from _sources(policy.references)


def _life(policy: Policy, ids: Mapping[str, Policy]) -> str:
    words = [_line(sentence) for sentence in life_sentences(policy)]
    replaced_by = policy.life.replaced_by
    if replaced_by:
        other = ids.get(replaced_by)
        target = f"[{replaced_by}](../{other.pack}/{other.name}.md)" if other else replaced_by
        words.append(f"Use {target} instead.")
    return f"> {' '.join(words)}" if words else ""


def _examples(content: PolicyContent) -> Iterator[str]:
    if content.failing or content.passing:
        yield "## Examples"
    for example, heading in ((content.failing, "Fails"), (content.passing, "Passes")):
        if example is not None:
            yield f"### {heading}"
            yield from _example(example)


def _example(example: Example) -> Iterator[str]:
    if example.settings:
        yield _line(f"With {', '.join(example.settings)}:")
    told = dict(example.messages)
    lines = [
        f"{line.text}  # <-- here" if number in told else line.text
        for number, line in enumerate(example.lines, start=1)
    ]
    yield fence_code(_visible("\n".join(lines)), "yaml")
    yield "\n".join(f"- Line {number}: {_line(message)}" for number, message in example.messages)


def _sources(references: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if not references:
        return
    yield "## Sources"
    items = []
    for reference in references:
        words = link(_visible(reference["title"]), reference.get("url", ""))
        section = f", section “{_line(reference['section'])}”" if "section" in reference else ""
        items.append(f"- {words}{section}")
    yield "\n".join(items)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(words: str) -> str:
    return _line(words)


def _line(words: str) -> str:
    return escape_prose(_visible(" ".join(words.split())))


def _prose(words: str) -> str:
    return escape_prose(_visible(words))


def _visible(words: str) -> str:
    return "\n".join(make_visible(line) for line in words.splitlines())


def _description_of(preset: object) -> str:
    return str(preset.get("description", "")) if isinstance(preset, dict) else ""
