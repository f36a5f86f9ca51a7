"""The header of SQLite's WAL-index, read where it lies in memory: it changes with every commit.

In WAL mode the processes that use a database share an index of the log in memory, the `-shm` file. Its header has a
counter of transactions, the length of the log and checksums (https://sqlite.org/walformat.html, 2.1), and a commit is
nothing but the writing of a new header. `PRAGMA data_version` compares it too, but takes a file lock and lets other threads
run to do so, which costs a busy process thirty microseconds; reading it takes a third of one.

The address comes from SQLite's own interface between its core and the operating system
(https://sqlite.org/c3ref/io_methods.html), in the very library that Python's `sqlite3` uses: two copies of SQLite in a
process would break each other's file locks, and so would opening and closing the file beside it.
"""

from __future__ import annotations

import _sqlite3
import ctypes
from ctypes import POINTER, byref, c_char, c_char_p, c_int, c_void_p

HEADER_BYTES = 48
REGION_BYTES = 32_768  # of the index are mapped at a time
OPEN_READONLY, FILE_POINTER, SECOND_VERSION = 1, 7, 2


class Methods(ctypes.Structure):
    """`sqlite3_io_methods` as far as `xShmMap`."""

    _fields_ = (
        ("version", c_int),
        ("others", c_void_p * 12),
        ("map_shared", ctypes.PYFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int, POINTER(c_void_p))),
    )


class File(ctypes.Structure):
    """`sqlite3_file`."""

    _fields_ = (("methods", POINTER(Methods)),)


class WalIndex:
    """The header of a database's WAL-index. A connection of its own keeps it in its place."""

    def __init__(self, path: str) -> None:
        """Raises `OSError` or `AttributeError` where there is none or it cannot be reached."""
        self._handle = c_void_p()
        self._library = ctypes.PyDLL(
            _sqlite3.__file__
        )  # finds the symbols of the library that it is linked to
        self._library.sqlite3_close.argtypes = [c_void_p]
        self._library.sqlite3_open_v2.argtypes = [c_char_p, POINTER(c_void_p), c_int, c_char_p]
        self._library.sqlite3_exec.argtypes = [c_void_p, c_char_p, c_void_p, c_void_p, c_void_p]
        self._library.sqlite3_file_control.argtypes = [c_void_p, c_char_p, c_int, c_void_p]
        file, address = POINTER(File)(), c_void_p()
        self._expect(self._library.sqlite3_open_v2(path.encode(), byref(self._handle), OPEN_READONLY, None))
        self._expect(
            self._library.sqlite3_exec(self._handle, b"SELECT count(*) FROM sqlite_schema", None, None, None)
        )
        self._expect(self._library.sqlite3_file_control(self._handle, b"main", FILE_POINTER, byref(file)))
        methods = file.contents.methods.contents
        if methods.version < SECOND_VERSION or not methods.map_shared:
            raise OSError("SQLite has no shared memory here")
        self._expect(methods.map_shared(file, 0, REGION_BYTES, 0, byref(address)))
        if not address.value:
            raise OSError("the database is not in WAL mode")
        self._header = (c_char * HEADER_BYTES).from_address(address.value)

    def read(self) -> bytes:
        """The header as it is now."""
        return self._header.raw

    def close(self) -> None:
        """Give up the connection; nothing may be read any more."""
        self._header = (c_char * HEADER_BYTES)()
        self._library.sqlite3_close(self._handle)

    def _expect(self, code: int) -> None:
        if code:
            self.close()
            raise OSError(f"SQLite's error {code}")
