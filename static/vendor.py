"""Copy the compiled NHS.UK frontend out of an unpacked npm package, made fit to be served from our own address.

    npm pack nhsuk-frontend@10.6.1 && tar xzf nhsuk-frontend-10.6.1.tgz
    python static/vendor.py package

The folder is named by the version that the package states. Afterwards change the folder's name in `templates/base.html`
and `static/app.js`, delete the old folder, and run the tests.
"""

import json
import re
import sys
from pathlib import Path

FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
ABSOLUTE_IMAGE = re.compile(r"url\(/assets/images/([\w.-]+)\)")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S*")
OUTSIDE = re.compile(r"""url\(\s*["']?(?:https?:)?//[^)]*\)""")

README = """# NHS.UK frontend {version}

| | |
|---|---|
| Source | npm package `nhsuk-frontend` {version}, folder `dist/nhsuk` (github.com/nhsuk/nhsuk-frontend) |
| Licence | MIT, below. The package has no licence file: the notice is that of its repository |
| Made by | `python static/vendor.py <unpacked npm package>`; nothing here is edited by hand |

Changed from the package:

- The {fonts} `@font-face` rules that load Frutiger from an NHS server are removed, and the family is Arial. Frutiger is
  licensed to the NHS for its own services, and no page of ours sends a request to another server.
- {urls} image addresses that began with `/assets/` are relative, so that they work under any `STATIC_URL`.
- Only the images that the style sheet names are kept. The favicons and share images carry the NHS logo, which the
  licence does not cover, and are left out.
- References to source maps are removed.

## The MIT Licence

{licence}
"""

LICENCE = """\
Copyright (c) 2019 NHS.UK

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


def vendor(package: Path, static: Path) -> Path:
    """Write `static/nhsuk-<version>/` from the package and return it. An outside address that is left is an error."""
    version = json.loads((package / "package.json").read_text())["version"]
    source, target = package / "dist/nhsuk", static / f"nhsuk-{version}"
    css, fonts = FONT_FACE.subn("", (source / "nhsuk-frontend.min.css").read_text())
    images = set(ABSOLUTE_IMAGE.findall(css))
    css, urls = ABSOLUTE_IMAGE.subn(r"url(images/\1)", css)
    css = SOURCE_MAP.sub("", re.sub(r"Frutiger W01,\s*arial", "Arial", css, flags=re.IGNORECASE))
    if left := OUTSIDE.findall(css):
        raise ValueError(f"addresses of other servers are left: {left}")
    script = SOURCE_MAP.sub("", (source / "nhsuk-frontend.min.js").read_text())

    (target / "images").mkdir(parents=True, exist_ok=True)
    (target / "nhsuk-frontend.min.css").write_text(css.strip() + "\n")
    (target / "nhsuk-frontend.min.js").write_text(script.strip() + "\n")
    for name in sorted(images):
        (target / "images" / name).write_bytes((source / "assets/images" / name).read_bytes())
    (target / "README.md").write_text(README.format(version=version, fonts=fonts, urls=urls, licence=LICENCE))
    return target


if __name__ == "__main__":
    print(vendor(Path(sys.argv[1]), Path(__file__).resolve().parent))
