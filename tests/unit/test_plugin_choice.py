"""Which plugins are loaded: command line, environment and configuration, and what is told of what they get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.entry_points import EntryPoint
from journeylint.errors import ConfigurationError, JourneylintError, UsageError
from journeylint.plugin_choice import (
    PluginChoice,
    PluginOptions,
    choose_plugins,
    find_local_plugins,
    read_only_names,
)
from journeylint.settings.values import Place, PluginRules, Settings, Word

ACME = EntryPoint("acme", "acme", "Acme.Policies", "1.2")
WAVES = EntryPoint("waves", "waves", "acme-waves", "2.0b1")
ODD = EntryPoint("odd", "odd", "odd-one", "latest")
LOCAL = EntryPoint("mine", "/r/mine.py", "", "", "tools/mine.py")


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text, Place("journeylint.yaml", 2, 5 + index)) for index, text in enumerate(texts))


def choose(
    *options: str,
    only: tuple[str, ...] | None = None,
    allow: tuple[str, ...] | None = None,
    block: tuple[str, ...] = (),
    found: tuple[EntryPoint, ...] = (ACME, WAVES),
) -> PluginChoice:
    rules = PluginRules(None if allow is None else words(*allow), words(*block))
    return choose_plugins(found, rules, PluginOptions(options, only))


def names(choice: PluginChoice) -> list[str]:
    return [entry.name for entry in choice.chosen]


def reasons(choice: PluginChoice) -> list[str]:
    return [f"{one.entry.name}: {one.reason}" for one in choice.left_out]


def test_without_a_word_all_are_loaded() -> None:
    assert choose() == PluginChoice((ACME, WAVES))


@pytest.mark.parametrize("name", ["acme", "ACME", "acme-policies", "acme_policies", "Acme.Policies", "ACME--policies"])
def test_a_plugin_is_left_out_by_its_name_or_its_distributions(name: str) -> None:
    choice = choose(f"no:{name}")
    assert names(choice) == ["waves"]
    assert reasons(choice) == [f"acme: left out by -p no:{name}"]


def test_several_are_left_out() -> None:
    assert names(choose("no:acme", "no:acme-waves")) == []


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("no:acm", "-p no:acm: there is no plugin 'acm' - did you mean 'acme'?"),
        ("no:acme-wave", "-p no:acme-wave: there is no plugin 'acme-wave' - did you mean 'acme-waves'?"),
        ("no:zzz", "-p no:zzz: there is no plugin 'zzz': 'journeylint plugins' lists those that there are"),
        ("no:core", "-p no:core: 'core' is built in, and always loaded: --ignore PACK leaves policies out"),
        (
            "no:journeylint",
            "-p no:journeylint: 'journeylint' is built in, and always loaded: --ignore PACK leaves policies out",
        ),
        (
            "acme",
            "-p 'acme': expected no:NAME, the name of a plugin to leave out - to leave that plugin out: -p no:acme",
        ),
        (
            "on:acme",
            "-p 'on:acme': expected no:NAME, the name of a plugin to leave out - to leave that plugin out: -p no:acme",
        ),
        ("no:", "-p 'no:': expected no:NAME, the name of a plugin to leave out"),
        ("no", "-p 'no': expected no:NAME, the name of a plugin to leave out"),
        ("", "-p '': expected no:NAME, the name of a plugin to leave out"),
    ],
)
def test_a_mistake_in_an_option_is_told(option: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose(option)
    assert caught.value.messages == (told,)


def test_all_mistakes_in_options_are_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        choose("no:x", "y")
    assert len(caught.value.messages) == 2


@pytest.mark.parametrize(
    ("text", "only"),
    [(None, None), ("", ()), (" , ", ()), ("acme", ("acme",)), (" acme , waves,", ("acme", "waves"))],
)
def test_the_environment_is_read(text: str | None, only: tuple[str, ...] | None) -> None:
    assert read_only_names(text) == only


def test_the_environment_lets_in_what_it_names_alone() -> None:
    choice = choose(only=("acme-waves",))
    assert names(choice) == ["waves"]
    assert reasons(choice) == ["acme: not in JOURNEYLINT_LOAD_PLUGINS"]


def test_an_empty_environment_lets_nothing_in() -> None:
    assert names(choose(only=())) == []


def test_an_unknown_name_in_the_environment_is_a_usage_error() -> None:
    with pytest.raises(
        UsageError, match=r"JOURNEYLINT_LOAD_PLUGINS: there is no plugin 'wave' - did you mean 'waves'\?"
    ):
        choose(only=("wave",))


def test_the_command_line_is_stronger_than_the_environment() -> None:
    assert names(choose("no:acme", only=("acme",))) == []


@pytest.mark.parametrize(
    ("rule", "is_blocked"),
    [
        ("acme", True),
        ("acme-policies", True),
        ("acme==1.2", True),
        ("acme == 1.2.0", True),
        ("acme<=1.2", True),
        ("acme<1.2", False),
        ("acme>1.2", False),
        ("acme>=1,<2", True),
        ("acme>=1,!=1.2", False),
        ("acme~=1.1", True),
        ("other", False),
    ],
)
def test_a_plugin_is_blocked_in_the_versions_that_are_named(rule: str, is_blocked: bool) -> None:
    choice = choose(block=(rule,))
    assert (names(choice) == ["waves"]) is is_blocked
    assert reasons(choice) == ([f"acme: blocked at journeylint.yaml:2:5 ({rule})"] if is_blocked else [])


def test_a_preview_of_a_plugin_is_a_version_like_any() -> None:
    assert names(choose(block=("waves<2",))) == ["acme", "waves"]
    assert names(choose(block=("waves<2.1",))) == ["acme"]
    assert names(choose(allow=("waves>=1.9",))) == ["waves"]


def test_what_is_blocked_stays_blocked_whatever_the_environment_says() -> None:
    assert names(choose(only=("acme",), block=("acme",))) == []


def test_a_list_of_allowed_plugins_keeps_out_all_others() -> None:
    choice = choose(allow=("acme>=1.2,<2",))
    assert names(choice) == ["acme"]
    assert reasons(choice) == ["waves: not among those that plugins.allow names"]


def test_an_empty_list_of_allowed_plugins_keeps_out_all() -> None:
    assert names(choose(allow=())) == []


def test_of_several_rules_for_a_plugin_one_has_to_fit() -> None:
    assert names(choose(allow=("acme<1", "acme>=1.2"))) == ["acme"]


def test_an_allowed_plugin_in_another_version_is_an_error_that_names_both() -> None:
    with pytest.raises(ConfigurationError) as caught:
        choose(allow=("acme>1.2",))
    (message,) = caught.value.messages
    assert message.startswith(
        "journeylint.yaml:2:5: 'acme>1.2' is allowed, but installed is acme (Acme.Policies 1.2) - "
    )
    assert message.endswith("-p no:acme")


def test_an_allowed_plugin_in_another_version_may_be_left_out() -> None:
    assert names(choose("no:acme", allow=("acme>1.2",))) == []
    assert names(choose(allow=("acme>1.2",), block=("acme",))) == []


def test_an_allowed_plugin_need_not_be_installed() -> None:
    assert names(choose(allow=("acme", "another>=3"))) == ["acme"]


@pytest.mark.parametrize("key", ["allow", "block"])
@pytest.mark.parametrize(
    "rule", ["acme>=", "acme 1.2", "acme>=x", ">=1", "acme>=1;<2", "-acme", "acme-", " ", "acme>1 2"]
)
def test_a_rule_that_cannot_be_understood_is_told_at_its_place(key: str, rule: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        choose_plugins([ACME], PluginRules(**{key: words("acme", rule)}), PluginOptions())
    (message,) = caught.value.messages
    assert message.startswith(f"journeylint.yaml:2:6: {key}: {rule!r} cannot be understood: expected ")


@pytest.mark.parametrize("key", ["allow", "block"])
def test_a_version_that_cannot_be_compared_is_an_error_where_it_matters(key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"odd \(odd-one latest\) has a version that cannot be compared"):
        choose_plugins([ODD], PluginRules(**{key: words("odd>1")}), PluginOptions())
    assert choose_plugins([ODD], PluginRules(allow=words("odd")), PluginOptions()).chosen == (ODD,)


def choose_local(*options: str, allows_local: bool = False) -> PluginChoice:
    rules = PluginRules(paths=words("tools/mine.py"))
    return choose_plugins([ACME], rules, PluginOptions(options, (), allows_local), [LOCAL])


def test_python_in_the_repository_is_not_loaded_unless_it_is_allowed() -> None:
    with pytest.raises(ConfigurationError) as caught:
        choose_local()
    (message,) = caught.value.messages
    assert message.startswith("journeylint.yaml:2:5: 'tools/mine.py' is Python in this repository, ")
    assert "--allow-local-plugins" in message
    assert "-p no:mine" in message


def test_python_in_the_repository_is_loaded_where_it_is_allowed() -> None:
    assert choose_local(allows_local=True).chosen == (LOCAL,)


@pytest.mark.parametrize("allows_local", [True, False])
def test_python_in_the_repository_may_be_left_out(allows_local: bool) -> None:
    choice = choose_local("no:mine", allows_local=allows_local)
    assert (names(choice), reasons(choice)[1:]) == ([], ["mine: left out by -p no:mine"])


def local_plugins(folder: Path, *paths: str) -> list[EntryPoint]:
    return find_local_plugins(Settings(folder, plugins=PluginRules(paths=words(*paths))))


def test_files_and_packages_of_a_repository_are_named_by_their_stems(tmp_path: Path) -> None:
    (tmp_path / "one.py").touch()
    (tmp_path / "two.more").mkdir()
    (tmp_path / "two.more/__init__.py").touch()
    found = local_plugins(tmp_path, "one.py", "two.more")
    assert [(entry.name, entry.title) for entry in found] == [
        ("one", "one (one.py)"),
        ("two.more", "two.more (two.more)"),
    ]
    assert found[0].target == str(tmp_path / "one.py")


def test_what_is_no_python_is_told_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(JourneylintError) as caught:
        local_plugins(tmp_path, "notes.txt", "folder", "nowhere.py")
    told = [message.partition(": ")[2].partition(" - ")[0] for message in caught.value.messages]
    assert told == [
        "'notes.txt' is no plugin: name a Python file (.py) or a package",
        "'folder' is no plugin: there is no __init__.py in this folder",
        "'nowhere.py' is not there: name a Python file or package, from the folder of this configuration",
    ]
