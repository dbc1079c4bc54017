"""Serve named files out of installed Python packages, so that nothing third-party is copied into the project."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage


class PackageFileFinder(BaseFinder):
    """Find what `settings.STATIC_PACKAGE_FILES` names: {static path: (package, path inside it)}.

    Raises FileNotFoundError when a package does not ship its file, so that a wrong upgrade fails at once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.paths: dict[str, Path] = {}
        for static_path, (package, inside) in settings.STATIC_PACKAGE_FILES.items():
            path = Path(str(files(package))) / inside
            if not path.is_file():
                raise FileNotFoundError(f"{package} does not ship {inside}")
            self.paths[static_path] = path

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing to check: __init__ already did."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file behind a static path; a list when `find_all`, as Django asks."""
        found = [str(self.paths[path])] if path in self.paths else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield each named file with a storage of its own, as `collectstatic` expects."""
        for static_path, path in self.paths.items():
            yield static_path, _OneFile(static_path, path)


class _OneFile(FileSystemStorage):
    """A storage that knows one file under one name."""

    def __init__(self, static_path: str, path: Path) -> None:
        super().__init__(location=str(path.parent))
        self.static_path, self.file_path = static_path, path
        self.prefix = ""

    def path(self, name: str) -> str:
        """Return where the file is, whatever name it is asked for under."""
        return str(self.file_path)
