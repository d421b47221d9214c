"""The browser's modules are joined into one that means the same."""

import re

import pytest

from app_parts.mounts import join
from textgen.storage import WEB

ENTRIES = ("views/lab.js", "views/strips.js", "address.js")


def written(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return join(folder / "main.js", folder)


def test_a_module_keeps_names_of_its_own_and_is_joined_once(tmp_path):
    joined = written(
        tmp_path,
        {
            "main.js": 'import { a } from "./one.js";\n'
            'import {\n  b,\n} from "./views/two.js";\n'
            "const hidden = 3;\n"
            "export default function () { return a + b() + hidden; }\n",
            "one.js": "const hidden = 1;\nexport const a = hidden;\n",
            "views/two.js": 'import { a } from "../one.js";\n'
            "const hidden = 2;\nexport function b() { return a + hidden; }\n",
        },
    )
    assert joined.count('modules["one.js"] = ') == 1
    assert joined.index('modules["one.js"] = ') < joined.index('modules["views/two.js"')
    assert not re.search(r"^import|^export (?!default)", joined, re.MULTILINE)
    assert joined.count("export default function") == 1
    assert joined.count("const hidden = ") == 3


@pytest.mark.parametrize(
    "line",
    (
        'import a from "./one.js";',
        'import * as one from "./one.js";',
        'import { a as b } from "./one.js";',
        'import "./one.js";',
        'import { a } from "one";',
        'export { a } from "./one.js";',
        'export * from "./one.js";',
        "export let changing = 1;",
        "export default class {}",
        'const one = await import("./one.js");',
        "const here = import.meta.url;",
        "  export const indented = 1;",
    ),
)
def test_what_it_does_not_know_is_refused(tmp_path, line):
    files = {
        "main.js": f"{line}\nexport default function () {{}}\n",
        "one.js": "export const a = 1;\n",
    }
    with pytest.raises(ValueError, match=r"main\.js: (cannot join|has no one)"):
        written(tmp_path, files)


@pytest.mark.parametrize(
    ("one", "message"),
    (
        ("const a = 1;\n", "one.js exports no a"),
        ('import { b } from "./main.js";\nexport const a = b;\n', "needs itself"),
        ('import { b } from "../../b.js";\nexport const a = b;\n', "lies outside"),
        ("export const a = 1;\nexport default function () {}\n", "cannot join"),
    ),
)
def test_what_cannot_be_joined_is_said(tmp_path, one, message):
    main = 'import { a } from "./one.js";\nexport default function () {}\n'
    with pytest.raises(ValueError, match=message):
        written(tmp_path, {"main.js": main, "one.js": one})


def test_a_default_export_is_asked_for(tmp_path):
    with pytest.raises(ValueError, match="default export"):
        written(tmp_path, {"main.js": "export const a = 1;\n"})


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_ships_is_joined_whole(entry):
    joined = join(WEB / entry, WEB)
    used = {*re.findall(r"modules\[(\".+?\")\];", joined)}
    assert used == {*re.findall(r"modules\[(\".+?\")\] = \(", joined)}
    for name in used:
        assert (WEB / name.strip('"')).is_file()
