"""Where the bundled catalog lies: the one function that knows.

In a checkout the files are ``data/catalog/`` at the root of the repository; in an installed wheel they lie beside this module.
"""

from __future__ import annotations

from pathlib import Path


def bundled_folder() -> Path:
    """Folder of the catalog that comes with the product.

    Returns
    -------
    Path
        The folder inside an installed package where there is one, else the one of the checkout.
    """
    installed = Path(__file__).parent / "bundled"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "data" / "catalog"
