from __future__ import annotations

import pytest

from chatkit_doctor.runtime import references

BASE = "/assets/ck1/index-AAAAAAAA.js"


@pytest.mark.parametrize(
    ("code", "exports"),
    [
        pytest.param('import"./x.js";', set(), id="for its effects"),
        pytest.param('import d from"./x.js";', {"default"}, id="the default"),
        pytest.param('import{a as b,c}from"./x.js";', {"a", "c"}, id="by name"),
        pytest.param('import d,{a as b}from"./x.js";', {"default", "a"}, id="the default and by name"),
        pytest.param('import*as n from"./x.js";', set(), id="as a namespace"),
        pytest.param('export{a as b}from"./x.js";', {"a"}, id="exported again"),
        pytest.param('import("./x.js")', set(), id="lazily"),
        pytest.param('import("./x.js").then(e=>e.a)', {"a"}, id="lazily, one export"),
        pytest.param(
            'import("./x.js").then(({default:t,b:n})=>t)', {"default", "b"}, id="lazily, by pattern"
        ),
        pytest.param('f(()=>import("./x.js"),[]).then(function(M){return M.run()})', {"run"}, id="wrapped"),
        pytest.param('f(()=>import("./x.js"),d([1,22])).then(m=>m.go)', {"go"}, id="wrapped, with preloads"),
        pytest.param('const{render:r}=await import("./x.js")', {"render"}, id="awaited"),
    ],
)
def test_what_a_script_uses_of_another_is_read_from_its_import(code: str, exports: set[str]) -> None:
    assert references.in_script(code, BASE).uses == {"/assets/ck1/x.js": exports}


def test_a_use_is_credited_to_the_import_it_belongs_to() -> None:
    found = references.in_script(
        '[()=>import("./x.js").then(e=>e.a),()=>import("./y.js").then(e=>e.b)]', BASE
    )
    assert found.uses == {"/assets/ck1/x.js": {"a"}, "/assets/ck1/y.js": {"b"}}


def test_only_static_imports_are_needed_to_run() -> None:
    found = references.in_script('import"./need.js";import("./lazy.js")', BASE)
    assert found.static == {"/assets/ck1/need.js"}


def test_preloads_and_asset_urls_are_references_too() -> None:
    code = 'm.f=["assets/ck1/x.js","assets/ck1/y.css"];new URL("/assets/ck1/z.png",import.meta.url)'
    found = references.in_script(code, BASE)
    assert (set(found.uses), found.others) == (
        {"/assets/ck1/x.js"},
        {"/assets/ck1/y.css", "/assets/ck1/z.png"},
    )


@pytest.mark.parametrize(
    "code",
    [
        'import x from"react"',
        'import("https://elsewhere.example/x.js")',
        'import("//elsewhere.example/x.js")',
        'const text = "import nothing from here";',
        'import("./${name}.js")',
        'import("/../../../etc/passwd%00.js")',
    ],
)
def test_what_is_no_file_of_the_component_is_no_reference(code: str) -> None:
    assert references.in_script(code, BASE).uses == {}


@pytest.mark.parametrize(
    ("specifier", "path"),
    [
        ("./x.js", "/assets/ck1/x.js"),
        ("../x.js", "/assets/x.js"),
        ("/x.js?v=1#top", "/x.js"),
        ("https://cdn.platform.openai.com/assets/x.js", "/assets/x.js"),
        ("https://elsewhere.example/x.js", None),
        ("../../../../x.js", "/x.js"),
        ("./with space.js", None),
    ],
)
def test_a_specifier_leads_to_a_path_on_the_same_host_or_nowhere(specifier: str, path: str | None) -> None:
    assert references.resolve(specifier, BASE) == path


def test_styles_name_their_images_and_imports_but_not_data_or_other_hosts() -> None:
    css = '@import "x.css"; a{b:url(y.png)} c{d:url(data:image/png;base64,AA)} e{f:url(https://o.example/z)}'
    assert references.in_style(css, "/assets/ck1/index.css").others == {
        "/assets/ck1/x.css",
        "/assets/ck1/y.png",
    }


def test_a_document_names_scripts_and_styles_apart_from_icons() -> None:
    html = (
        '<script src="a.js"></script><script>inline()</script><link rel=modulepreload href=/b.js>'
        '<link rel="stylesheet" href="c.css"><link rel="icon" href="d.ico">'
    )
    found = references.in_document(html, "/deployments/chatkit/index-x.html")
    assert (found.scripts, found.styles, found.others) == (
        ("/deployments/chatkit/a.js", "/b.js"),
        ("/deployments/chatkit/c.css",),
        ("/deployments/chatkit/d.ico",),
    )
