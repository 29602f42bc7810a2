"""Plugins that are broken, slow or mean: each ends the run with its name, and without it all is as if it were not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.command_line import AS_OF, AUDIENCE, journey, run_in, segment, write
from tests.distributions import ImportPath, install

TITLE = "mean (mean-plugin 6.6)"
FINDINGS = {"OBS005", "OBS009", "OBS012", "REF001"}
PROLOGUE = """\
import sys, time
from pathlib import Path
from journeylint import hookimpl
from journeylint.ports import CelFunction, Facts, Kind, PolicyRoot, ReporterEntry

class Reporter:
    format = "mean"
    wants = frozenset()
    def write(self, report, stream, *, color): stream.write("mean\\n")

class Loader:
    suffixes = (".mean",)
    def load(self, text): return []

class Naughty(BaseException):
    def __str__(self): raise ValueError
"""
HOOKS = {
    "policy_roots": "PolicyRoot(Path(__file__).parent)",
    "kinds": "Kind('Wave', {'type': 'object'})",
    "functions": "CelFunction('mean', ('int',), 'int', abs)",
    "loaders": "Loader()",
    "reporters": "ReporterEntry('mean', 'it', Reporter)",
}
RAISED = ["ValueError('boo')", "SystemExit(0)", "KeyboardInterrupt()", "GeneratorExit()", "Naughty()", "MemoryError()"]


def hook(name: str, *lines: str) -> str:
    return f"@hookimpl\ndef journeylint_{name}():\n" + "".join(f"    {line}\n" for line in lines)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the import path, beside `work`, in which there are a journey and a segment with findings."""
    path = ImportPath(monkeypatch, tmp_path / "site")
    write(tmp_path, {"work/all.yaml": journey("", AUDIENCE, "name: gone, role: audience") + "---\n" + segment()})
    yield tmp_path / "site"
    path.forget()


def install_mean(site: Path, body: str, prologue: str = PROLOGUE) -> None:
    install(site, "mean-plugin", {"mean_plugin.py": prologue + body}, version="6.6", plugin="mean")


def check(site: Path, *argv: str) -> tuple[int, str, str]:
    return run_in(site.parent / "work", ("check", "-o", "json", "--as-of", AS_OF, *argv))


def assert_is_refused(site: Path, *words: str) -> None:
    """That no command runs with the plugin, which is named, and that all do without it as if it were not there."""
    status, out, err = check(site)
    assert (status, out) == (2, "")
    assert TITLE in err
    assert [word for word in words if word not in err] == []
    assert "Traceback" not in err
    assert "-p no:mean" in err
    assert_is_gone(site)


def assert_is_gone(site: Path) -> None:
    with_it = check(site, "-p", "no:mean")
    (site / "mean_plugin-6.6.dist-info/entry_points.txt").rename(site / "out-of-sight")
    assert with_it == check(site)
    assert with_it[0] == 1


# -- import


@pytest.mark.parametrize("raised", RAISED)
def test_a_plugin_that_raises_while_it_is_imported(site: Path, raised: str) -> None:
    install_mean(site, f"raise {raised}\n")
    assert_is_refused(site, "cannot be imported", raised.partition("(")[0])


@pytest.mark.parametrize("body", ["import no_such_module", "def f(:", "raise", "\0", "from __future__ import braces"])
def test_a_plugin_that_is_broken(site: Path, body: str) -> None:
    install_mean(site, body, prologue="")
    assert_is_refused(site, "cannot be imported")


def test_a_plugin_whose_module_is_not_there(site: Path) -> None:
    install(site, "mean-plugin", {}, version="6.6", plugin="mean", target="nowhere_to_be_found:plugin")
    assert_is_refused(site, "cannot be imported: ModuleNotFoundError")


def test_a_misspelt_hook(site: Path) -> None:
    install_mean(site, hook("kind", "return []"))
    assert_is_refused(site, "unknown hook 'journeylint_kind' - did you mean 'journeylint_kinds'?")


def test_a_hook_that_asks_for_what_there_is_not(site: Path) -> None:
    install_mean(site, "@hookimpl\ndef journeylint_kinds(everything):\n    return []\n")
    assert_is_refused(site, "cannot be registered")


@pytest.mark.parametrize("body", ["1 / 0", hook("kinds", "return 7"), hook("kinds", "return [Kind(3, {})]")])
def test_all_plugins_that_are_broken_are_told_at_once(site: Path, body: str) -> None:
    install_mean(site, body)
    install(site, "worse-plugin", {"worse_plugin.py": PROLOGUE + body})

    status, out, err = check(site)

    assert (status, out) == (2, "")
    assert TITLE in err
    assert "worse-plugin (worse-plugin 1.2)" in err
    assert check(site, "-p", "no:mean", "-p", "no:worse-plugin")[0] == 1


# -- hooks


@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_raises(site: Path, name: str, raised: str) -> None:
    install_mean(site, hook(name, f"raise {raised}"))
    assert_is_refused(site, f"failed in journeylint_{name}: {raised.partition('(')[0]}")


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_raises_when_it_is_asked_for_more(site: Path, name: str) -> None:
    install_mean(site, hook(name, f"yield {HOOKS[name]}", "raise OSError('half-way')"))
    assert_is_refused(site, f"failed in journeylint_{name}: OSError: half-way")


@pytest.mark.parametrize("name", HOOKS)
@pytest.mark.parametrize(
    "returned", ["None", "7", "'text'", "b'bytes'", "[None]", "['text']", "{'a': 1}", "[object]", "Naughty"]
)
def test_a_hook_that_returns_something_else(site: Path, name: str, returned: str) -> None:
    install_mean(site, hook(name, f"return {returned}"))
    assert_is_refused(site, f": journeylint_{name} returned ", ", not a ")


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_returns_what_another_hook_is_for(site: Path, name: str) -> None:
    other = next(value for hook_name, value in HOOKS.items() if hook_name != name)
    install_mean(site, hook(name, f"return [{other}]"))
    assert_is_refused(site, f": journeylint_{name} returned ", ", not a ")


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_never_stops_returning(site: Path, name: str) -> None:
    install_mean(site, hook(name, f"while True: yield {HOOKS[name]}"))
    assert_is_refused(site, f": journeylint_{name} returned more than 10,000 values")


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("policy_roots", "PolicyRoot('policies')", "folder"),
        ("policy_roots", "PolicyRoot(Path('policies'))", "folder"),
        ("policy_roots", "PolicyRoot(None)", "folder"),
        ("kinds", "Kind(3, {})", "name"),
        ("kinds", "Kind(None, {})", "name"),
        ("kinds", "Kind('Wave', None)", "schema"),
        ("kinds", "Kind('Wave', [])", "schema"),
        ("kinds", "Kind('Wave', {'enum': {1}})", "schema"),
        ("kinds", "Kind('Wave', {1: 2})", "schema"),
        ("kinds", "Kind('Wave', {}, False, 3)", "facts"),
        ("kinds", "Kind('Wave', {}, False, Facts({}, None))", "facts"),
        ("kinds", "Kind('Wave', {}, False, Facts({1: 2}, dict))", "facts"),
        ("functions", "CelFunction(3, (), 'int', abs)", "name"),
        ("functions", "CelFunction('f', 'int', 'int', abs)", "parameters"),
        ("functions", "CelFunction('f', ['int'], 'int', abs)", "parameters"),
        ("functions", "CelFunction('f', (3,), 'int', abs)", "parameters"),
        ("functions", "CelFunction('f', None, 'int', abs)", "parameters"),
        ("functions", "CelFunction('f', (), None, abs)", "result"),
        ("functions", "CelFunction('f', (), 'int', None)", "call"),
        ("functions", "CelFunction('f', (), 'int', abs, 3)", "summary"),
        ("loaders", "type('L', (), {'suffixes': '.mean', 'load': abs})()", "suffixes"),
        ("loaders", "type('L', (), {'suffixes': None, 'load': abs})()", "suffixes"),
        ("loaders", "type('L', (), {'suffixes': (), 'load': abs})()", "suffixes"),
        ("loaders", "type('L', (), {'suffixes': ('mean',), 'load': abs})()", "suffixes"),
        ("loaders", "type('L', (), {'suffixes': ('.MEAN',), 'load': abs})()", "suffixes"),
        ("loaders", "type('L', (), {'suffixes': (3,), 'load': abs})()", "suffixes"),
        ("loaders", "type('L', (), {'suffixes': ('.mean',), 'load': 3})()", "load"),
        ("reporters", "ReporterEntry(3, '', Reporter)", "format"),
        ("reporters", "ReporterEntry('', '', Reporter)", "format"),
        ("reporters", "ReporterEntry('a=b', '', Reporter)", "format"),
        ("reporters", "ReporterEntry('mean', None, Reporter)", "summary"),
        ("reporters", "ReporterEntry('mean', '', 3)", "create"),
        ("reporters", "ReporterEntry('mean', '', Reporter, 'yes')", "is_log"),
    ],
)
def test_a_value_with_a_field_of_another_type(site: Path, name: str, value: str, field: str) -> None:
    install_mean(site, hook(name, f"return [{value}]"))
    assert_is_refused(site, f": journeylint_{name} returned a ", f" whose {field} is ", ": expected ")


def test_a_value_that_raises_when_it_is_looked_at(site: Path) -> None:
    loader = "class Shy:\n    load = abs\n    @property\n    def suffixes(self): raise Naughty\n"
    install_mean(site, loader + hook("loaders", "return [Shy()]"))
    assert_is_refused(site, "failed in journeylint_loaders: Naughty")


# -- what is taken already


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("kinds", "Kind('Journey', {})", "kind 'Journey'"),
        ("kinds", "Kind('journey', {})", "kind 'journey'"),
        ("functions", "CelFunction('hours', ('int',), 'duration', abs)", "CEL function 'hours(int)'"),
        ("reporters", "ReporterEntry('json', '', Reporter)", "report format 'json'"),
        ("loaders", "type('L', (), {'suffixes': ('.yaml',), 'load': abs})()", "loader for '.yaml'"),
    ],
)
def test_what_is_built_in_is_supplied_again(site: Path, name: str, value: str, told: str) -> None:
    install_mean(site, hook(name, f"return [{value}]"))
    assert_is_refused(site, f"{told} is supplied by two plugins: built-in ", "(journeylint 0.1.0) and " + TITLE)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("CelFunction('lookup', ('string', 'string'), 'dyn', abs)", "is there already"),
        ("CelFunction('size', ('list',), 'int', abs)", "is there already"),
        ("CelFunction('f', ('dyn',), 'int', abs)", "a parameter of the CEL type 'dyn'"),
        ("CelFunction('f', (), 'strng', abs)", "did you mean 'string'?"),
        ("CelFunction('in', (), 'int', abs)", "CEL function 'in' has a name that cannot be used"),
    ],
)
def test_a_function_that_cannot_be(site: Path, value: str, told: str) -> None:
    install_mean(site, hook("functions", f"return [{value}]"))
    assert_is_refused(site, told)


@pytest.mark.parametrize("name", ["now", "Now", "Params", "Manifest", "Import", "1st", "a-b", ""])
def test_a_kind_with_a_name_that_predicates_cannot_say(site: Path, name: str) -> None:
    install_mean(site, hook("kinds", f"return [Kind({name!r}, {{'type': 'object'}})]"))
    assert_is_refused(site, f"kind {name!r} has a name that cannot be used")


def pack(name: str, prefix: str, *, policy: str = "mean-thing", number: str = "") -> dict[str, str]:
    body = (
        f"id: {number or prefix + '001'}\nname: {policy}\ntitle: T\nseverity: error\nsince: 1.0.0\n"
        "match: {kind: Journey}\nrequire: 'true'\nmessage: m\nrationale: r\nremediation: r\n"
    )
    return {
        "mean_plugin/__init__.py": "",
        f"mean_plugin/{name}/pack.yaml": f"name: {name}\nprefix: {prefix}\ntitle: T\n",
        f"mean_plugin/{name}/{policy}/policy.yaml": body,
    }


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (pack("squat", "OBS"), ["pack prefix 'OBS' is taken already", "policy id 'OBS001' is taken already"]),
        (pack("references", "MEAN"), ["pack name 'references' is taken already"]),
        (pack("squat", "MEAN", policy="unknown-segment"), ["policy name 'unknown-segment' is taken already"]),
    ],
)
def test_names_and_ids_of_ours_are_squatted(site: Path, files: dict[str, str], told: list[str]) -> None:
    install(site, "mean-plugin", files, version="6.6", plugin="mean")
    whose = f"of built-in policies (journeylint 0.1.0); this one is of {TITLE}"
    assert_is_refused(site, *told, whose, f"that file is of plugin {TITLE}: -p no:mean runs without it")


def test_an_id_of_ours_in_a_pack_of_another_prefix(site: Path) -> None:
    install(site, "mean-plugin", pack("squat", "MEAN", number="OBS001"), version="6.6", plugin="mean")
    assert_is_refused(site, "id 'OBS001' does not begin with the prefix of its pack, 'MEAN'")


def test_two_distributions_with_one_name_for_their_plugins_are_both_named(site: Path) -> None:
    install(site, "mean-plugin", {"mean_plugin.py": ""}, version="6.6", plugin="mean")
    install(site, "nice-plugin", {"nice_plugin.py": ""}, version="1", plugin="MEAN")

    status, out, err = check(site)

    assert (status, out) == (2, "")
    assert f"plugin name 'mean' is taken twice, by MEAN (nice-plugin 1) and by {TITLE}" in err
    assert "-p no:nice-plugin or -p no:mean-plugin leaves one out" in err
    assert check(site, "-p", "no:nice-plugin")[0] == 1


def test_a_plugin_cannot_pass_for_a_built_in_one(site: Path) -> None:
    install(site, "journeylint", {"impostor.py": ""}, version="0.1.0", plugin="built-in core", target="impostor")

    status, out, err = check(site)

    assert (status, out) == (2, "")
    assert "plugin name 'built-in core' is taken twice" in err


# -- what a run calls later

PACK_WITH_FUNCTION = {
    "mean_plugin/acme/pack.yaml": "name: acme\nprefix: ACME\ntitle: T\n",
    "mean_plugin/acme/mean-thing/policy.yaml": (
        "id: ACME001\nname: mean-thing\ntitle: T\nseverity: error\nsince: 1.0.0\nmatch: {kind: Journey}\n"
        "require: mean(journey.metadata.name) == mean('x')\nmessage: m\nrationale: r\nremediation: r\n"
    ),
}


@pytest.mark.parametrize(
    ("result", "call", "told"),
    [
        ("string", "1 / 0", "raised ZeroDivisionError: division by zero"),
        ("string", "sys.exit(0)", "raised SystemExit: 0"),
        ("string", "(_ for _ in ()).throw(GeneratorExit)", "raised GeneratorExit"),
        ("string", "(_ for _ in ()).throw(KeyboardInterrupt)", "raised KeyboardInterrupt"),
        ("string", "(_ for _ in ()).throw(Naughty)", "raised Naughty"),
        ("string", "7", "returned 7: expected text"),
        ("string", "None", "returned None: expected text"),
        ("bool", "1", "returned 1: expected true or false"),
        ("int", "True", "returned True: expected a whole number of at most 64 bits"),
        ("int", "2 ** 63", "returned 9223372036854775808: expected a whole number of at most 64 bits"),
        ("int", "1.0", "returned 1.0: expected a whole number"),
        ("double", "'1'", "returned '1': expected a number"),
        ("duration", "3", "returned 3: expected a timedelta"),
        (
            "timestamp",
            "__import__('datetime').datetime(2025, 1, 1)",
            "returned datetime.date...5, 1, 1, 0, 0): expected a datetime",
        ),
        ("list", "(1,)", "returned (1,): expected a list"),
        ("map", "[]", "returned []: expected a dict"),
        ("dyn", "{1}", "returned {1}: expected None, true"),
    ],
)
def test_a_function_that_fails_is_a_failure_that_names_it_and_its_plugin(
    site: Path, result: str, call: str, told: str
) -> None:
    module = PROLOGUE + hook("functions", f"return [CelFunction('mean', ('string',), {result!r}, lambda _: {call})]")
    install(
        site, "mean-plugin", {"mean_plugin/__init__.py": module, **PACK_WITH_FUNCTION}, version="6.6", plugin="mean"
    )

    status, out, err = check(site)

    assert (status, err) == (3, "")
    report = json.loads(out)
    (failure,) = report["failures"]
    assert failure["code"] == "JL003"
    assert f"mean(string) of plugin {TITLE} {told}" in failure["message"]
    assert {finding["policy"] for finding in report["findings"]} == FINDINGS
    assert_is_gone(site)


WAVE = {
    "mean_plugin/acme/pack.yaml": "name: acme\nprefix: ACME\ntitle: T\n",
    "mean_plugin/acme/mean-thing/policy.yaml": (
        "id: ACME001\nname: mean-thing\ntitle: T\nseverity: error\nsince: 1.0.0\nmatch: {kind: Wave}\n"
        "require: facts.size == 1\nmessage: m\nrationale: r\nremediation: r\n"
    ),
}


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("1 / 0", "raised ZeroDivisionError: division by zero"),
        ("sys.exit(0)", "raised SystemExit: 0"),
        ("(_ for _ in ()).throw(Naughty)", "raised Naughty"),
        ("None", "is None: expected a dict of JSON values"),
        ("{'size': {1}}", "is {'size': {1}}: expected a dict of JSON values"),
    ],
)
def test_facts_that_fail_are_a_failure_that_names_the_kind_and_its_plugin(site: Path, call: str, told: str) -> None:
    kind = f"Kind('Wave', {{'type': 'object'}}, False, Facts({{'type': 'object'}}, lambda _: {call}))"
    module = PROLOGUE + hook("kinds", f"return [{kind}]")
    install(site, "mean-plugin", {"mean_plugin/__init__.py": module, **WAVE}, version="6.6", plugin="mean")
    write(site.parent, {"work/wave.yaml": "apiVersion: journeylint/v1\nkind: Wave\nmetadata: {name: w}\n"})

    status, out, err = check(site)

    assert (status, err) == (3, "")
    (failure,) = json.loads(out)["failures"]
    assert failure["code"] == "JL003"
    assert (
        f"the facts about this Wave cannot be worked out: what plugin {TITLE} derives from a Wave {told}"
        in failure["message"]
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise ValueError('boo')", "raised ValueError: boo"),
        ("raise SystemExit(0)", "raised SystemExit: 0"),
        ("raise Naughty", "raised Naughty"),
        ("return None", "returned None, not a list of Document"),
        ("return ['text']", "returned 'text', not a Document"),
        ("return [Document(1, {1: 2}, lambda _: 0)]", "returned a Document that is not plain data"),
        ("return [Document(None, {}, lambda _: 0)]", "returned a Document that is not plain data"),
        ("return [Document(1, {}, None)]", "returned a Document that is not plain data"),
        (
            "return [Document(1, {}, lambda _: 0, None)]",
            "returned a Document whose problems are not a tuple of Problem",
        ),
        (
            "return [Document(1, {}, lambda _: 0, ('x',))]",
            "returned a Document whose problems are not a tuple of Problem",
        ),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_that_a_loader_fails_on_is_a_failure_and_stops_no_other(
    site: Path, body: str, told: str, jobs: str
) -> None:
    loader = f"from journeylint.model import Document\ndef load(self, text):\n    {body}\nLoader.load = load\n"
    install_mean(site, loader + hook("loaders", "return [Loader()]"))
    write(site.parent, {"work/x.mean": "journeylint/v1\n"})

    status, out, err = check(site, "--jobs", jobs)

    assert (status, err) == (3, "")
    report = json.loads(out)
    (failure,) = report["failures"]
    assert (failure["code"], failure["location"]["path"]) == ("JL001", "x.mean")
    assert f"the loader for .mean of plugin {TITLE} {told}" in failure["message"]
    assert {finding["policy"] for finding in report["findings"]} == FINDINGS


def test_a_document_that_cannot_be_located_has_its_findings_at_the_top(site: Path) -> None:
    data = {
        "apiVersion": "journeylint/v1",
        "kind": "Journey",
        "metadata": {"name": "x"},
        "spec": {"frequency": "ongoing", "segments": [{"name": "gone", "role": "audience"}]},
    }
    loader = (
        "from journeylint.model import Document\n"
        f"def load(self, text):\n    return [Document(1, {data!r}, lambda pointer: 1 / 0)]\nLoader.load = load\n"
    )
    install_mean(site, loader + hook("loaders", "return [Loader()]"))
    write(site.parent, {"work/x.mean": "journeylint/v1\n"})

    status, out, _ = check(site, "--select", "REF001")

    assert status == 1
    places = [finding["location"] for finding in json.loads(out)["findings"]]
    assert ("x.mean", 1, 1) in [(place["path"], place["line"], place["column"]) for place in places]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Reporter.write = lambda *a, **k: 1 / 0\n", "failed: ZeroDivisionError"),
        ("Reporter.write = lambda *a, **k: sys.exit(0)\n", "failed: SystemExit: 0"),
        ("Reporter.write = lambda s, r, stream, color: stream.write(b'x')\n", "failed: TypeError"),
        ("Reporter.write = None\n", "cannot be used: its `write` is None"),
        ("Reporter.wants = None\n", "cannot be used: its `wants` is None"),
        ("Reporter = lambda: None\n", "cannot be used: AttributeError"),
        ("Reporter = lambda: sys.exit(0)\n", "cannot be used: SystemExit: 0"),
    ],
)
def test_a_report_that_fails_is_told_as_its_plugins(site: Path, body: str, told: str) -> None:
    install_mean(site, body + hook("reporters", "return [ReporterEntry('mean', 'it', Reporter)]"))

    status, out, err = run_in(site.parent / "work", ("check", "-o", "mean", "--as-of", AS_OF))

    assert (status, out) == (2, "")
    assert f"plugin {TITLE}: report format 'mean' {told}" in err
    assert check(site)[0] == 1


# -- time and standard output: in a process of its own


def run(site: Path, *argv: str, timeout: str = "0.4") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "JOURNEYLINT_PLUGIN_TIMEOUT": timeout}
    command = [sys.executable, "-m", "journeylint", *argv]
    return subprocess.run(
        command, cwd=site.parent / "work", env=environment, capture_output=True, text=True, check=False, timeout=120
    )


HANG = "while True: time.sleep(0.01)"
BUSY = "while True: pass"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (HANG, "cannot be imported"),
        (BUSY, "cannot be imported"),
        *((hook(name, HANG), f"failed in journeylint_{name}") for name in HOOKS),
        (hook("kinds", "yield Kind('Wave', {'type': 'object'})", HANG), "failed in journeylint_kinds"),
    ],
)
def test_a_plugin_that_never_comes_back(site: Path, body: str, told: str) -> None:
    install_mean(site, body + "\n")

    done = run(site, "check", "-o", "json", "--as-of", AS_OF)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"plugin {TITLE} {told}: it is not over after 0.4 s" in done.stderr
    assert "JOURNEYLINT_PLUGIN_TIMEOUT" in done.stderr
    assert_is_gone(site)


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "nan", "inf", "86401"])
def test_a_time_that_is_none_is_a_usage_error(site: Path, timeout: str) -> None:
    install_mean(site, "")

    done = run(site, "check", "--as-of", AS_OF, timeout=timeout)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"JOURNEYLINT_PLUGIN_TIMEOUT is '{timeout}': expected seconds" in done.stderr


@pytest.mark.parametrize(
    "output", ["print('noise')", "sys.stdout.write('noise\\n')", "__import__('os').system('echo noise')"]
)
def test_what_a_plugin_prints_is_not_in_the_report(site: Path, output: str) -> None:
    quiet = run(site, "check", "-o", "json", "--as-of", AS_OF).stdout
    install_mean(site, f"{output}\n" + hook("kinds", output, "return []"))

    done = run(site, "check", "-o", "json", "--as-of", AS_OF, timeout="60")

    assert done.stdout == quiet
    assert done.stderr.count("noise") == 2


def test_what_a_function_prints_is_not_in_the_report(site: Path) -> None:
    call = "lambda text: (print('noise'), text)[1]"
    module = PROLOGUE + hook("functions", f"return [CelFunction('mean', ('string',), 'string', {call})]")
    install(
        site, "mean-plugin", {"mean_plugin/__init__.py": module, **PACK_WITH_FUNCTION}, version="6.6", plugin="mean"
    )

    done = run(site, "check", "-o", "json", "--as-of", AS_OF, timeout="60")

    assert {finding["policy"] for finding in json.loads(done.stdout)["findings"]} == {"ACME001", *FINDINGS}
    assert "noise" in done.stderr
