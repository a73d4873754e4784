"""Write the OpenAPI document that :mod:`tests.api.test_every_route` compares with."""

from __future__ import annotations

import json
from pathlib import Path

from api.app import create_app
from api.settings import Settings

if __name__ == "__main__":
    document = create_app(Settings(home=Path("unused"))).openapi()
    Path(__file__).with_name("openapi.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
